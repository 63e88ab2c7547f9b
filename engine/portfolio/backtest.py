"""Walk-forward: each policy lives through the past in a taxable account, quarter by quarter, after costs and tax.

Each quarter a policy sees only the weeks before. All start with the same money; lots, gains, losses carried forward and
costs are kept for each. Ours trades by its own program (band, lots by tax); the others trade to their weights, first
in, first out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.errors import InsufficientData
from engine.facts import Floats, Positions, Prices
from engine.market import CLASS_OF, assumptions
from engine.portfolio.account import Account
from engine.portfolio.estimate import FUND_RISK, Symbol
from engine.portfolio.rivals import POLICIES, WEEKS_A_YEAR, ours

LOOK_BACK_WEEKS = 156
QUARTER_WEEKS = 13
LEAST_WEEKS = LOOK_BACK_WEEKS + 4 * QUARTER_WEEKS
START = 100_000.0
DRAWS, BLOCK_WEEKS, SEED = 2_000, 26, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one policy; rates are a year, after costs and tax."""

    sharpe: float
    sharpe_low: float
    sharpe_high: float
    """The middle 90 % of a bootstrap over blocks of half a year."""
    growth: float
    volatility: float
    drawdown: float
    turnover: float
    tax: float
    """Paid on the way, of the money started with."""
    wealth: float
    """Of each unit, once everything is sold and taxed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What the policies came to over the same weeks."""

    first: str
    last: str
    symbols: tuple[str, ...]
    outcomes: Mapping[str, Outcome]


def backtest(prices: Prices, since: date | None = None) -> Backtest:
    """One fund an asset class, the weeks that all have; raises where there are too few.

    Funds too young to be looked back on by `since` are left out, so that the others may start earlier.
    """
    every = np.where(np.isfinite(prices.total_return), prices.total_return, prices.close)
    rows = _funds(prices, since)
    levels = every[rows]
    shared = np.flatnonzero(np.isfinite(levels).all(axis=0))
    if len(rows) < 2 or len(shared) < LEAST_WEEKS:
        left = "" if since is None else f" Of those that begin three years before {since} there are {len(rows)}."
        raise InsufficientData(
            f"A back-test needs {LEAST_WEEKS} weeks of prices that two or more classes' funds share.{left}",
            required=LEAST_WEEKS,
            available=len(shared) if len(rows) > 1 else 0,
        )
    kinds = np.array([CLASS_OF[prices.asset_class[row]] for row in rows], dtype=np.int64)
    levels = levels[:, shared].T
    safe = _safe(every[prices.asset_class == "CASH"][:, shared[LOOK_BACK_WEEKS:]])
    return Backtest(
        first=str(prices.weeks[shared[LOOK_BACK_WEEKS]]),
        last=str(prices.weeks[shared[-1]]),
        symbols=tuple(str(prices.symbol[row]) for row in rows),
        outcomes={name: _lived(name, levels, kinds, safe) for name in POLICIES},
    )


def _funds(prices: Prices, since: date | None) -> Positions:
    """Of every class the fund with the longest history, where that is long enough."""
    known = np.isfinite(prices.close)
    weeks, chosen = known.sum(axis=1), dict[str, int]()
    latest = np.datetime64(since or date.max) - np.timedelta64(LOOK_BACK_WEEKS, "W")
    for row in np.argsort(-weeks, kind="stable"):
        if prices.asset_class[row] not in CLASS_OF or not weeks[row] or prices.weeks[np.argmax(known[row])] > latest:
            continue
        chosen.setdefault(str(prices.asset_class[row]), int(row))
    return np.array(sorted(chosen.values(), key=lambda row: CLASS_OF[str(prices.asset_class[row])]), dtype=np.int64)


def _lived(name: str, levels: Floats, kinds: Positions, safe: Floats) -> Outcome:
    account, value = Account(cash=START), []
    log = np.diff(np.log(levels), axis=0)
    for week in range(LOOK_BACK_WEEKS, len(levels)):
        since = week - LOOK_BACK_WEEKS
        if since % QUARTER_WEEKS == 0 and (since == 0 or name != "buy_and_hold"):
            past = log[week - LOOK_BACK_WEEKS : week]
            weights = POLICIES[name](past, kinds)
            if POLICIES[name] is ours and since:
                account.follow(weights, levels[week], traits(kinds), 7 * week, np.cov(past.T) * WEEKS_A_YEAR)
            else:
                account.trade_to(weights, levels[week], 7 * week)
        value.append(account.value(levels[week]))
    return _outcome(np.array(value), account, levels, safe)


def traits(kinds: Positions) -> tuple[Symbol, ...]:
    """Each fund as a symbol of its class."""
    return tuple(
        Symbol(asset_class=int(kind), beta=1.0, specific=FUND_RISK, price=np.nan, known=True, note="") for kind in kinds
    )


def _outcome(value: Floats, account: Account, levels: Floats, safe: Floats) -> Outcome:
    weekly = np.diff(np.log(value))
    excess, years = weekly - safe, len(weekly) / WEEKS_A_YEAR
    low, high = np.quantile(_bootstrap(excess), [0.05, 0.95])
    return Outcome(
        sharpe=float(_sharpe(excess)),
        sharpe_low=float(low),
        sharpe_high=float(high),
        growth=float((value[-1] / value[0]) ** (1.0 / years) - 1.0),
        volatility=float(weekly.std(ddof=1) * WEEKS_A_YEAR**0.5),
        drawdown=float((1.0 - value / np.maximum.accumulate(value)).max()),
        turnover=float(account.traded / value.mean() / years),
        tax=account.paid / START,
        wealth=account.liquidated(levels[-1], 7 * len(levels)) / START,
    )


def _safe(levels: Floats) -> Floats:
    """Returns of a fund of cash that has all these weeks, else as assumed."""
    whole = levels[np.isfinite(levels).all(axis=1)]
    if len(whole):
        return np.diff(np.log(whole[0]))
    return np.full(levels.shape[1] - 1, np.log1p(assumptions().cash_return) / WEEKS_A_YEAR)


def _sharpe(excess: Floats) -> Floats:
    return np.asarray(excess.mean(axis=-1) / excess.std(axis=-1) * WEEKS_A_YEAR**0.5, dtype=np.float64)


def _bootstrap(excess: Floats) -> Floats:
    """Sharpe ratios of histories put together from blocks of this one."""
    random = np.random.default_rng(SEED)
    blocks = -(-len(excess) // BLOCK_WEEKS)
    start = random.integers(0, len(excess), (DRAWS, blocks, 1))
    weeks = (start + np.arange(BLOCK_WEEKS)) % len(excess)
    return _sharpe(excess[weeks.reshape(DRAWS, -1)[:, : len(excess)]])
