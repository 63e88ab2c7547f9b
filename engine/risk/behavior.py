"""What people did with risk, where it is in the data: what they bought after rises and falls, and when they sold."""

import numpy as np

from engine.facts import Facts, Flags, Floats, Positions
from engine.features.known import or_zero
from engine.market import AssetClass
from engine.transactions import CATEGORY_NAMES

RUN_UP_WEEKS = 13
"""A quarter."""
FALL = -0.05
"""Over a quarter, from which a market is told to have fallen."""
RECENT_DAYS = 365
INVESTMENT = CATEGORY_NAMES.index("investment")


def bought_after_rises(facts: Facts) -> Floats:
    """How much more than usual lots had risen in the quarter before they were bought: mean by what they cost."""
    run_up = _run_up(facts)
    known = np.isfinite(run_up)
    usual = np.where(known, run_up, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return _mean_of_lots(facts, run_up - usual[:, None])


def bought_after_falls(facts: Facts) -> Floats:
    """Share of what lots cost that was bought when its price had fallen over the quarter before."""
    run_up = _run_up(facts)
    return _mean_of_lots(facts, np.where(np.isnan(run_up), np.nan, run_up <= FALL))


def sold_after_falls(facts: Facts) -> Floats:
    """Net share of the money moved to or from investments that was taken out in months after stocks had fallen.

    From -1 (bought then) to 1 (sold then); NaN where stocks have not fallen or nothing was moved.
    """
    moved = facts.cash_flows.amount[:, :, INVESTMENT]
    fell = _stocks_fell(facts)
    gross = np.abs(moved).sum(axis=1)
    net = (moved * fell).sum(axis=1)
    return np.where((gross > 0) & fell.any(), net / np.where(gross > 0, gross, 1.0), np.nan)


def recent_lots(facts: Facts) -> Floats:
    """Share of lots bought within a year: who trades often holds few old ones."""
    holdings = facts.holdings
    days = (np.datetime64(facts.today) - holdings.acquired).astype("timedelta64[D]").astype(np.int64)
    return _share_of_lots(facts, days < RECENT_DAYS)


def held_at_a_loss(facts: Facts) -> Floats:
    """Share of lots that are worth less than they cost: who shuns losses has sold the others."""
    holdings = facts.holdings
    return _share_of_lots(facts, or_zero(holdings.market_value) < or_zero(holdings.cost_basis))


def _share_of_lots(facts: Facts, chosen: Flags) -> Floats:
    lots = facts.total(facts.holdings.user, np.ones(len(facts.holdings.user)))
    return _share(facts.total(facts.holdings.user, chosen.astype(np.float64)), lots)


def _run_up(facts: Facts) -> Floats:
    """Symbols x weeks: growth of the price over the quarter before."""
    close = facts.prices.close
    if close.shape[1] <= RUN_UP_WEEKS:
        return np.full(close.shape, np.nan)
    before = np.concatenate([np.full((len(close), RUN_UP_WEEKS), np.nan), close[:, :-RUN_UP_WEEKS]], axis=1)
    return np.asarray(close / before - 1.0, dtype=np.float64)


def _mean_of_lots(facts: Facts, by_week: Floats) -> Floats:
    """Mean of a figure by symbol and week over lots at the week of their purchase, by cost; NaN where none is known."""
    holdings = facts.holdings
    if not by_week.size or not len(holdings.user):
        return np.full(len(facts), np.nan)
    value = by_week[_symbols(facts), _weeks(facts)]
    known = _within(facts) & ~np.isnan(value)
    cost = np.where(known, np.maximum(or_zero(holdings.cost_basis), 0.0), 0.0)
    return _share(facts.total(holdings.user, cost * np.where(known, value, 0.0)), facts.total(holdings.user, cost))


def _symbols(facts: Facts) -> Positions:
    position = {name: row for row, name in enumerate(facts.prices.symbol)}
    return np.array([position.get(name, 0) for name in facts.holdings.symbol], dtype=np.int64)


def _weeks(facts: Facts) -> Positions:
    found = np.searchsorted(facts.prices.weeks, facts.holdings.acquired, side="right") - 1
    return np.maximum(found, 0)


def _within(facts: Facts) -> Flags:
    """Lots whose fund has prices that begin before their purchase."""
    priced = np.isin(facts.holdings.symbol.astype(str), facts.prices.symbol.astype(str))
    return np.asarray(priced & (facts.holdings.acquired >= facts.prices.weeks[0]), dtype=np.bool_)


def _stocks_fell(facts: Facts) -> Flags:
    """By month of the cash flows: whether the fund of US stocks had fallen over the quarter before its end."""
    stocks = np.flatnonzero((facts.prices.asset_class == str(AssetClass.US_EQUITY)) & (facts.prices.rank == 1))
    months = facts.cash_flows.months
    if not len(stocks) or not len(months) or not len(facts.prices.weeks):
        return np.zeros(len(months), dtype=np.bool_)
    run_up = _run_up(facts)[stocks[0]]
    ends = (months.astype("datetime64[M]") + 1).astype("datetime64[D]")
    week = np.searchsorted(facts.prices.weeks, ends, side="right") - 1
    return np.asarray((week >= 0) & (run_up[np.maximum(week, 0)] <= FALL), dtype=np.bool_)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
