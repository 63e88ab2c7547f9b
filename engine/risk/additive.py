"""Ordered levels by sums of curves, one a feature: what trees of few leaves draw in steps, drawn straight.

Features become normal scores by their ranks; each is a sum of ramps between knots, and a flag where it is not known. A
logistic regression for each cut, with a ridge; ramps of monotone features may only go their way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, ndtri

from engine.facts import Floats, Positions

QUANTILES = np.linspace(0.005, 0.995, 100)
KNOTS = np.array((-2.6, -1.3, -0.55, 0.0, 0.55, 1.3, 2.6))
RIDGE = 30.0
"""Of the squared weights, beside the summed loss: ramps span one, so that a weight is log odds from knot to knot."""
MOST_STEPS = 200
WEIGHT_DIGITS = 6
"""So that the last bits of sums, which differ from machine to machine, do not make another model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Tables of quantiles by feature, and by cut the weights of all ramps and flags, the level last."""

    quantiles: Floats
    weights: Floats

    def scores(self, X: Floats) -> Floats:
        """People x cuts."""
        basis = _basis(X, self.quantiles)
        return np.asarray(basis @ self.weights[:, :-1].T + self.weights[:, -1], dtype=np.float64)


def fit_curves(X: Floats, y: Positions, cuts: int, monotone: Mapping[int, int]) -> Curves:
    """Scores of being above each cut."""
    quantiles = np.column_stack([_quantiles(X[:, column]) for column in range(X.shape[1])]).T
    basis = _basis(X, quantiles)
    bounds = _bounds(X.shape[1], monotone)
    return Curves(quantiles=quantiles, weights=np.array([_weights(basis, y > cut, bounds) for cut in range(cuts)]))


def _weights(basis: Floats, above: np.ndarray, bounds: list[tuple[float | None, float | None]]) -> Floats:
    outcome = above.astype(np.float64)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = basis @ weights[:-1] + weights[-1]
        missed = expit(margin) - outcome
        value = float((np.logaddexp(0.0, margin) - outcome * margin).sum() + RIDGE / 2.0 * (weights[:-1] ** 2).sum())
        return value, np.append(basis.T @ missed + RIDGE * weights[:-1], missed.sum())

    start = np.zeros(basis.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": MOST_STEPS})
    return np.asarray(np.round(found.x, WEIGHT_DIGITS), dtype=np.float64)


def _quantiles(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    return np.asarray(np.quantile(known, QUANTILES) if len(known) else np.zeros(len(QUANTILES)), dtype=np.float64)


def _basis(X: Floats, quantiles: Floats) -> Floats:
    """People x (ramps of all features, then flags of all features)."""
    parts = [_ramps(X[:, column], quantiles[column]) for column in range(X.shape[1])]
    return np.column_stack([*parts, np.isnan(X)]).astype(np.float64)


def _ramps(values: Floats, quantiles: Floats) -> Floats:
    """0 below the lower knot, 1 above the upper; of what is not known, those of the middle."""
    low = np.searchsorted(quantiles, values, side="left")
    high = np.searchsorted(quantiles, values, side="right")
    part = np.clip(np.interp(values, quantiles, QUANTILES), QUANTILES[0], QUANTILES[-1])
    tied = high > low + 1
    middle = QUANTILES[np.clip((low + high - 1) // 2, 0, len(QUANTILES) - 1)]
    score = ndtri(np.where(np.isnan(values), 0.5, np.where(tied, middle, part)))
    return np.asarray(np.clip((score[:, None] - KNOTS[:-1]) / np.diff(KNOTS), 0.0, 1.0), dtype=np.float64)


def _bounds(features: int, monotone: Mapping[int, int]) -> list[tuple[float | None, float | None]]:
    ramps = len(KNOTS) - 1
    found: list[tuple[float | None, float | None]] = [(None, None)] * (features * ramps + features + 1)
    for column, direction in monotone.items():
        way = (0.0, None) if direction > 0 else (None, 0.0)
        found[column * ramps : (column + 1) * ramps] = [way] * ramps
    return found
