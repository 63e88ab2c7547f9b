"""What was put aside in some months out of what came in, and the share of income that it was."""

from dataclasses import replace

import numpy as np

from engine.facts import CashFlows, Flags, Floats
from engine.transactions import INCOME, SPENDING

YEAR = 12
LARGEST_SHARE = 1.0
"""Of last year's income; more follows a year with hardly any."""


def window(flows: CashFlows, start: int, stop: int = 0) -> CashFlows:
    """The months from `start` months before the end to `stop` months before it."""
    end = len(flows.months) - stop
    chosen = slice(max(len(flows.months) - start, 0), max(end, 0))
    observed = np.clip(flows.observed - stop, 0, len(flows.months[chosen]))
    return replace(flows, months=flows.months[chosen], amount=flows.amount[:, chosen], observed=observed)


def share_kept(after: CashFlows, income: Floats) -> Floats:
    """The target: what was put aside over the following year, as a share of the income known before it.

    NaN where the year was not seen to its end or nothing came in before.
    """
    year = window(after, YEAR)
    known = (year.observed == YEAR) & (income > 0)
    share = put_aside(year) / np.where(known, income, 1.0)
    return np.where(known, np.minimum(share, LARGEST_SHARE), np.nan)


def put_aside(flows: CashFlows) -> Floats:
    """Money a month seen: into savings and investments less what came back, and debt paid beyond instalments.

    At most what income left after spending and instalments: what outside money or old cash paid for does not last.
    """
    beyond = extra_payments(flows)
    instalments = outflow(flows, ("debt_payment",)).sum(axis=1) - beyond
    left = total(flows, INCOME) + total(flows, SPENDING) - instalments
    moved = contributions(flows).sum(axis=1) + beyond
    return np.asarray(np.maximum(np.minimum(moved, left), 0.0) / np.maximum(flows.observed, 1), dtype=np.float64)


def contributions(flows: CashFlows) -> Floats:
    """Into savings and investments, negative where more came back: users x months."""
    return -series(flows, ("savings_transfer", "investment"))


def extra_payments(flows: CashFlows) -> Floats:
    """Debt paid beyond the usual instalment: the (lower) median of the months in which any was paid."""
    paid = outflow(flows, ("debt_payment",))
    if not paid.shape[1]:
        return np.zeros(len(paid))
    paying = (paid > 0).sum(axis=1)
    ordered = np.sort(np.where(paid > 0, paid, np.inf), axis=1)
    usual = np.take_along_axis(ordered, np.maximum((paying - 1) // 2, 0)[:, None], axis=1)
    beyond = np.where(paid > usual, paid - np.where(np.isfinite(usual), usual, 0.0), 0.0)
    return np.asarray(beyond.sum(axis=1), dtype=np.float64)


def total(flows: CashFlows, categories: tuple[str, ...]) -> Floats:
    """Signed sum over the months seen."""
    return np.asarray(series(flows, categories).sum(axis=1), dtype=np.float64)


def outflow(flows: CashFlows, categories: tuple[str, ...]) -> Floats:
    """What went out, 0 in months in which more came back: users x months."""
    return np.maximum(-series(flows, categories), 0.0)


def series(flows: CashFlows, categories: tuple[str, ...]) -> Floats:
    """Signed sums of the categories, 0 in months not seen: users x months."""
    chosen = np.isin(flows.categories, categories).astype(np.float64)
    return np.where(seen(flows), flows.amount @ chosen, 0.0)


def seen(flows: CashFlows) -> Flags:
    """Months since a user's first transaction: users x months."""
    back = np.arange(len(flows.months), 0, -1)
    return np.asarray(back[None, :] <= flows.observed[:, None], dtype=np.bool_)
