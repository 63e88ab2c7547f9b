"""Trend, season and residual: one product for all series, beside statsmodels one by one."""

import numpy as np
from statsmodels.tsa.seasonal import STL

from benchmarks.timing import timed
from engine.behavior import stl
from engine.behavior.robust import fitted
from engine.facts import Floats
from engine.learning.metrics import rounded
from engine.learning.training import SEED

MANY, FEW, MONTHS = 1_000_000, 50, 36
OUTLIERS, LEAST_OUTLIER, MOST_OUTLIER = 0.03, 2_000.0, 8_000.0


def decomposition() -> dict[str, float]:
    """One matrix product beside statsmodels one by one; the robust fit beside robust STL, where 3 % are outliers."""
    values, season = _months()
    linear, product = timed(lambda: stl.decomposed(values[:FEW]))
    references, one_by_one = timed(lambda: [STL(each, period=12).fit() for each in values[:FEW]])
    apart = max(np.abs(linear.seasonal[row] - each.seasonal).max() for row, each in enumerate(references))
    trend, seasonal = stl.operators(MONTHS)
    both, room = np.ascontiguousarray(np.vstack([trend, seasonal]).T), np.empty((len(values), 2 * MONTHS))
    _, million = timed(lambda: [np.matmul(values, both, out=room) for _ in range(MANY // len(values))])
    robust, ours = timed(lambda: fitted(values).parts)
    theirs, slow = timed(lambda: [STL(each, period=12, robust=True).fit().seasonal for each in values[:FEW]])
    return {"largest_difference": float(apart)} | rounded(
        {
            "stl_us_a_series": 1e6 * million / MANY,
            "statsmodels_us_a_series": 1e6 * one_by_one / FEW,
            "small_batch_us_a_series": 1e6 * product / FEW,
            "robust_us_a_series": 1e6 * ours / len(values),
            "statsmodels_robust_us_a_series": 1e6 * slow / FEW,
            "season_rmse_robust": _rmse(robust.seasonal[:FEW], season[:FEW]),
            "season_rmse_statsmodels_robust": _rmse(np.array(theirs), season[:FEW]),
            "season_rmse_stl": _rmse(linear.seasonal, season[:FEW]),
        }
    )


def _months() -> tuple[Floats, Floats]:
    """Series with 3 % outliers, and their true season."""
    random, time_ = np.random.default_rng(SEED), np.arange(MONTHS)
    waves = [
        random.normal(0, 150, (2_000, 1)) / k * wave(2 * np.pi * k * time_ / 12)
        for k in (1, 2, 3)
        for wave in (np.cos, np.sin)
    ]
    season = np.sum(waves, axis=0)
    noise = random.normal(0, 150, season.shape)
    out = (random.random(season.shape) < OUTLIERS) * random.uniform(LEAST_OUTLIER, MOST_OUTLIER, season.shape)
    return 2_000 + random.normal(0, 10, (2_000, 1)) * time_ + season + noise + out, season


def _rmse(told: Floats, truth: Floats) -> float:
    return float(np.sqrt(((told - truth) ** 2).mean()))
