"""Linear models of the median: least absolute deviations by reweighted least squares, lightly held together."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats

ROUNDS = 20
LEAST_ERROR = 0.02
"""Errors below count alike; shares of a usual month."""
RIDGE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The intercept, and the weight of each column."""

    weights: Floats

    def predict(self, X: Floats) -> Floats:
        return np.asarray(self.weights[0] + X @ self.weights[1:])


def fitted(X: Floats, y: Floats, weight: Floats | None = None) -> Line:
    """The line with the least mean absolute error; the same rows give the same line."""
    middle, spread = X.mean(axis=0), X.std(axis=0) + 1e-9
    Z = np.column_stack([np.ones(len(X)), (X - middle) / spread])
    ridge = np.diag(np.r_[0.0, np.full(X.shape[1], RIDGE * len(X))])
    own = np.ones(len(X)) if weight is None else weight / weight.mean()
    found = np.r_[np.median(y), np.zeros(X.shape[1])]
    for _ in range(ROUNDS):
        pull = own / np.maximum(np.abs(y - Z @ found), LEAST_ERROR)
        pulled = Z * (pull / pull.mean())[:, None]
        found = np.linalg.solve(pulled.T @ Z + ridge, pulled.T @ y)
    slopes = found[1:] / spread
    return Line(weights=np.r_[found[0] - slopes @ middle, slopes])
