"""Cash beyond the emergency fund, and the places that are worth more: used once, before the monthly plan."""

import numpy as np

from engine.enums import AccountKind, GoalKind, code
from engine.facts import Facts, Floats
from engine.features.balance_sheet import balance, cash, has_accounts
from engine.features.cash_flow import Flow, shortfall
from engine.features.income import earns
from engine.features.known import or_zero
from engine.household.pieces import Pieces, Place, before

CHECKING_MONTHS = 1.0
"""Of spending that stay at hand besides the emergency fund."""
GAP_MONTHS = 24.0
"""For so long cash has to cover what months lack before any of it is spare."""
LEAST_GAIN = 0.015
"""A year, by which a place must be worth more than cash pays."""
LEAST_LUMP = 100.0
"""Less is not worth an order of its own."""


def spare_cash(facts: Facts, flow: Flow, months: Floats) -> Floats:
    """Cash beyond emergency fund, a month's spending, two years' gap and what is set aside for goals."""
    needed = (months + CHECKING_MONTHS) * flow.spending + GAP_MONTHS * shortfall(flow) + _set_aside(facts)
    return np.where(has_accounts(facts), np.floor(np.maximum(cash(facts) - needed, 0.0)), 0.0)


def moved_at_once(facts: Facts, found: Pieces, spare: Floats, cash_rate: Floats) -> Floats:
    """What spare cash does, place by place: it pays off debts, the dearest first; who earns invests the rest."""
    invests = found.at(Place.TAXABLE) & earns(facts)[found.user]
    better = (found.at(Place.DEBT) | invests) & (found.worth > cash_rate[found.user] + LEAST_GAIN)
    room = np.where(better, np.minimum(found.stock, spare[found.user]), 0.0)
    lump = np.clip(spare[found.user] - before(found, room), 0.0, room)
    return np.where((lump < LEAST_LUMP) & (lump < found.stock), 0.0, np.round(lump, 2))


def _set_aside(facts: Facts) -> Floats:
    """Saved for goals in cash: what investment accounts do not already hold; retirement is not kept in cash."""
    elsewhere = (GoalKind.EMERGENCY_FUND, GoalKind.DEBT_PAYOFF, GoalKind.RETIREMENT)
    rows = ~np.isin(facts.goals.kind, [code(kind) for kind in elsewhere])
    saved = facts.total(facts.goals.user[rows], or_zero(facts.goals.saved_amount[rows]))
    return np.maximum(saved - balance(facts, (AccountKind.TAXABLE,)), 0.0)
