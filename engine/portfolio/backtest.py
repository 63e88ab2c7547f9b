"""Walk-forward: each policy lives through the past in a taxable account, quarter by quarter, after costs and tax.

Each quarter a policy sees only the weeks before. All start with the same money; lots, gains, losses carried forward and
costs are kept for each. Ours trades by its own program (band, lots by tax); the others trade to their weights, first
in, first out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import InsufficientData
from engine.facts import Floats, Positions, Prices
from engine.market import CASH_CLASS, CLASS_OF, assumptions
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


def backtest(prices: Prices) -> Backtest:
    """One fund an asset class, the weeks that all have; raises where there are too few."""
    rows = _funds(prices)
    levels = np.where(np.isfinite(prices.total_return), prices.total_return, prices.close)[rows]
    shared = np.flatnonzero(np.isfinite(levels).all(axis=0))
    if len(rows) < 2 or len(shared) < LEAST_WEEKS:
        raise InsufficientData(
            f"A back-test needs {LEAST_WEEKS} weeks of prices that two or more classes' funds share.",
            required=LEAST_WEEKS,
            available=len(shared) if len(rows) > 1 else 0,
        )
    kinds = np.array([CLASS_OF[prices.asset_class[row]] for row in rows], dtype=np.int64)
    levels = levels[:, shared].T
    cash = levels[:, kinds == CASH_CLASS]
    return Backtest(
        first=str(prices.weeks[shared[LOOK_BACK_WEEKS]]),
        last=str(prices.weeks[shared[-1]]),
        symbols=tuple(str(prices.symbol[row]) for row in rows),
        outcomes={name: _lived(name, levels, kinds, cash) for name in POLICIES},
    )


def _funds(prices: Prices) -> Positions:
    """Of every class the fund with the longest history."""
    weeks = np.isfinite(prices.close).sum(axis=1)
    known = [row for row in np.argsort(-weeks, kind="stable") if prices.asset_class[row] in CLASS_OF]
    chosen: dict[str, int] = {}
    for row in known:
        chosen.setdefault(str(prices.asset_class[row]), int(row))
    return np.array(sorted(chosen.values(), key=lambda row: CLASS_OF[str(prices.asset_class[row])]), dtype=np.int64)


def _lived(name: str, levels: Floats, kinds: Positions, cash: Floats) -> Outcome:
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
    return _outcome(np.array(value), account, levels, cash)


def traits(kinds: Positions) -> tuple[Symbol, ...]:
    """Each fund as a symbol of its class."""
    return tuple(
        Symbol(asset_class=int(kind), beta=1.0, specific=FUND_RISK, price=np.nan, known=True, note="") for kind in kinds
    )


def _outcome(value: Floats, account: Account, levels: Floats, cash: Floats) -> Outcome:
    weekly = np.diff(np.log(value))
    safe = np.diff(np.log(cash[LOOK_BACK_WEEKS:, 0])) if cash.size else np.full(len(weekly), _assumed_cash())
    excess, years = weekly - safe, len(weekly) / WEEKS_A_YEAR
    low, high = np.quantile(_bootstrap(excess), [0.05, 0.95])
    return Outcome(
        sharpe=float(_sharpe(excess)),
        sharpe_low=float(low),
        sharpe_high=float(high),
        growth=float((value[-1] / value[0]) ** (1.0 / years) - 1.0),
        volatility=float(weekly.std(ddof=1) * WEEKS_A_YEAR**0.5),
        drawdown=float((1.0 - value / np.maximum.accumulate(value)).max()),
        turnover=account.traded / value.mean() / years,
        tax=account.paid / START,
        wealth=account.liquidated(levels[-1], 7 * len(levels)) / START,
    )


def _assumed_cash() -> float:
    return float(np.log1p(assumptions().cash_return) / WEEKS_A_YEAR)


def _sharpe(excess: Floats) -> Floats:
    return np.asarray(excess.mean(axis=-1) / excess.std(axis=-1) * WEEKS_A_YEAR**0.5, dtype=np.float64)


def _bootstrap(excess: Floats) -> Floats:
    """Sharpe ratios of histories put together from blocks of this one."""
    random = np.random.default_rng(SEED)
    blocks = -(-len(excess) // BLOCK_WEEKS)
    start = random.integers(0, len(excess), (DRAWS, blocks, 1))
    weeks = (start + np.arange(BLOCK_WEEKS)) % len(excess)
    return _sharpe(excess[weeks.reshape(DRAWS, -1)[:, : len(excess)]])
