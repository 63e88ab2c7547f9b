"""All places of a batch of households, each with its worth and room."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN, AccountKind, GoalKind, code
from engine.facts import Facts, Floats
from engine.features.balance_sheet import interest_rate, largest, owed
from engine.features.cash_flow import Flow
from engine.household.aims import Aims, first_goal
from engine.household.goals import Claim, claim, demand, goal_pieces
from engine.household.law import Law
from engine.household.pieces import Pieces, Place, joined, pieces
from engine.household.sheltered import hsa_pieces, match_pieces, retirement_pieces
from engine.household.worth import CASH, GAINS_DRAG, INVESTED, SHOCK_CHANCE, emergency_worth

STEPS = np.array(SHOCK_CHANCE).T[:, :, None]
"""From, to, chance: each a column over the steps of the fund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """One value a user: the months of spending that the emergency fund should hold, what it holds, and earns."""

    months: Floats
    held: Floats
    rate: Floats


def places(facts: Facts, flow: Flow, rules: Law, fund: Fund, aimed: Aims, paid: Sequence[Pieces]) -> Pieces:
    """Every place of every household, the worthiest first; `paid` are debts and taxable accounts."""
    asked = demand(facts, aimed, fund.months * flow.spending)
    matched, health = match_pieces(facts, rules), hsa_pieces(facts, rules)
    wanted = beyond_match(claim(facts, asked), facts, matched)
    retirement = retirement_pieces(facts, rules, (matched, health), wanted)
    unclaimed = asked.monthly.copy()
    has_goal = np.flatnonzero(wanted.goal != UNKNOWN)
    unclaimed[wanted.goal[has_goal]] = (wanted.monthly - facts.total(retirement[0].user, retirement[0].limit))[has_goal]
    return joined(
        [
            matched,
            emergency_pieces(facts, flow, fund),
            health,
            *retirement,
            goal_pieces(facts, aimed, asked, unclaimed),
            *paid,
        ]
    )


def debt_pieces(facts: Facts, rules: Law) -> Pieces:
    """Each debt beyond its least payment, by its rate after tax."""
    rows = np.flatnonzero(owed(facts) > 0)
    user = facts.accounts.user[rows]
    goal = first_goal(facts, GoalKind.DEBT_PAYOFF)[user]
    worth = after_tax_rate(facts, rules)[rows]
    return pieces(user=user, place=Place.DEBT, worth=worth, stock=owed(facts)[rows], account=rows, goal=goal)


def after_tax_rate(facts: Facts, rules: Law) -> Floats:
    """Rate of each debt (row); student loan interest is deductible, a mortgage's only for the few who itemise."""
    relief = (rules.student_loan_deduction * rules.rate)[facts.accounts.user]
    student = facts.accounts.kind == code(AccountKind.STUDENT_LOAN)
    return np.asarray((1.0 - student * relief) * np.maximum(interest_rate(facts), 0.0), dtype=np.float64)


def emergency_pieces(facts: Facts, flow: Flow, fund: Fund) -> Pieces:
    """Months of spending in cash, step by step: the chance of needing them times what lacking them costs."""
    start, end, chance = STEPS
    users, account, goal = (
        np.tile(column, len(SHOCK_CHANCE))
        for column in (
            np.arange(len(facts)),
            largest(facts, (AccountKind.SAVINGS,)),
            first_goal(facts, GoalKind.EMERGENCY_FUND),
        )
    )
    return pieces(
        user=users,
        place=Place.EMERGENCY,
        worth=emergency_worth(fund.rate, chance, fund.months).ravel(),
        stock=_missing_between(fund.held, flow.spending, start, np.minimum(end, fund.months)).ravel(),
        account=account,
        goal=goal,
    )


def cash_rate(facts: Facts, rules: Law) -> Floats:
    """What the household's savings account pays after tax, else what one usually pays."""
    account = largest(facts, (AccountKind.SAVINGS,))
    own = np.append(facts.accounts.interest_rate, np.nan)[account]  # the last is what `UNKNOWN` points to
    return np.where(np.isnan(own), CASH, np.maximum(own, 0.0)) * (1.0 - rules.rate)


def taxable_pieces(facts: Facts, rules: Law) -> Pieces:
    """An ordinary investment account: never full."""
    account = largest(facts, (AccountKind.TAXABLE,))
    return pieces(user=np.arange(len(facts)), place=Place.TAXABLE, worth=invested_rate(rules), account=account)


def invested_rate(rules: Law) -> Floats:
    """What an unsheltered portfolio is worth after tax."""
    return INVESTED * (1.0 - GAINS_DRAG * rules.gains_rate)


def beyond_match(wanted: Claim, facts: Facts, matched: Pieces) -> Claim:
    """What a match brings, with what it asks for, serves the retirement goal already."""
    rate = facts.accounts.employer_match_rate[matched.account]
    brought = facts.total(matched.user, matched.limit * (1.0 + rate))
    return replace(wanted, monthly=np.maximum(wanted.monthly - brought, 0.0))


def _missing_between(held: Floats, spending: Floats, start: Floats, end: Floats) -> Floats:
    """What is not yet held between two marks, each in months of spending."""
    return np.maximum(end * spending - np.maximum(held, start * spending), 0.0)
