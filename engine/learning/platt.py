"""Scores to chances: Platt scaling, a logistic regression of the outcome on the score."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from engine.facts import Flags, Floats, Positions

STEADYING = 1e-4
"""Toward a slope of one: a few people may be told apart perfectly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platt:
    """Chance above cut k = expit(slope[k] * score + intercept[k]), in falling order."""

    slope: Floats
    intercept: Floats

    def __call__(self, scores: Floats) -> Floats:
        """People x cuts. Chances that cross are put in order, which only brings them nearer to the truth
        (Chernozhukov, Fernandez-Val and Galichon 2010)."""
        chances = expit(self.slope * scores + self.intercept)
        return np.asarray(-np.sort(-chances, axis=1), dtype=np.float64)


def fit_platt(scores: Floats, y: Positions) -> Platt:
    """From scores of people that were not trained on, and their levels."""
    found = np.array([scaling(scores[:, cut], y > cut) for cut in range(scores.shape[1])])
    return Platt(slope=found[:, 0], intercept=found[:, 1])


def scaling(score: Floats, outcome: Flags, offset: Floats | float = 0.0) -> Floats:
    """The likeliest slope (not below zero) and intercept of outcome on score, beside an offset that stays as it is."""

    def loss(parameters: Floats) -> float:
        margin = offset + parameters[0] * score + parameters[1]
        return float(np.mean(np.logaddexp(0.0, margin) - outcome * margin) + STEADYING * (parameters[0] - 1.0) ** 2)

    bounds = [(0.0, None), (None, None)]
    return np.asarray(minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=bounds).x, dtype=np.float64)
