"""Risk and expected return of asset classes and symbols: from loaded prices where they suffice, else as assumed.

Symbols follow their class (a factor model): their own risk comes on top of it. So the covariance is positive definite
for any set of symbols, and what is estimated does not depend on who else is in the batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sklearn.covariance import ledoit_wolf

from engine.facts import Flags, Floats, Positions, Prices
from engine.market import CASH_CLASS, CLASS_OF, assumptions
from engine.portfolio.prices import LEAST_WEEKS, Returns, weekly_returns

WEEKS_A_YEAR = 52.1775
FUND_RISK = 0.005
"""Specific to a broad fund: those of one class differ by about so much a year."""
OTHER_FUND_RISK = 0.02
"""Of a symbol whose class is known and whose prices are not."""
STOCK_RISK = 0.30
"""Of a symbol of which nothing is known: taken for a single share (US shares' idiosyncratic risk, about 25-40 %)."""
BETAS = (0.3, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """How one symbol moves; `price` is NaN where none is loaded."""

    asset_class: int
    beta: float
    specific: float
    price: float
    known: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Classes in the order of `ASSET_CLASSES`; rates are a year."""

    covariance: Floats
    expected: Floats
    estimated: Flags
    """Whether a class's risk comes from loaded prices."""
    symbols: Mapping[str, Symbol]
    funds: Mapping[int, tuple[str, ...]]
    """Symbols that stand for a class, the best first."""

    def symbol(self, name: str, asset_class: str) -> Symbol:
        """What is known of a symbol; one without class or prices is taken for a single share."""
        if name in self.symbols:
            return self.symbols[name]
        if asset_class not in CLASS_OF:
            return _symbol(CLASS_OF["US_EQUITY"], STOCK_RISK, note="unknown", known=False)
        broad = name == asset_class
        return _symbol(CLASS_OF[asset_class], FUND_RISK if broad else OTHER_FUND_RISK, price=1.0 if broad else np.nan)


def market(prices: Prices, today: date) -> Market:
    """What loaded prices and assumptions say together."""
    returns = weekly_returns(prices, today)
    kind = np.array([CLASS_OF.get(name, -1) for name in prices.asset_class], dtype=np.int64)
    leader = _leaders(prices, returns, kind)
    covariance = _covariance(returns, leader)
    return Market(
        covariance=covariance,
        expected=assumptions().equilibrium(covariance),
        estimated=leader >= 0,
        symbols={str(prices.symbol[row]): _known(prices, returns, kind, leader, row) for row in range(len(kind))},
        funds=_funds(prices, returns, kind),
    )


def _leaders(prices: Prices, returns: Returns, kind: Positions) -> Positions:
    """Row of the usable fund that stands for each class, -1 where there is none."""
    leader = np.full(len(CLASS_OF), -1, dtype=np.int64)
    for row in np.flatnonzero((prices.rank > 0) & returns.usable & (kind >= 0))[::-1]:
        best = leader[kind[row]]
        if best < 0 or prices.rank[row] <= prices.rank[best]:
            leader[kind[row]] = row
    return leader


def _covariance(returns: Returns, leader: Positions) -> Floats:
    """Ledoit and Wolf's (2004) over the weeks that all leaders share; what has none keeps its assumed risk."""
    assumed = assumptions()
    found = np.flatnonzero(leader >= 0)
    log = returns.log[leader[found]]
    shared = np.isfinite(log).all(axis=0)
    if len(found) < 2 or shared.sum() < LEAST_WEEKS:
        return assumed.covariance
    estimated = ledoit_wolf(log[:, shared].T)[0] * WEEKS_A_YEAR
    volatility, correlation = assumed.volatility.copy(), assumed.correlation.copy()
    volatility[found] = np.sqrt(np.diag(estimated))
    correlation[np.ix_(found, found)] = estimated / np.outer(volatility[found], volatility[found])
    return _positive(correlation) * np.outer(volatility, volatility)


def _positive(correlation: Floats) -> Floats:
    """The nearest that mixing estimated and assumed rows leaves positive definite: negative eigenvalues are cut."""
    values, vectors = np.linalg.eigh(correlation)
    if values[0] > 1e-6:
        return correlation
    mended = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(scale, scale), dtype=np.float64)


def _known(prices: Prices, returns: Returns, kind: Positions, leader: Positions, row: int) -> Symbol:
    """A symbol with prices: its beta and specific risk against the fund of its class, where both can be seen."""
    flags = {"stale": returns.stale, "short": returns.short, "gaps": returns.gaps, "jumps": returns.jumps}
    note = ", ".join(name for name, rows in flags.items() if rows[row])
    price = _last(prices.close[row])
    if kind[row] < 0:
        return _symbol(CLASS_OF["US_EQUITY"], STOCK_RISK, price=price, note=note or "unknown", known=False)
    if prices.rank[row] > 0 or kind[row] == CASH_CLASS:
        return _symbol(int(kind[row]), FUND_RISK, price=price, note=note)
    if not returns.usable[row] or leader[kind[row]] < 0:
        return _symbol(int(kind[row]), OTHER_FUND_RISK, price=price, note=note)
    beta, specific = _regress(returns.log[row], returns.log[leader[kind[row]]])
    return _symbol(int(kind[row]), specific, beta=beta, price=price, note=note)


def _regress(own: Floats, fund: Floats) -> tuple[float, float]:
    both = np.isfinite(own) & np.isfinite(fund)
    if both.sum() < LEAST_WEEKS or not np.ptp(fund[both]) > 0:
        return 1.0, OTHER_FUND_RISK
    moved = np.cov(own[both], fund[both])
    beta = float(np.clip(moved[0, 1] / moved[1, 1], *BETAS))
    rest = float(np.std(own[both] - beta * fund[both])) * WEEKS_A_YEAR**0.5
    return beta, max(rest, FUND_RISK)


def _funds(prices: Prices, returns: Returns, kind: Positions) -> dict[int, tuple[str, ...]]:
    """Funds with a current price, by class."""
    rows = np.flatnonzero((prices.rank > 0) & ~returns.stale & (kind >= 0))
    order = rows[np.argsort(prices.rank[rows], kind="stable")]
    return {each: tuple(str(prices.symbol[row]) for row in order if kind[row] == each) for each in set(kind[rows])}


def _symbol(
    asset_class: int, specific: float, *, beta: float = 1.0, price: float = np.nan, note: str = "", known: bool = True
) -> Symbol:
    return Symbol(asset_class=asset_class, beta=beta, specific=specific, price=price, known=known, note=note)


def _last(levels: Floats) -> float:
    known = levels[np.isfinite(levels)]
    return float(known[-1]) if len(known) else float("nan")
