"""Herding: what has risen is bought, whether it is held still or sold since."""

import numpy as np

from engine.behavior.biases import Bias, bias
from engine.behavior.lots import Lots, price_week, starts
from engine.facts import Facts, Floats, Positions
from engine.units import DAYS_A_YEAR

RUN_UP_WEEKS = 13
LEAST_CHASED, SURE_OF_CHASING = 50, 2.33
"""Lots bought in weeks that prices are known of, and standard errors by which their run-ups lie above the middle.

With fewer there are markets in which most who have the habit are missed; one household in a hundred without it shows
as much."""


def herding(facts: Facts, held: Lots) -> Bias:
    """Bought after rises: the run-ups before purchases rank high among all quarters of the fund.

    The price of it is what was paid above the mean of the half year around.
    """
    close = facts.prices.close
    rank = _at_purchase(facts, held, _ranks(_run_ups(close)))
    user, beyond = held.user[np.isfinite(rank)], rank[np.isfinite(rank)] - 0.5
    count = facts.count(user)
    sum_ = facts.total(user, beyond)
    # What is bought on one day may be one decision: the days' own spread counts where it is the larger.
    error = np.sqrt(np.maximum(count / 12.0, _spread(facts, user, held.acquired[np.isfinite(rank)], beyond)))
    mean = 0.5 + sum_ / np.maximum(count, 1.0)
    dear = np.nan_to_num(held.cost - held.quantity * _at_purchase(facts, held, _centred_mean(close)))
    cost = facts.total(held.user, dear) / _years(facts, held, rank)
    return bias(
        count >= LEAST_CHASED,
        sum_ >= SURE_OF_CHASING * np.maximum(error, 1e-9),
        2.0 * (mean - 0.5),
        cost,
        rank=mean,
        dear=np.maximum(cost, 0.0),
        lots=count,
    )


def _at_purchase(facts: Facts, held: Lots, levels: Floats) -> Floats:
    """Of the fund in the week in which each lot was bought, NaN before the first price."""
    if not len(held):
        return np.empty(0)
    week = price_week(facts.prices, held.acquired)
    return np.where(week >= 0, levels[held.fund, week], np.nan)


def _spread(facts: Facts, user: Positions, day: Positions, beyond: Floats) -> Floats:
    """Sum of squares of the sums of days."""
    order = np.lexsort((day, user))
    new = starts(user[order], day[order])
    sums = np.bincount(np.cumsum(new) - 1, beyond[order], int(new.sum())).astype(np.float64)
    return facts.total(user[order][new], sums**2)


def _run_ups(close: Floats) -> Floats:
    """Growth over the quarter before each week, NaN in the first."""
    grown = np.full(close.shape, np.nan)
    grown[:, RUN_UP_WEEKS:] = close[:, RUN_UP_WEEKS:] / close[:, :-RUN_UP_WEEKS] - 1.0
    return grown


def _ranks(values: Floats) -> Floats:
    """Place of each value among those of its row, 0 to 1."""
    rising = np.argsort(np.where(np.isfinite(values), values, np.inf), axis=1, kind="stable")
    order = np.argsort(rising, axis=1)
    count = np.maximum(np.isfinite(values).sum(axis=1, keepdims=True), 1)
    return np.where(np.isfinite(values), (order + 0.5) / count, np.nan)


def _centred_mean(close: Floats) -> Floats:
    """Mean of the quarter before and the quarter after each week."""
    padded = np.pad(np.nan_to_num(close), ((0, 0), (RUN_UP_WEEKS, RUN_UP_WEEKS)))
    there = np.pad(np.isfinite(close).astype(np.float64), ((0, 0), (RUN_UP_WEEKS, RUN_UP_WEEKS)))
    window = np.ones(2 * RUN_UP_WEEKS + 1)
    sums = np.array([np.convolve(row, window, "valid") for row in padded]).reshape(close.shape)
    counts = np.array([np.convolve(row, window, "valid") for row in there]).reshape(close.shape)
    return np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)


def _years(facts: Facts, held: Lots, rank: Floats) -> Floats:
    """Since the oldest lot that is counted, one at least."""
    oldest = np.full(len(facts), held.today)
    np.minimum.at(oldest, held.user[np.isfinite(rank)], held.acquired[np.isfinite(rank)])
    return np.maximum((held.today - oldest) / DAYS_A_YEAR, 1.0)
