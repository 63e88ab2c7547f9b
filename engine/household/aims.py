"""Goals as the tables of simulated markets see them: how their money is invested, for how long, and what counts."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN, GoalKind, RiskLevel, code
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.balance_sheet import cash, still_owed
from engine.features.known import or_zero
from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.returns import GLIDES
from engine.household.pieces import HALF_A_CENT
from engine.units import DAYS_A_MONTH

ENOUGH = 0.80
"""The probability with which the plan wants each goal reached; what a goal could have beyond it, others have first."""
MONTHS_FOR_A_PAST_DATE = 12
MONTHS_TO_INVEST = 60.0
"""From here a goal's money belongs in an investment account, and what the household says of risk counts."""
SHORT_MONTHS = 0.05
"""Of a month, by which so many calendar months may be shorter than so many mean ones: 365 days are twelve months."""
IN_SAVINGS = (GoalKind.EMERGENCY_FUND, GoalKind.DEBT_PAYOFF)
CAREFUL = (RiskLevel.CONSERVATIVE, RiskLevel.MODERATELY_CONSERVATIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is asked of the future, the same for a whole batch: a return beside the usual, and later dates."""

    return_shift: float = 0.0
    delay_months: int = 0


USUAL = Scenario()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """One row a goal, in the order of the facts."""

    goals: Goals
    """By the date that is planned for; with the contribution of today."""
    past: Flags
    """Whether the date has passed; then a year is planned for."""
    required: Floats
    """What `least` says of the goals."""
    at_once: Floats
    """What the plan pays toward the goal from cash, beside its months; it counts as saved."""

    def once_paid(self, goal: Positions, lump: Floats) -> "Aims":
        """With lumps for goals (rows), as that of a debt which a goal wants paid off."""
        rows = np.flatnonzero((goal != UNKNOWN) & (lump > 0))
        if not len(rows):
            return self
        paid: Floats = np.bincount(goal[rows], weights=lump[rows], minlength=len(self.past)).astype(np.float64)
        goals = replace(self.goals, saved=self.goals.saved + paid)
        return replace(self, goals=goals, required=least(goals), at_once=self.at_once + paid)


def aims(facts: Facts, emergency_target: Floats, taken: Floats, scenario: Scenario = USUAL) -> Aims:
    """All goals of a batch; an emergency fund counts the cash that the household holds for emergencies.

    A debt goal is done when no debt is left: its target is never more than what is paid and what is still owed.
    `taken` is what the plan takes out of that cash at once.
    """
    rows = facts.goals
    reserve = np.minimum(cash(facts) - taken, emergency_target)[rows.user]
    saved, target = np.maximum(or_zero(rows.saved_amount), 0.0), np.maximum(or_zero(rows.target_amount), 0.0)
    kept = np.maximum(np.maximum(saved - taken[rows.user], 0.0), reserve)
    saved = np.where(is_kind(facts, GoalKind.EMERGENCY_FUND), kept, saved)
    whole = np.where(is_kind(facts, GoalKind.DEBT_PAYOFF), saved + still_owed(facts)[rows.user], np.inf)
    left = months_left(facts, scenario)
    goals = Goals.of(
        glide=glides(facts),
        months=np.where(left < 1, MONTHS_FOR_A_PAST_DATE, left),
        saved=saved,
        target=np.minimum(target, whole),
        contribution=np.maximum(or_zero(rows.monthly_contribution), 0.0),
        growth=np.zeros(len(target)),
        return_shift=np.full(len(target), scenario.return_shift),
    )
    return Aims(
        goals=goals, past=np.asarray(left < 1, dtype=np.bool_), required=least(goals), at_once=np.zeros(len(target))
    )


def reached(goals: Goals) -> Flags:
    """Whether what is saved is the target: such a goal can be closed today and asks for nothing more."""
    return np.asarray(goals.saved >= goals.target - HALF_A_CENT, dtype=np.bool_)


def least(goals: Goals) -> Floats:
    """The least contribution, in whole cents, that reaches the target with the probability `ENOUGH`."""
    return np.where(reached(goals), 0.0, np.ceil(100.0 * required_contribution(goals, ENOUGH) - 1e-6) / 100.0)


def glides(facts: Facts) -> Positions:
    """Reserves in savings; retirement and purchases the more careful the nearer their date.

    Distant money of a household that states little tolerance stays at the careful mix that it asked for.
    """
    position = {name: index for index, name in enumerate(GLIDES)}
    dated = np.full(len(facts.goals.user), position["PURCHASE_DATE"])
    dated[is_kind(facts, GoalKind.RETIREMENT)] = position["RETIREMENT_DATE"]
    stated = facts.profile.stated_risk_tolerance[facts.goals.user]
    for level in CAREFUL:
        asked = np.flatnonzero(stated == code(level))
        if len(asked):
            dated[asked[months_left(facts)[asked] > MONTHS_TO_INVEST]] = position[level]
    for kind in IN_SAVINGS:
        dated[is_kind(facts, kind)] = position["SAVINGS"]
    return dated


def months_left(facts: Facts, scenario: Scenario = USUAL) -> Positions:
    """Whole months until each goal's date, at least one; 0 where it has passed."""
    days = (facts.goals.target_date - np.datetime64(facts.today)).astype("timedelta64[D]").astype(np.float64)
    months = np.where(np.isnan(days), 0.0, days / DAYS_A_MONTH + scenario.delay_months)
    return np.where(months < 0, 0, np.maximum(np.floor(months + SHORT_MONTHS), 1)).astype(np.int64)


def is_kind(facts: Facts, kind: GoalKind) -> Flags:
    """Goals (rows) of the kind."""
    return np.asarray(facts.goals.kind == code(kind), dtype=np.bool_)


def first_goal(facts: Facts, kind: GoalKind) -> Positions:
    """Row of each user's first goal of the kind, `UNKNOWN` where there is none."""
    rows = np.flatnonzero(is_kind(facts, kind))[::-1]
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    found[facts.goals.user[rows]] = rows
    return found
