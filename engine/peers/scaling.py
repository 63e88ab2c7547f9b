"""Columns of different kinds made comparable: robustly centred and scaled, coarse, weighed, and of length one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.facts import Floats

Coarse = NDArray[np.int8]
Units = NDArray[np.float32]

NORMAL_SPREAD = 1.349
"""Quartiles of a normal are so many standard deviations apart."""
LEAST_SPREAD = 0.25
"""Of the standard deviation: below, the quartiles tell of a column that is mostly one value, and are not used."""
FARTHEST = 4.0
"""Spreads from the centre; beyond, everybody is equally far."""
PLACES = 9
"""Of a scale, so that it does not depend on the order in which people are counted."""
STEPS = 8
"""To a spread: so coarse are the columns that an artifact keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """One entry a column."""

    centre: Floats
    scale: Floats
    weights: Floats

    def coarse(self, columns: Floats) -> Coarse:
        """In steps from the centre; what is not known lies in it."""
        scaled = np.nan_to_num((columns - self.centre) / self.scale, nan=0.0)
        return np.rint(STEPS * np.clip(scaled, -FARTHEST, FARTHEST)).astype(np.int8)

    def units(self, coarse: Coarse) -> Units:
        """Weighed, of length one: the inner product of two is their cosine similarity."""
        weighed = coarse * self.weights.astype(np.float32)
        length = np.sqrt(np.einsum("ij,ij->i", weighed, weighed))[:, None]
        return np.asarray(weighed / np.maximum(length, 1e-9), dtype=np.float32)


def fit_scaling(columns: Floats) -> Scaling:
    """Median and quartiles of what is known, the standard deviation where most are alike; all weights one."""
    known = np.where(np.isnan(columns), np.nanmedian(_with_zeros(columns), axis=0), columns)
    low, centre, high = np.quantile(known, (0.25, 0.5, 0.75), axis=0)
    spread, deviation = (high - low) / NORMAL_SPREAD, known.std(axis=0)
    scale = np.where(spread > LEAST_SPREAD * deviation, spread, deviation).round(PLACES)
    return Scaling(centre=centre, scale=np.where(scale > 0, scale, 1.0), weights=np.ones(columns.shape[1]))


def _with_zeros(columns: Floats) -> Floats:
    """A column of which nothing is known has a median all the same."""
    return np.where(np.isnan(columns).all(axis=0), 0.0, columns)
