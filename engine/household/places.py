"""All places of a batch of households, each with its worth and room."""

import numpy as np

from engine.enums import UNKNOWN, AccountKind, GoalKind, code
from engine.facts import Facts, Floats
from engine.features.balance_sheet import cash, interest_rate, largest, owed
from engine.features.cash_flow import Flow
from engine.features.emergency import target_months
from engine.household.goals import first_goal, goal_pieces
from engine.household.pieces import Pieces, Place, joined, pieces
from engine.household.sheltered import (
    TaxView,
    after_gains_tax,
    hsa_pieces,
    match_pieces,
    retirement_pieces,
    tax_view,
)
from engine.household.worth import CASH, SHOCK_CHANCE, SHOCK_COST
from engine.taxes import federal, share_left

USUAL_MONTHS = 3.0


def places(facts: Facts, flow: Flow) -> Pieces:
    """Every place of every household, the worthiest first."""
    view, matched = tax_view(facts), match_pieces(facts)
    return joined(
        [
            matched,
            debt_pieces(facts, view),
            *emergency_pieces(facts, flow, view),
            hsa_pieces(facts, view),
            *retirement_pieces(facts, view, matched),
            goal_pieces(facts),
            taxable_pieces(facts, view),
        ]
    )


def debt_pieces(facts: Facts, view: TaxView) -> Pieces:
    """Each debt beyond its least payment, by its rate after tax."""
    rows = np.flatnonzero(owed(facts) > 0)
    user = facts.accounts.user[rows]
    goal = first_goal(facts, GoalKind.DEBT_PAYOFF)[user]
    worth = after_tax_rate(facts, view)[rows]
    return pieces(user=user, place=Place.DEBT, worth=worth, stock=owed(facts)[rows], account=rows, goal=goal)


def after_tax_rate(facts: Facts, view: TaxView) -> Floats:
    """Rate of each debt (row); student loan interest is deductible, a mortgage's only for the few who itemise."""
    deductible = share_left(federal().student_loan_phase_out, view.status, view.gross) * view.rate
    student = facts.accounts.kind == code(AccountKind.STUDENT_LOAN)
    return np.where(student, 1.0 - deductible[facts.accounts.user], 1.0) * np.maximum(interest_rate(facts), 0.0)


def emergency_pieces(facts: Facts, flow: Flow, view: TaxView) -> list[Pieces]:
    """Months of spending in cash, step by step: the chance of needing them times what lacking them costs."""
    months, held = target_months(facts, flow), cash(facts)
    account = largest(facts, (AccountKind.SAVINGS,))
    yields = cash_rate(facts) * (1.0 - view.rate)
    goal = first_goal(facts, GoalKind.EMERGENCY_FUND)
    users = np.arange(len(facts))
    return [
        pieces(
            user=users,
            place=Place.EMERGENCY,
            worth=yields + SHOCK_COST * chance * months / USUAL_MONTHS,
            stock=_missing_between(held, flow.spending, start, np.minimum(end, months)),
            account=account,
            goal=goal,
        )
        for start, end, chance in SHOCK_CHANCE
    ]


def cash_rate(facts: Facts) -> Floats:
    """What the household's savings account pays, else what one usually pays."""
    account = largest(facts, (AccountKind.SAVINGS,))
    own = facts.accounts.interest_rate[account] if len(facts.accounts.user) else np.full(len(facts), np.nan)
    return np.where((account == UNKNOWN) | np.isnan(own), CASH, np.maximum(own, 0.0))


def taxable_pieces(facts: Facts, view: TaxView) -> Pieces:
    """An ordinary investment account: never full."""
    account = largest(facts, (AccountKind.TAXABLE,))
    return pieces(user=np.arange(len(facts)), place=Place.TAXABLE, worth=after_gains_tax(view), account=account)


def _missing_between(held: Floats, spending: Floats, start: float, end: Floats) -> Floats:
    """What is not yet held between two marks, each in months of spending."""
    return np.maximum(end * spending - np.maximum(held, start * spending), 0.0)
