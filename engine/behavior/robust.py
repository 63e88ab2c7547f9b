"""Trend and season of many series at once that single months do not bend: harmonics and a curved trend under
Tukey's biweight, fitted by reweighting (Beaton and Tukey, Technometrics 16, 1974)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.behavior.stl import Parts
from engine.facts import Floats
from engine.units import MONTHS_A_YEAR

TUNING = 4.685
"""Spreads at which a month counts for nothing: 95 % efficient for normal errors."""
SPREAD_OF_MAD = 1.4826
ROUNDS = 12
HARMONICS = 4
KNOTS = 1
"""Bends of the trend inside the series, evenly spaced."""
RIDGE = 0.3
"""In months: how much evidence a seasonal swing must have."""
LEAST_SPREAD = 1e-6
"""Of the level, so that a series without any spread has weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The parts, and how much each month counted (0 for a month that stands out, 1 for an ordinary one)."""

    parts: Parts
    weight: Floats


def fitted(values: Floats) -> Fit:
    """Of complete series of one length, two years at least."""
    if not len(values):
        nothing = np.zeros_like(values)
        return Fit(parts=Parts(trend=nothing, seasonal=nothing, residual=nothing), weight=nothing)
    smooth, yearly = _design(values.shape[1])
    both = np.column_stack([smooth, yearly])
    level = np.median(values, axis=1, keepdims=True)
    floor = LEAST_SPREAD * np.abs(level) + 1e-12
    weight = _weights(values - level, floor, 2.0 * TUNING)
    coefficients = np.zeros((len(values), both.shape[1]))
    for _ in range(ROUNDS):
        coefficients = _solved(both, values, weight, penalised=yearly.shape[1])
        weight = _weights(values - coefficients @ both.T, floor, TUNING)
    trend = coefficients[:, : smooth.shape[1]] @ smooth.T
    seasonal = coefficients[:, smooth.shape[1] :] @ yearly.T
    return Fit(parts=Parts(trend=trend, seasonal=seasonal, residual=values - trend - seasonal), weight=weight)


@lru_cache
def _design(months: int) -> tuple[Floats, Floats]:
    """Columns of the trend (level, slope, bends) and of the season (pairs of waves)."""
    time = np.linspace(-1.0, 1.0, months)
    bends = [np.maximum(time - knot, 0.0) for knot in np.linspace(-1.0, 1.0, KNOTS + 2)[1:-1]]
    phase = 2.0 * np.pi * np.arange(months) / MONTHS_A_YEAR
    waves = [wave(k * phase) for k in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    return np.column_stack([np.ones(months), time, *bends]), np.column_stack(waves)


def _solved(design: Floats, values: Floats, weight: Floats, *, penalised: int) -> Floats:
    """Weighted least squares of each series; the last columns are held towards zero."""
    width = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), width * width)
    ridge = np.diag(np.r_[np.full(width - penalised, 1e-9), np.full(penalised, RIDGE)])
    left = (weight @ products).reshape(-1, width, width) + ridge
    right = (weight * values) @ design
    return np.asarray(np.linalg.solve(left, right[:, :, None])[:, :, 0])


def _weights(residual: Floats, floor: Floats, tuning: float) -> Floats:
    """Tukey's biweight at the series' own spread."""
    spread = np.maximum(SPREAD_OF_MAD * np.median(np.abs(residual), axis=1, keepdims=True), floor)
    part = np.clip(residual / (tuning * spread), -1.0, 1.0)
    return np.asarray((1.0 - part**2) ** 2)
