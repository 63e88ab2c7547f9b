"""Scores to chances: Platt scaling, a logistic regression of the outcome on one score, or on several together."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from engine.facts import Flags, Floats, Positions

STEADYING = 1e-4
"""Toward slopes that sum to one: a few people may be told apart perfectly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platt:
    """Chance above cut k = expit(slope[k] . scores + intercept[k]), in falling order; slopes are cuts x models."""

    slope: Floats
    intercept: Floats

    def __post_init__(self) -> None:
        """An artifact of another form is refused when it is read, not when somebody asks."""
        if self.slope.ndim != 2 or self.intercept.shape != self.slope.shape[:1]:
            raise ValueError(f"slopes are cuts x models, intercepts cuts: {self.slope.shape}, {self.intercept.shape}")

    def __call__(self, scores: Floats) -> Floats:
        """From people x cuts x models: people x cuts.

        Chances that cross are put in order, which only brings them nearer to the truth (Chernozhukov, Fernandez-Val
        and Galichon 2010).
        """
        chances = expit((self.slope * scores).sum(axis=2) + self.intercept)
        return np.asarray(-np.sort(-chances, axis=1), dtype=np.float64)


def fit_platt(scores: Floats, y: Positions) -> Platt:
    """From scores of people that were not trained on, and their levels: how far each model is believed at each cut."""
    found = np.array([scaling(scores[:, cut], y > cut) for cut in range(scores.shape[1])])
    return Platt(slope=found[:, :-1], intercept=found[:, -1])


def scaling(score: Floats, outcome: Flags, offset: Floats | float = 0.0) -> Floats:
    """The likeliest slopes (not below zero) and intercept of outcome on scores, beside an offset that stays."""
    columns = score.reshape(len(score), -1)
    alike = np.full(columns.shape[1], 1.0 / columns.shape[1])

    def loss(parameters: Floats) -> float:
        margin = offset + columns @ parameters[:-1] + parameters[-1]
        steadied = STEADYING * float(((parameters[:-1] - alike) ** 2).sum())
        return float(np.mean(np.logaddexp(0.0, margin) - outcome * margin)) + steadied

    bounds = [*[(0.0, None)] * len(alike), (None, None)]
    return np.asarray(minimize(loss, np.append(alike, 0.0), method="L-BFGS-B", bounds=bounds).x, dtype=np.float64)
