"""Biases that the lots of a portfolio show. Sales are not stored: what is left and when it was bought must tell.

Only lots whose symbol has prices of the weeks around are counted.
"""

from dataclasses import dataclass

import numpy as np

from engine.behavior.biases import DAYS_A_YEAR, Bias, bias
from engine.behavior.series import MONTHS_A_YEAR, total
from engine.facts import Facts, Floats, Positions

LEAST_LOTS = 8
SURE = 2.33
"""Standard errors: one household in a hundred without the habit shows as much."""
RUN_UP_WEEKS = 13
LEAST_RANK = 0.6
"""Mean place of the run-ups before purchases among all run-ups of the fund; 0.5 is chance."""
LEAST_LOSERS = 0.15
"""Share of lots at a loss, beyond chance."""
HELD_YEARS = 4.0
"""Mean age of a lot, by which weeks are weighted when chance is asked how many lots are at a loss."""
LEAST_TURNOVER = 0.35
"""Of the portfolio, bought within a year beyond what was paid in."""
COST_OF_TRADING = 0.005
"""Of what is turned over: spread and market impact both ways, an assumption."""
TAX_ON_GAINS = 0.15
"""US federal rate on long-term gains of most households: what a loss that is taken saves, while there are gains."""


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
    """Bought after rises, and dear: run-ups before purchases rank high among all of the fund's, and prices were above
    the mean of the half year around."""
    rank = _ranks(_run_ups(facts.prices.close))[held.fund, held.week] if len(held.fund) else np.empty(0)
    told = np.isfinite(rank)
    user = held.user[told]
    count = np.bincount(user, minlength=len(facts))
    mean = facts.total(user, rank[told]) / np.maximum(count, 1)
    sure = (mean - 0.5) * np.sqrt(12.0 * count)
    average = _centred_mean(facts.prices.close)[held.fund, held.week] if len(held.fund) else np.empty(0)
    dear = np.nan_to_num(held.paid - held.quantity * average)
    cost = facts.total(held.user, dear) / _years(facts, held)
    present = (count >= LEAST_LOTS) & (sure >= SURE) & (mean >= LEAST_RANK) & (cost > 0)
    return bias(present, 2.0 * (mean - 0.5), cost, rank=mean, lots=count.astype(np.float64))


def loss_aversion(facts: Facts, held: Lots) -> Bias:
    """Losers are kept (disposition effect): more lots at a loss than purchases at random would have left."""
    below = held.worth < held.paid
    chance = _chance_of_loss(facts)[held.fund] if len(held.fund) else np.empty(0)
    count = np.bincount(held.user, minlength=len(facts))
    losers, expected = facts.total(held.user, below.astype(np.float64)), facts.total(held.user, chance)
    error = np.sqrt(np.maximum(facts.total(held.user, chance * (1.0 - chance)), 1e-9))
    sure = (losers - expected) / error
    excess = (losers - expected) / np.maximum(count, 1)
    cost = TAX_ON_GAINS * facts.total(held.user, np.where(below, held.paid - held.worth, 0.0))
    present = (count >= LEAST_LOTS) & (sure >= SURE) & (excess >= LEAST_LOSERS)
    return bias(present, excess, cost, losers=losers, lots=count.astype(np.float64), expected=expected)


def overtrading(facts: Facts, held: Lots) -> Bias:
    """A third of the portfolio and more was bought within the year, beyond what was paid in."""
    fresh = held.age_years <= 1.0
    bought = facts.total(held.user[fresh], held.paid[fresh])
    count = np.bincount(held.user[fresh], minlength=len(facts))
    paid_in = np.maximum(-total(facts.cash_flows, ("investment",))[:, -MONTHS_A_YEAR:].sum(axis=1), 0.0)
    worth = facts.total(held.user, held.worth)
    turnover = np.maximum(bought - paid_in, 0.0) / np.maximum(worth, 1.0)
    seen = facts.cash_flows.observed >= MONTHS_A_YEAR
    present = seen & (count >= LEAST_LOTS) & (turnover >= LEAST_TURNOVER)
    return bias(present, turnover, COST_OF_TRADING * turnover * worth, turnover=turnover, lots=count.astype(np.float64))


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


def _chance_of_loss(facts: Facts) -> Floats:
    """By fund: that a lot bought in some week, recent ones likelier, is at a loss now."""
    close = facts.prices.close
    back = np.arange(close.shape[1])[::-1] / 52.0
    weight = np.exp(-back / HELD_YEARS) * np.isfinite(close)
    last = np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else np.nan for row in close])
    losing = np.where(np.isfinite(close), close > last[:, None], False)
    return np.asarray((weight * losing).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9))


def _years(facts: Facts, held: Lots) -> Floats:
    """Since the oldest lot that is counted, one at least."""
    oldest = np.zeros(len(facts))
    np.maximum.at(oldest, held.user, held.age_years)
    return np.maximum(oldest, 1.0)
