"""Months as they would have been without one huge purchase: the rest of the month is kept as it was.

Only one month in two years, and only far above all others: households that spend in bursts are left as they are.
"""

import numpy as np

from engine.facts import Flags, Floats, Positions

LEAST_MONTHS = 9
ALONE = 2.0
"""Times the next largest month, and times the usual one."""


def without_huge_month(values: Floats, excess: Floats) -> Floats:
    """Series x months, NaN where nothing was seen; a month that stands alone is left without its excess."""
    huge, most = huge_month(values)
    return np.where(huge, np.clip(values - excess, 0.0, most[:, None]), values)


def huge_month(values: Floats) -> tuple[Flags, Floats]:
    """The one month, where there is one, and the next largest of each series."""
    known = np.nan_to_num(values, nan=0.0)
    if known.shape[1] < LEAST_MONTHS:
        return np.zeros(values.shape, dtype=np.bool_), known.max(axis=1, initial=0.0)
    ordered = np.sort(known, axis=1)
    seen = ~np.isnan(values)
    count = seen.sum(axis=1)
    usual = ordered[np.arange(len(known)), -((count + 1) // 2)]
    alone = (count >= LEAST_MONTHS) & (ordered[:, -1] > ALONE * np.maximum(ordered[:, -2], usual)) & (usual > 0)
    return np.asarray(seen & alone[:, None] & (known == ordered[:, -1:])), ordered[:, -2]


def excess(amount: Floats, observed: Positions) -> Floats:
    """Users x months: by how much the category that stands out most lies above its mean of the months before.

    Of the first nine months, above its mean of the others of these: a month is cleaned only where nine are known, so
    that what is known at a moment never depends on months after it. `amount` is users x months x categories, 0 before
    the months observed.
    """
    count = amount.shape[1]
    month, first = np.arange(count), (count - observed)[:, None]
    end = np.minimum(np.maximum(month, first + LEAST_MONTHS), count)
    itself = month < end
    sums = np.pad(amount.cumsum(axis=1), ((0, 0), (1, 0), (0, 0)))
    others = np.take_along_axis(sums, end[:, :, None], axis=1) - np.where(itself[:, :, None], amount, 0.0)
    usual = others / np.maximum(end - first - itself, 1)[:, :, None]
    return np.asarray((amount - usual).max(axis=2))
