"""Biases that the lots of a portfolio show: what is left and when it was bought, since sales are not stored.

Only lots whose symbol has prices of the weeks around are counted. That losers are kept and winners sold cannot be told
from lots alone: whether few are in gain because they were sold, nobody sees.
"""

from dataclasses import dataclass

import numpy as np

from engine.behavior.biases import DAYS_A_YEAR, Bias, beyond_chance, bias
from engine.behavior.series import MONTHS_A_YEAR, total
from engine.facts import Facts, Floats, Positions

RUN_UP_WEEKS = 13
LEAST_CHASED, SURE_OF_CHASING = 30, 2.0
"""Lots, and standard errors by which their run-ups lie above the middle: fewer lots would hardly show the habit."""
LEAST_TRADED, SURE_OF_TRADING = 20, 3.3
"""Lots, and standard errors by which more of them are fresh than a patient household has."""
HELD_YEARS = 4.0
"""Mean age of a lot of a patient household, an assumption."""
LEAST_TURNOVER = 0.35
"""Of the portfolio, bought within a year beyond what was paid in."""
COST_OF_TRADING = 0.005
"""Of what is turned over: spread and market impact both ways, an assumption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """Lots with prices, one row each."""

    user: Positions
    fund: Positions
    week: Positions
    age_years: Floats
    quantity: Floats
    paid: Floats
    worth: Floats


def lots(facts: Facts) -> Lots:
    """Those bought in weeks that prices are known of."""
    held, prices = facts.holdings, facts.prices
    position = {symbol: row for row, symbol in enumerate(prices.symbol)}
    fund = np.array([position.get(symbol, -1) for symbol in held.symbol], dtype=np.int64)
    week = np.searchsorted(prices.weeks, held.acquired, side="right") - 1
    known = (fund >= 0) & (week >= 0)
    known[known] &= np.isfinite(prices.close[fund[known], week[known]])
    age = (np.datetime64(facts.today) - held.acquired[known]).astype("timedelta64[D]").astype(np.int64) / DAYS_A_YEAR
    return Lots(
        user=held.user[known],
        fund=fund[known],
        week=week[known],
        age_years=age,
        quantity=held.quantity[known],
        paid=held.cost_basis[known],
        worth=held.market_value[known],
    )


def herding(facts: Facts, held: Lots) -> Bias:
    """Bought after rises: the run-ups before purchases rank high among all quarters of the fund.

    The price of it is what was paid above the mean of the half year around.
    """
    rank = _ranks(_run_ups(facts.prices.close))[held.fund, held.week] if len(held.fund) else np.empty(0)
    told = np.isfinite(rank)
    user = held.user[told]
    count = np.bincount(user, minlength=len(facts))
    mean = facts.total(user, rank[told]) / np.maximum(count, 1)
    sure = (mean - 0.5) * np.sqrt(12.0 * count)
    average = _centred_mean(facts.prices.close)[held.fund, held.week] if len(held.fund) else np.empty(0)
    dear = np.nan_to_num(held.paid - held.quantity * average)
    cost = facts.total(held.user, dear) / _years(facts, held)
    return bias(
        count >= LEAST_CHASED,
        sure >= SURE_OF_CHASING,
        2.0 * (mean - 0.5),
        cost,
        rank=mean,
        dear=np.maximum(cost, 0.0),
        lots=count.astype(np.float64),
    )


def overtrading(facts: Facts, held: Lots) -> Bias:
    """A third of the portfolio and more was bought within the year, beyond what was paid in, and far more lots are that
    young than a patient household has."""
    fresh = held.age_years <= 1.0
    bought = facts.total(held.user[fresh], held.paid[fresh])
    lots, young = (np.bincount(user, minlength=len(facts)) for user in (held.user, held.user[fresh]))
    paid_in = np.maximum(-total(facts.cash_flows, ("investment",))[:, -MONTHS_A_YEAR:].sum(axis=1), 0.0)
    worth = facts.total(held.user, held.worth)
    turnover = np.maximum(bought - paid_in, 0.0) / np.maximum(worth, 1.0)
    chance = np.full(len(facts), 1.0 - np.exp(-1.0 / HELD_YEARS))
    _, sure = beyond_chance(young.astype(np.float64), lots.astype(np.float64), chance)
    return bias(
        (lots >= LEAST_TRADED) & (facts.cash_flows.observed >= MONTHS_A_YEAR),
        (turnover >= LEAST_TURNOVER) & (sure >= SURE_OF_TRADING),
        turnover,
        COST_OF_TRADING * turnover * worth,
        turnover=turnover,
        young=young.astype(np.float64),
        lots=lots.astype(np.float64),
    )


def _run_ups(close: Floats) -> Floats:
    """Growth over the quarter before each week, NaN in the first."""
    grown = np.full(close.shape, np.nan)
    grown[:, RUN_UP_WEEKS:] = close[:, RUN_UP_WEEKS:] / close[:, :-RUN_UP_WEEKS] - 1.0
    return grown


def _ranks(values: Floats) -> Floats:
    """Place of each value among those of its row, 0 to 1."""
    order = np.argsort(np.argsort(np.where(np.isfinite(values), values, np.inf), axis=1), axis=1)
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


def _years(facts: Facts, held: Lots) -> Floats:
    """Since the oldest lot that is counted, one at least."""
    oldest = np.zeros(len(facts))
    np.maximum.at(oldest, held.user, held.age_years)
    return np.maximum(oldest, 1.0)
