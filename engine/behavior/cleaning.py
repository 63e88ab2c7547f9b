"""Months as they would have been without one huge purchase: what stands alone is put back to the usual.

Only one month in two years, and only far above all others: households that spend in bursts are left as they are.
"""

import numpy as np

from engine.behavior.robust import fitted
from engine.behavior.series import MONTHS_A_YEAR
from engine.facts import Flags, Floats

LEAST_MONTHS = 9
ALONE = 2.0
"""Times the next largest month, and times the usual one."""


def without_huge_month(values: Floats) -> Floats:
    """Series x months, NaN where nothing was seen; a month that stands alone takes the usual value."""
    huge = huge_month(values)
    if not huge.any():
        return values
    cleaned = values.copy()
    rows = np.flatnonzero(huge.any(axis=1))
    masked = np.where(huge, np.nan, values)[rows]
    usual = np.broadcast_to(np.nanmedian(masked, axis=1, keepdims=True), masked.shape).copy()
    whole = ~np.isnan(values[rows]).any(axis=1) & (values.shape[1] >= 2 * MONTHS_A_YEAR)
    if whole.any():
        parts = fitted(np.where(huge[rows], usual, values[rows])[whole]).parts
        usual[whole] = parts.trend + parts.seasonal
    cleaned[rows] = np.where(huge[rows], usual, values[rows])
    return cleaned


def huge_month(values: Floats) -> Flags:
    """The one month, where there is one."""
    known = np.nan_to_num(values, nan=0.0)
    if known.shape[1] < LEAST_MONTHS:
        return np.zeros(values.shape, dtype=np.bool_)
    ordered = np.sort(known, axis=1)
    seen = ~np.isnan(values)
    count = seen.sum(axis=1)
    usual = ordered[np.arange(len(known)), -((count + 1) // 2)]
    alone = (count >= LEAST_MONTHS) & (ordered[:, -1] > ALONE * np.maximum(ordered[:, -2], usual)) & (usual > 0)
    return np.asarray(seen & alone[:, None] & (known == ordered[:, -1:]))
