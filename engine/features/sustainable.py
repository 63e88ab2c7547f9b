"""What a household can put aside every month without an overdraft, and what its next year is expected to leave."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Flags, Floats
from engine.features.balance_sheet import CASH, balance, cash, has_accounts
from engine.features.cash_flow import Flow

KEPT_MONTHS = 0.9
UNSEEN_SHARE = 0.8
"""Of what is said to be left over, where no transaction shows how it varies: months differ, and people understate."""
USUAL_SPREAD = 0.08
"""Of income: how far households' lasting surplus lies from none (Consumer Expenditure Survey: the middle fifth of US
households spends about what it earns). The more a household's months differ, the more its own record is drawn there."""
QUARTER = 3
QUARTERS_A_YEAR = 4.0
ENOUGH = 0.9
"""Of the amount: a year that leaves so much has kept it."""
OPENING_MONTHS = 3.0
CUSHION = 1.25
"""Of the money that goes out between two transfers: what a transfer has to leave in checking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the months of next year leave on average, and the standard deviation of that."""

    mean: Floats
    spread: Floats


def sustainable_amount(facts: Facts, flow: Flow) -> Floats:
    """The same amount every month that the last 24 months would have carried in nine months of ten.

    Never more than a mean month of the last year left, nor than next year is expected to.
    """
    usual = np.maximum(flow.income - flow.spending - flow.debt_payments, 0.0)
    carried = np.where(flow.observed, _carried(facts, flow), 0.0)
    most = np.minimum(usual, np.maximum(outlook(flow).mean, 0.0))
    return np.where(flow.observed, np.clip(carried, 0.0, most), UNSEEN_SHARE * usual)


def outlook(flow: Flow) -> Outlook:
    """The mean quarter seen, drawn toward no surplus as far as quarters differ (normal, with the variance as seen)."""
    quarters, seen = _quarters(flow)
    count = np.maximum(seen.sum(axis=1), 1)
    mean = (quarters * seen).sum(axis=1) / count
    variance = (((quarters - mean[:, None]) * seen) ** 2).sum(axis=1) / np.maximum(count - 1, 1)
    lasting = np.maximum(USUAL_SPREAD * flow.income, 1e-9) ** 2
    known = lasting / (lasting + variance / count)
    return Outlook(mean=known * mean, spread=np.sqrt(known * variance / count + variance / QUARTERS_A_YEAR))


def _quarters(flow: Flow) -> tuple[Floats, Flags]:
    """Mean month of each quarter, the last ending with the last month, and whether all of it was seen.

    Quarters, because pay and bills that fall into a neighbouring month are no sign of an uneven surplus.
    """
    whole = flow.seen.shape[1] // QUARTER * QUARTER
    start = flow.seen.shape[1] - whole
    months = surplus_series(flow)[:, start:].reshape(len(flow.income), whole // QUARTER, QUARTER)
    seen = flow.seen[:, start:].reshape(months.shape)
    return months.mean(axis=2), np.asarray(seen.all(axis=2), dtype=np.bool_)


def surplus_series(flow: Flow) -> Floats:
    """What each month left: users x months; where pay or spending is not among the transactions, its usual amount."""
    income = np.where(_absent(flow.income_series), flow.income[:, None], flow.income_series)
    spending = np.where(_absent(flow.spending_series), flow.spending[:, None], flow.spending_series)
    return income - spending - flow.debt_payments[:, None]


def opening_balance(facts: Facts, flow: Flow) -> Floats:
    """Cash, three months' spending at the most: what the replay begins with to carry lean months."""
    held = np.where(has_accounts(facts), balance(facts, CASH), cash(facts))  # an overdraft counts
    return np.minimum(held, OPENING_MONTHS * flow.spending)


def variation(flow: Flow) -> Floats:
    """Standard deviation of monthly income over its mean in the months seen, NaN where fewer than three are."""
    count = np.maximum(flow.seen.sum(axis=1), 1)
    mean = (flow.income_series * flow.seen).sum(axis=1) / count
    spread = np.sqrt((((flow.income_series - mean[:, None]) * flow.seen) ** 2).sum(axis=1) / count)
    known = flow.observed & (mean > 0)
    return np.where(known, spread / np.where(known, mean, 1.0), np.nan)


def _carried(facts: Facts, flow: Flow) -> Floats:
    """The amount at which the running balance is empty in one month of ten: a quantile of balance over months."""
    if not flow.seen.shape[1]:
        return np.zeros(len(facts))
    passed = np.maximum(np.cumsum(flow.seen, axis=1), 1)
    balances = opening_balance(facts, flow)[:, None] + _summed(surplus_series(flow), flow)
    bearable = np.where(flow.seen, balances / passed, np.inf)
    missed = np.floor((1.0 - KEPT_MONTHS) * flow.seen.sum(axis=1) + 1e-9).astype(np.int64)
    return np.asarray(np.take_along_axis(np.sort(bearable, axis=1), missed[:, None], axis=1)[:, 0], dtype=np.float64)


def _summed(series: Floats, flow: Flow) -> Floats:
    return np.cumsum(series * flow.seen, axis=1)


def _absent(series: Floats) -> Flags:
    return np.asarray(np.all(series <= 0, axis=1, keepdims=True), dtype=np.bool_)
