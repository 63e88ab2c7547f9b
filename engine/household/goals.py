"""What goals ask of the plan: the least that makes each likely enough, and what that is worth to the household."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN, AccountKind, GoalKind, Priority, code
from engine.facts import Facts, Floats, Positions
from engine.features.balance_sheet import largest
from engine.household.aims import MONTHS_TO_INVEST, Aims, first_goal, is_kind, least
from engine.household.pieces import Pieces, Place, before, between, pieces, together
from engine.household.worth import CASH, LEAST_TRANSFER, goal_worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row a goal, in the order of the facts: what it still lacks, a month, and what a unit is worth a year."""

    missing: Floats
    monthly: Floats
    worth: Floats


def demand(facts: Facts, aimed: Aims, emergency_target: Floats) -> Demand:
    """Contributions that make each goal likely enough, worth more for urgent and distant goals.

    An emergency fund counts beyond what the household should hold anyway, and there it is worth little; what pays off
    debts is in the plan by itself.
    """
    goals, reserve = facts.goals, is_kind(facts, GoalKind.EMERGENCY_FUND)
    asked = replace(
        aimed.goals,
        saved=np.where(reserve, np.maximum(aimed.goals.saved, emergency_target[goals.user]), aimed.goals.saved),
    )
    missing = np.where(is_kind(facts, GoalKind.DEBT_PAYOFF), 0.0, np.maximum(asked.target - asked.saved, 0.0))
    needed = least(asked)
    monthly = np.where((missing > 0) & (needed > 0), np.maximum(needed, LEAST_TRANSFER), 0.0)
    level = np.where(reserve, code(Priority.LOW), goals.priority)
    worth = goal_worth(level, missing / np.maximum(asked.target, 1.0))
    return Demand(missing=np.where(missing > 0, np.maximum(missing, monthly), 0.0), monthly=monthly, worth=worth)


def goal_pieces(facts: Facts, aimed: Aims, asked: Demand, unclaimed: Floats) -> Pieces:
    """Goals that ask for money, of equal worth the earlier first; `unclaimed` is what the plan serves nowhere else."""
    rows = np.flatnonzero(unclaimed > 0)
    rows = rows[np.argsort(facts.goals.target_date[rows], kind="stable")]
    return pieces(
        user=facts.goals.user[rows],
        place=Place.GOAL,
        worth=asked.worth[rows],
        limit=unclaimed[rows],
        stock=asked.missing[rows],
        account=_account(facts, aimed.goals.months)[rows],
        goal=rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the first retirement goal asks of sheltered places: their first units are worth that much more."""

    goal: Positions
    monthly: Floats
    bonus: Floats

    def split(self, parts: list[Pieces]) -> tuple[Pieces, Pieces]:
        """What is claimed of the parts (a row a user and step), the earlier parts first, and what stays free."""
        given = together(parts)
        whole = given.take(np.argsort(given.user, kind="stable"))
        taken = between(self.monthly[whole.user] - before(whole, whole.limit), 0.0, whole.limit)
        claimed = replace(whole, worth=whole.worth + self.bonus[whole.user], limit=taken, goal=self.goal[whole.user])
        free = replace(whole, limit=whole.limit - taken)
        return claimed.take(claimed.limit > 0), free.take(free.limit > 0)


def claim(facts: Facts, asked: Demand) -> Claim:
    """The first retirement goal of each user, where one asks for money."""
    goal = first_goal(facts, GoalKind.RETIREMENT)
    row, there = np.where(goal == UNKNOWN, 0, goal), goal != UNKNOWN
    if not len(facts.goals.user):
        return Claim(goal=goal, monthly=np.zeros(len(facts)), bonus=np.zeros(len(facts)))
    return Claim(goal=goal, monthly=there * asked.monthly[row], bonus=there * (asked.worth[row] - CASH))


def _account(facts: Facts, months: Positions) -> Positions:
    """Savings for goals that are near, an investment account for the others; each where it exists."""
    near, far = largest(facts, (AccountKind.SAVINGS,)), largest(facts, (AccountKind.TAXABLE,))
    user = facts.goals.user
    first = np.where(months < MONTHS_TO_INVEST, near[user], far[user])
    return np.where(first == UNKNOWN, np.maximum(near[user], far[user]), first)
