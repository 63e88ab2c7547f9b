"""The tables that answer what simulated markets would: read once, shared by every question about goals."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from engine.goals.returns import MAX_MONTHS

TABLE = Path(__file__).parents[1] / "priors" / "goal_tables.npz"
# The corrections stand at these months to go, shares of expected wealth that today's savings bring, and scores.
MONTH_NODES = np.concatenate(
    [np.arange(1, 13), np.arange(15, 37, 3), np.arange(42, 121, 6), np.arange(132, 361, 12), np.arange(384, 721, 24)]
)
# The moments need more: cubic splines run between them, and a glide may turn sharply near its date.
MOMENT_NODES = np.unique(np.concatenate([np.arange(1, 73), MONTH_NODES]))
SHARE_NODES = 9
SCORE_NODES = 71
SCORE_LIMIT = 3.5
# Growth of the contribution, less the shift of the return, continuously compounded, a year.
GROWTH_LIMIT = 0.08
MOMENT_GROWTHS = np.linspace(-GROWTH_LIMIT, GROWTH_LIMIT, 9)
CORRECTION_GROWTHS = np.linspace(-GROWTH_LIMIT, GROWTH_LIMIT, 3)
QUANTUM = 0.0005  # of a score, in the corrections' integers

# What the kernels take: moments of the lump, moments of the stream, corrections, and where a month lies between nodes.
Tables = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int16], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Mixes of stocks and bonds as the dynamic program sees them: lognormal, by year."""

    stock_share: NDArray[np.float64]
    drift: NDArray[np.float64]  # of the logarithm, a year
    volatility: NDArray[np.float64]  # a year


@cache
def goal_tables() -> Tables:
    """Flattened over model, glide and month: lump (2: mean and squared variation) and stream (by growth, 3: logarithm
    of the mean, squared variation, relative covariance with the lump); corrections, flat, by model, glide, node, share,
    score and growth; position of each month among the nodes. What is read together lies together."""
    with np.load(TABLE) as stored:
        lump, stream = stored["lump"].astype(float), stored["stream"].astype(float)
        corrections = np.cumsum(stored["corrections"], axis=-1, dtype=np.int16)
    return (
        _every_month(lump),
        _every_month(np.moveaxis(stream, 2, 3)),
        np.moveaxis(corrections, 2, -1).ravel(),
        _positions(),
    )


@cache
def frontier() -> Frontier:
    with np.load(TABLE) as stored:
        share, drift, volatility = stored["frontier"].astype(float)
    return Frontier(stock_share=share, drift=drift, volatility=volatility)


def _every_month(nodes: NDArray[np.float64]) -> NDArray[np.float64]:
    """A cubic spline through the nodes; the element of month 0 is that of month 1 and never used."""
    months = np.maximum(np.arange(MAX_MONTHS + 1), 1)
    filled = CubicSpline(MOMENT_NODES, nodes, axis=2)(months)
    return np.ascontiguousarray(filled).reshape(filled.shape[0] * filled.shape[1] * filled.shape[2], -1)


def _positions() -> NDArray[np.float64]:
    months = np.arange(MAX_MONTHS + 1)
    positions: NDArray[np.float64] = np.interp(months, MONTH_NODES, np.arange(len(MONTH_NODES), dtype=float))
    return positions
