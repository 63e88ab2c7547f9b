"""What goals ask of the plan: the seam at which a goal solver's marginal values replace this rule."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN, AccountKind, GoalKind, Priority, code
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.balance_sheet import largest
from engine.features.known import or_zero
from engine.household.pieces import Pieces, Place, pieces
from engine.household.worth import CASH, GOAL_WORTH, LEAST_GOAL_SHARE

LEAST_MONTHS = 1.0
MONTHS_FOR_A_PAST_DATE = 12.0
MONTHS_TO_INVEST = 60.0
"""From here a goal's money belongs in an investment account rather than in savings."""
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row a goal, in the order of the facts: what it still lacks, a month, and what a unit is worth a year."""

    missing: Floats
    monthly: Floats
    worth: Floats


def demand(facts: Facts, emergency_target: Floats) -> Demand:
    """Even monthly payments that reach each goal in time at the rate of cash, worth more for urgent and distant goals.

    An emergency fund counts beyond what the household should hold anyway, and there it is worth little; what pays off
    debts is in the plan by itself.
    """
    goals = facts.goals
    target = or_zero(goals.target_amount)
    start = or_zero(goals.saved_amount)
    start = np.where(_is(facts, GoalKind.EMERGENCY_FUND), np.maximum(start, emergency_target[goals.user]), start)
    missing = np.where(_is(facts, GoalKind.DEBT_PAYOFF), 0.0, np.maximum(target - start, 0.0))
    by_priority = np.array([*(GOAL_WORTH[level] for level in Priority), GOAL_WORTH[Priority.MEDIUM]])
    share = LEAST_GOAL_SHARE + (1.0 - LEAST_GOAL_SHARE) * missing / np.maximum(target, 1.0)
    monthly = np.where(missing > 0, _payment(target, start, months_left(facts)), 0.0)
    level = np.where(_is(facts, GoalKind.EMERGENCY_FUND), code(Priority.LOW), goals.priority)
    return Demand(missing=missing, monthly=monthly, worth=CASH + by_priority[level] * share)


def goal_pieces(facts: Facts, asked: Demand, unclaimed: Floats) -> Pieces:
    """Goals that ask for money, of equal worth the earlier first; `unclaimed` is what the plan serves nowhere else."""
    rows = np.flatnonzero(unclaimed > 0)
    rows = rows[np.argsort(facts.goals.target_date[rows], kind="stable")]
    return pieces(
        user=facts.goals.user[rows],
        place=Place.GOAL,
        worth=asked.worth[rows],
        limit=unclaimed[rows],
        stock=asked.missing[rows],
        account=_account(facts)[rows],
        goal=rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the first retirement goal asks of sheltered places: their first units are worth that much more."""

    goal: Positions
    monthly: Floats
    bonus: Floats

    def split(self, parts: list[Pieces]) -> list[Pieces]:
        """Each part (a row a user at most) in a claimed and a free one, the earlier parts claimed first."""
        left, made = self.monthly.copy(), []
        for part in parts:
            taken = np.minimum(part.limit, left[part.user])
            left[part.user] -= taken
            claimed = replace(part, worth=part.worth + self.bonus[part.user], limit=taken, goal=self.goal[part.user])
            free = replace(part, limit=part.limit - taken)
            made += [each.take(each.limit > 0) for each in (claimed, free)]
        return made

    def served(self, parts: list[Pieces], users: int) -> Floats:
        """What the parts, once split, hold for the goal of each user."""
        total = np.zeros(users)
        for part in parts:
            np.add.at(total, part.user, np.where(part.goal != UNKNOWN, part.limit, 0.0))
        return total


def claim(facts: Facts, asked: Demand) -> Claim:
    """The first retirement goal of each user, where one asks for money."""
    goal = first_goal(facts, GoalKind.RETIREMENT)
    row, there = np.where(goal == UNKNOWN, 0, goal), goal != UNKNOWN
    if not len(facts.goals.user):
        return Claim(goal=goal, monthly=np.zeros(len(facts)), bonus=np.zeros(len(facts)))
    return Claim(goal=goal, monthly=there * asked.monthly[row], bonus=there * (asked.worth[row] - CASH))


def months_left(facts: Facts) -> Floats:
    """Months until each goal's date; a year where it has passed."""
    days = (facts.goals.target_date - np.datetime64(facts.today)).astype("timedelta64[D]").astype(np.float64)
    return np.where(days < 0, MONTHS_FOR_A_PAST_DATE, np.maximum(days / DAYS_A_MONTH, LEAST_MONTHS))


def first_goal(facts: Facts, kind: GoalKind) -> Positions:
    """Row of each user's first goal of the kind, `UNKNOWN` where there is none."""
    rows = np.flatnonzero(_is(facts, kind))[::-1]
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    found[facts.goals.user[rows]] = rows
    return found


def _payment(target: Floats, start: Floats, months: Floats) -> Floats:
    """Each month's payment that, with what is saved, grows to the target at the rate of cash."""
    growth = (1.0 + CASH) ** (months / 12.0)
    month = (1.0 + CASH) ** (1.0 / 12.0) - 1.0
    payment = np.maximum(target - start * growth, 0.0) * month / np.maximum(growth - 1.0, month)
    return np.asarray(payment, dtype=np.float64)


def _account(facts: Facts) -> Positions:
    """Savings for goals that are near, an investment account for the others; each where it exists."""
    near, far = largest(facts, (AccountKind.SAVINGS,)), largest(facts, (AccountKind.TAXABLE,))
    user = facts.goals.user
    first = np.where(months_left(facts) < MONTHS_TO_INVEST, near[user], far[user])
    return np.where(first == UNKNOWN, np.maximum(near[user], far[user]), first)


def _is(facts: Facts, kind: GoalKind) -> Flags:
    return np.asarray(facts.goals.kind == code(kind), dtype=np.bool_)
