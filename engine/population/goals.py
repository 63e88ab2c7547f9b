"""What households save for: some goals are reached, most are under way, some cannot be met as they stand."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.enums import GoalKind, GoalStatus, LifeEvent, code
from engine.facts import Codes, Dates, Flags, Floats, Objects, Positions
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.goal_terms import KINDS, chances, targets, years_to
from engine.population.ledger import Ledger
from engine.population.past import Past
from engine.population.people import People
from engine.population.streams import stream
from engine.units import DAYS_A_YEAR

NAMES = {
    GoalKind.EMERGENCY_FUND: "Emergency fund",
    GoalKind.RETIREMENT: "Retirement",
    GoalKind.HOME_PURCHASE: "Own home",
    GoalKind.EDUCATION: "Education",
    GoalKind.DEBT_PAYOFF: "Out of debt",
    GoalKind.MAJOR_PURCHASE: "New car",
    GoalKind.TRAVEL: "Journey",
    GoalKind.OTHER: "Family celebration",
}
FROM_SAVINGS = tuple(
    KINDS.index(kind) for kind in KINDS if kind not in {GoalKind.RETIREMENT, GoalKind.EDUCATION, GoalKind.DEBT_PAYOFF}
)
TOO_MUCH, TOO_SOON, OVERDUE, CUT_TO_REACHED, GIVEN_UP = 0.10, 0.08, 0.02, 0.06, 0.04
LEAST_TARGET = 200.0
PRIORITIES = {
    GoalKind.EMERGENCY_FUND: (0.35, 0.85, 0.97),
    GoalKind.RETIREMENT: (0.15, 0.70, 0.95),
    GoalKind.HOME_PURCHASE: (0.05, 0.50, 0.90),
    GoalKind.EDUCATION: (0.05, 0.50, 0.90),
    GoalKind.DEBT_PAYOFF: (0.30, 0.85, 0.97),
    GoalKind.MAJOR_PURCHASE: (0.00, 0.15, 0.65),
    GoalKind.TRAVEL: (0.00, 0.05, 0.40),
    GoalKind.OTHER: (0.00, 0.15, 0.60),
}
"""Cumulative chances of CRITICAL, HIGH, MEDIUM; the rest is LOW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """One row a goal; codes are of `engine.enums`."""

    user: Positions
    kind: Codes
    name: Objects
    target_amount: Floats
    target_date: Dates
    saved_amount: Floats
    monthly_contribution: Floats
    priority: Codes
    status: Codes


def draw_goals(
    people: People,
    sheet: BalanceSheet,
    ledger: Ledger,
    past: Past,
    upcoming: dict[LifeEvent, Floats],
    today: date,
    seed: int,
) -> Goals:
    """Matrices of households x kinds first, then the rows of those that exist."""
    random = stream(seed, "goals")
    shape = (len(people), len(KINDS))
    has = random.random(shape) < chances(people, sheet, upcoming)
    target = np.maximum(targets(random, people, sheet, ledger), LEAST_TARGET)
    years = years_to(random, people, past)
    saved, monthly = _funding(random, has, sheet, ledger)
    luck = random.random((4, *shape))
    target *= np.where(luck[0] < TOO_MUCH, random.uniform(2.0, 5.0, shape), 1.0)
    years = np.where(luck[1] < TOO_SOON, years / 5.0, np.where(luck[1] > 1.0 - OVERDUE, -0.3 * luck[2], years))
    target = np.where((luck[2] < CUT_TO_REACHED) & (saved > LEAST_TARGET), 0.9 * saved, target)
    target = _rounded(target)
    reached = saved >= target
    gone = ~reached & (luck[3] < GIVEN_UP)
    status = np.where(reached, code(GoalStatus.ACHIEVED), np.where(gone, code(GoalStatus.ABANDONED), 0))
    user, kind = np.nonzero(has)
    cell = (user, kind)
    return Goals(
        user=user,
        kind=kind.astype(np.int8),
        name=np.array([NAMES[goal] for goal in KINDS], dtype=object)[kind],
        target_amount=target[cell],
        target_date=np.datetime64(today) + np.round(years[cell] * DAYS_A_YEAR).astype("timedelta64[D]"),
        saved_amount=saved[cell].round(2),
        monthly_contribution=np.where(reached | gone, 0.0, monthly)[cell].round(2),
        priority=_priorities(random, kind),
        status=status[cell].astype(np.int8),
    )


def _funding(random: np.random.Generator, has: Flags, sheet: BalanceSheet, ledger: Ledger) -> tuple[Floats, Floats]:
    """What is saved lies in the accounts, and what is put aside is what the ledger shows: no dollar counts twice."""
    plan = ledger.plan
    weight = np.where(has, random.uniform(0.2, 1.0, has.shape), 0.0)
    weight[:, KINDS.index(GoalKind.EMERGENCY_FUND)] *= 2.0
    part = np.zeros(has.shape)
    liquid = weight[:, FROM_SAVINGS]
    part[:, FROM_SAVINGS] = liquid / np.maximum(liquid.sum(axis=1, keepdims=True), 1e-9)
    used = random.uniform(0.4, 1.0, len(has))
    saved = part * (sheet.balance[:, Slot.SAVINGS] * used)[:, None]
    monthly = part * plan.to_savings[:, None]
    retirement, education, debt = (
        KINDS.index(kind) for kind in (GoalKind.RETIREMENT, GoalKind.EDUCATION, GoalKind.DEBT_PAYOFF)
    )
    for_education = np.where(has[:, education], random.uniform(0.1, 0.5, len(has)), 0.0)
    saved[:, retirement] = sheet.total(Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN)
    monthly[:, retirement] = plan.to_plan + plan.to_investment * (1.0 - for_education)
    saved[:, education] = sheet.balance[:, Slot.BROKERAGE] * for_education
    monthly[:, education] = plan.to_investment * for_education
    monthly[:, debt] = plan.card + plan.loan + plan.student_loan
    return saved, monthly


def _rounded(target: Floats) -> Floats:
    """People set round targets: two digits."""
    step = 10.0 ** (np.floor(np.log10(target)) - 1.0)
    return np.asarray(np.round(target / step) * step, dtype=np.float64)


def _priorities(random: np.random.Generator, kind: Positions) -> Codes:
    ends = np.array([PRIORITIES[goal] for goal in KINDS])[kind]
    luck = random.random((len(kind), 1))
    return np.asarray((luck >= ends).sum(axis=1), dtype=np.int8)
