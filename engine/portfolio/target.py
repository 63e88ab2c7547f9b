"""The mix of asset classes to hold at a level of risk: market proportions, as much growth as the bounds allow.

Out of sample no estimator beats plain mixes in Sharpe ratio, so the target controls risk and cost and promises nothing
else. Bounds relax along a declared chain, so that there is always a target, with the reason for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.facts import Flags, Floats
from engine.market import CASH_CLASS, CLASS_OF, assumptions, is_growth

VOLATILITY = (0.05, 0.08, 0.11, 0.14, 0.17)
"""A year, by `RiskLevel`: from mostly bonds to mostly shares at the risk of 2007-2016."""
MOST_LOSS = (0.06, 0.10, 0.14, 0.18, 0.22)
"""By `RiskLevel`: what one year in twenty may lose more than, as a share (value at risk at 95 %)."""
MOST_GROWTH = (0.20, 0.40, 0.60, 0.80, 1.00)
"""By `RiskLevel`, as in Vanguard's LifeStrategy funds: a few calm years promise no calm. By the covariance of 2004 to
2007 alone a moderate household would have gone into 2008 with 85 % in growth classes."""
Z_95 = 1.6449
HIGHEST = {"EM_EQUITY": 0.15, "REAL_ESTATE": 0.10, "COMMODITIES": 0.05, "HIGH_YIELD": 0.10, "INTL_BONDS": 0.15}
"""Bounds of the classes whose risk is the most concentrated; the others have none."""
CASH_SHARE = (0.25, 0.10, 0.02, 0.02, 0.02)
"""By `RiskLevel`: calm where that is asked for, else for costs and small needs; the emergency fund is elsewhere."""
SMALLEST = 0.01
"""A class with less is not worth an order: its share goes to the others of its sort."""
STEPS = 101


class Relaxed(StrEnum):
    """How far bounds had to give way."""

    NONE = "NONE"
    SOFT_BOUNDS = "SOFT_BOUNDS"
    MINIMUM_VARIANCE = "MINIMUM_VARIANCE"
    HOLD = "HOLD"


REASONS = {
    Relaxed.NONE: "All bounds hold.",
    Relaxed.SOFT_BOUNDS: "No mix meets every bound: those of single asset classes were relaxed.",
    Relaxed.MINIMUM_VARIANCE: "No mix is as calm as this level of risk asks for: the calmest one is taken.",
    Relaxed.HOLD: "Risk cannot be estimated from the prices at hand: what is held stays.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Weights by asset class; empty of meaning where it says to hold."""

    weight: Floats
    growth: float
    relaxed: Relaxed


def target(covariance: Floats, expected: Floats, level: int) -> Target:
    """The most growth within volatility, loss and class bounds, else down the chain."""
    if not (np.isfinite(covariance).all() and np.isfinite(expected).all()):
        return Target(weight=np.eye(len(expected))[CASH_CLASS], growth=0.0, relaxed=Relaxed.HOLD)
    for relaxed, bound in ((Relaxed.NONE, _bounded), (Relaxed.SOFT_BOUNDS, _as_they_are)):
        share = _most_growth(covariance, expected, level, bound)
        if share is not None:
            return Target(weight=_mix(share, level, bound), growth=share, relaxed=relaxed)
    calmest = min(_shares(), key=lambda share: _risk(covariance, _mix(share, level, _as_they_are)))
    return Target(weight=_mix(calmest, level, _as_they_are), growth=calmest, relaxed=Relaxed.MINIMUM_VARIANCE)


def value_at_risk(expected: float, volatility: float) -> float:
    """Share that one year in twenty loses more than, 0 where it gains."""
    return max(Z_95 * volatility - expected, 0.0)


def _most_growth(covariance: Floats, expected: Floats, level: int, bound: Callable[[Floats], Floats]) -> float | None:
    for share in _shares()[::-1]:
        if share > MOST_GROWTH[level]:
            continue
        weight = _mix(share, level, bound)
        risk = _risk(covariance, weight)
        if risk <= VOLATILITY[level] and value_at_risk(float(weight @ expected), risk) <= MOST_LOSS[level]:
            return share
    return None


def _shares() -> list[float]:
    return [float(share) for share in np.linspace(0.0, 1.0, STEPS)]


def _mix(growth: float, level: int, bound: Callable[[Floats], Floats]) -> Floats:
    """Growth and defensive classes in the proportions of the market portfolio, beside some cash."""
    market = assumptions().weight
    risky, calm = np.where(is_growth(), market, 0.0), np.where(is_growth() | _is_cash(), 0.0, market)
    invested = growth * risky / risky.sum() + (1.0 - growth) * calm / calm.sum()
    cash = CASH_SHARE[level]
    return np.asarray((1.0 - cash) * bound(_without_crumbs(invested)) + cash * _is_cash(), dtype=np.float64)


def _bounded(weight: Floats) -> Floats:
    """What exceeds a bound goes to the unbounded classes of the same sort."""
    highest = np.full(len(weight), np.inf)
    for name, most in HIGHEST.items():
        highest[CLASS_OF[name]] = most
    kept = np.minimum(weight, highest)
    for sort in (is_growth(), ~is_growth()):
        free = np.where(sort & np.isinf(highest), weight, 0.0)
        if free.sum() > 0:
            kept = kept + free / free.sum() * (weight - kept)[sort].sum()
    return np.asarray(kept / kept.sum(), dtype=np.float64)


def _as_they_are(weight: Floats) -> Floats:
    return weight


def _without_crumbs(weight: Floats) -> Floats:
    kept = np.where(weight < SMALLEST, 0.0, weight)
    for sort in (is_growth(), ~is_growth()):
        if kept[sort].any():
            kept[sort] *= weight[sort].sum() / kept[sort].sum()
    return np.asarray(kept / kept.sum(), dtype=np.float64)


def _risk(covariance: Floats, weight: Floats) -> float:
    return float(np.sqrt(weight @ covariance @ weight))


def _is_cash() -> Flags:
    return np.asarray(np.arange(len(CLASS_OF)) == CASH_CLASS, dtype=np.bool_)
