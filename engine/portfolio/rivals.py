"""Policies that the back-test compares: each turns past returns into weights, knowing nothing of what comes."""

from collections.abc import Callable, Mapping

import numpy as np
from pypfopt import EfficientFrontier
from pypfopt.exceptions import OptimizationError
from sklearn.covariance import ledoit_wolf

from engine.enums import RiskLevel, code
from engine.facts import Floats, Positions
from engine.market import CLASS_OF, assumptions, is_growth
from engine.portfolio.target import target

WEEKS_A_YEAR = 52.1775
SWEEPS = 200

Policy = Callable[[Floats, Positions], Floats]
"""From weekly log returns (weeks x funds) and the funds' classes to weights."""


def ours(past: Floats, kinds: Positions) -> Floats:
    """The target of a moderate level of risk; a class without a fund leaves its share to others of its sort."""
    assumed = assumptions()
    covariance = assumed.covariance
    covariance[np.ix_(kinds, kinds)] = ledoit_wolf(past)[0] * WEEKS_A_YEAR
    whole = target(covariance, assumed.equilibrium(covariance), code(RiskLevel.MODERATE)).weight
    weight = whole[kinds]
    for sort in (is_growth(), ~is_growth()):
        mine = sort[kinds]
        weight[mine] *= whole[sort].sum() / max(weight[mine].sum(), 1e-9)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def equal_weight(_past: Floats, kinds: Positions) -> Floats:
    """The same of every fund."""
    return np.full(len(kinds), 1.0 / len(kinds))


def sixty_forty(_past: Floats, kinds: Positions) -> Floats:
    """US shares and US bonds."""
    weight = np.where(kinds == CLASS_OF["US_EQUITY"], 0.6, 0.0) + np.where(kinds == CLASS_OF["US_BONDS"], 0.4, 0.0)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def max_sharpe(past: Floats, _kinds: Positions) -> Floats:
    """PyPortfolioOpt's first example: past means, sample covariance, the highest Sharpe ratio, long only."""
    expected, covariance = np.expm1(past.mean(axis=0) * WEEKS_A_YEAR), np.cov(past.T) * WEEKS_A_YEAR
    frontier = EfficientFrontier(expected, covariance)
    try:
        frontier.max_sharpe(risk_free_rate=0.0)
    except (OptimizationError, ValueError):  # no fund has gained
        frontier = EfficientFrontier(expected, covariance)
        frontier.min_volatility()
    return np.array(list(frontier.clean_weights().values()), dtype=np.float64)


def risk_budgeting(past: Floats, kinds: Positions) -> Floats:
    """Every fund contributes the same risk (Spinu 2013, by cyclical coordinate descent)."""
    covariance = ledoit_wolf(past)[0] * WEEKS_A_YEAR
    share, weight = 1.0 / len(kinds), 1.0 / np.sqrt(np.diag(covariance))
    for _ in range(SWEEPS):
        for row in range(len(kinds)):
            rest = covariance[row] @ weight - covariance[row, row] * weight[row]
            own = covariance[row, row]
            weight[row] = (-rest + np.sqrt(rest**2 + 4.0 * own * share)) / (2.0 * own)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


POLICIES: Mapping[str, Policy] = {
    "finrec": ours,
    "equal_weight": equal_weight,
    "60_40": sixty_forty,
    "pypfopt_max_sharpe": max_sharpe,
    "risk_budgeting": risk_budgeting,
    "buy_and_hold": equal_weight,
}
