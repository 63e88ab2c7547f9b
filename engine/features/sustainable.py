"""What a household can put aside every month without an overdraft, and how steady its income is."""

import numpy as np

from engine.enums import AccountKind
from engine.facts import Facts, Flags, Floats
from engine.features.balance_sheet import balance, cash, has_accounts
from engine.features.cash_flow import Flow

KEPT_MONTHS = 0.9
UNSEEN_SHARE = 0.8
"""Of what is said to be left over, where no transaction shows how it varies: months differ, and people understate."""


def sustainable_amount(facts: Facts, flow: Flow) -> Floats:
    """The same amount every month that the last 24 months would have carried in nine months of ten."""
    usual = np.maximum(flow.income - flow.spending - flow.debt_payments, 0.0)
    carried = np.where(flow.seen.any(axis=1), _carried(surplus_series(flow), flow, opening_balance(facts, flow)), 0.0)
    return np.where(flow.observed, np.clip(carried, 0.0, usual), UNSEEN_SHARE * usual)


def share_of_months_carried(facts: Facts, flow: Flow, amount: Floats) -> Floats:
    """Share of the months seen at whose end the account was not empty after putting the amount aside every month."""
    left = opening_balance(facts, flow)[:, None] + _summed(surplus_series(flow) - amount[:, None], flow)
    carried = ((left >= 0) & flow.seen).sum(axis=1) / np.maximum(flow.seen.sum(axis=1), 1)
    return np.where(flow.observed, carried, KEPT_MONTHS)


def surplus_series(flow: Flow) -> Floats:
    """What each month left: users x months; where pay or spending is not among the transactions, its usual amount."""
    income = np.where(_absent(flow.income_series), flow.income[:, None], flow.income_series)
    spending = np.where(_absent(flow.spending_series), flow.spending[:, None], flow.spending_series)
    return income - spending - flow.debt_payments[:, None]


def opening_balance(facts: Facts, flow: Flow) -> Floats:
    """What checking holds beside savings, a month's spending at the most: the cushion of the replay."""
    held = np.where(has_accounts(facts), balance(facts, (AccountKind.CHECKING,)), cash(facts))  # an overdraft counts
    return np.minimum(held, flow.spending)


def variation(flow: Flow) -> Floats:
    """Standard deviation of monthly income over its mean in the months seen, NaN where fewer than three are."""
    count = np.maximum(flow.seen.sum(axis=1), 1)
    mean = (flow.income_series * flow.seen).sum(axis=1) / count
    spread = np.sqrt((((flow.income_series - mean[:, None]) * flow.seen) ** 2).sum(axis=1) / count)
    known = flow.observed & (mean > 0)
    return np.where(known, spread / np.where(known, mean, 1.0), np.nan)


def _carried(surplus: Floats, flow: Flow, opening: Floats) -> Floats:
    """The amount at which the running balance is empty in one month of ten: a quantile of balance over months."""
    passed = np.maximum(np.cumsum(flow.seen, axis=1), 1)
    bearable = np.where(flow.seen, (opening[:, None] + _summed(surplus, flow)) / passed, np.inf)
    missed = np.floor((1.0 - KEPT_MONTHS) * flow.seen.sum(axis=1) + 1e-9).astype(np.int64)
    return np.asarray(np.take_along_axis(np.sort(bearable, axis=1), missed[:, None], axis=1)[:, 0], dtype=np.float64)


def _summed(series: Floats, flow: Flow) -> Floats:
    return np.cumsum(series * flow.seen, axis=1)


def _absent(series: Floats) -> Flags:
    return np.asarray(np.all(series <= 0, axis=1, keepdims=True), dtype=np.bool_)
