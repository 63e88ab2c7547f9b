"""Trend, season and what is left, as far as a history carries: none of them below three months.

From two years on both are fitted: by STL, or robustly where a month stands out. Below, a month of the year that was
seen gets a factor that leans on 1, and nothing is said of a trend.
"""

from dataclasses import dataclass

import numpy as np

from engine.behavior.robust import fitted
from engine.behavior.series import Series
from engine.behavior.stl import LEAST_MONTHS as WHOLE_YEARS
from engine.behavior.stl import Parts, decomposed
from engine.facts import Flags, Floats
from engine.units import MONTHS_A_YEAR

STANDS_OUT = 0.01
"""Weight in the robust fit below which a month would bend the other one."""
BELIEVED = 0.25
"""Of what one month of one year shows beyond the usual: the rest is taken for chance."""
ALIKE = 0.5
"""Part of what a month stands out by that the same month of another year has too."""
LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0
MOST_APART = 4.0
"""Times what the middle month is apart from the trend: what stands out says nothing of the season."""
LEAST_VARIATION = 1e-4
"""Of the trend: months that are all alike have no season."""
DIGITS = 6
"""That are kept, so that a household's parts do not depend on which others are decomposed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Users x months like the series, NaN where nothing is claimed; `factors` are users x January to December."""

    parts: Parts
    strength: Floats
    """0 to 1: of the variation around the trend, what the season is, less what chance alone would bring."""
    factors: Floats


def course(known: Series) -> Course:
    """Of every user, each over its own months."""
    shape = known.spending.shape
    found = Parts(trend=np.full(shape, np.nan), seasonal=np.full(shape, np.nan), residual=np.full(shape, np.nan))
    for months in np.unique(known.observed[known.observed >= WHOLE_YEARS]):
        rows = np.flatnonzero(known.observed == months)
        parts = _parts(known.spending[rows, -months:])
        for name in ("trend", "seasonal", "residual"):
            getattr(found, name)[rows, -months:] = getattr(parts, name).round(DIGITS)
    strength = _strength(found)
    return Course(parts=found, strength=strength, factors=_factors(known, found, strength))


def _parts(values: Floats) -> Parts:
    """Linear where all months are ordinary or come again every year, robust for the others."""
    linear, robust = decomposed(values), fitted(values)
    alone = (robust.weight < STANDS_OUT) & ~_comes_again(robust.parts.residual)
    bent = alone.any(axis=1, keepdims=True)
    return Parts(
        trend=np.where(bent, robust.parts.trend, linear.trend),
        seasonal=np.where(bent, robust.parts.seasonal, linear.seasonal),
        residual=np.where(bent, robust.parts.residual, linear.residual),
    )


def _comes_again(residual: Floats) -> Flags:
    """Whether the same month of the year before or after stands out likewise, as a yearly bill does."""
    ahead, back = np.zeros_like(residual), np.zeros_like(residual)
    ahead[:, :-MONTHS_A_YEAR] = residual[:, MONTHS_A_YEAR:]
    back[:, MONTHS_A_YEAR:] = residual[:, :-MONTHS_A_YEAR]
    like = np.sign(residual) * np.where(np.abs(ahead) > np.abs(back), ahead, back)
    return np.asarray(like >= ALIKE * np.abs(residual))


def _strength(parts: Parts) -> Floats:
    """How alike the months around the trend are to those of the year after: their correlation, less its standard error.

    Not the share that the fitted season takes, which in two or three years is most of any noise.
    """
    around, level = _ordinary(parts)
    before, after = around[:, :-MONTHS_A_YEAR], around[:, MONTHS_A_YEAR:]
    both = ~np.isnan(before) & ~np.isnan(after)
    pairs = np.maximum(both.sum(axis=1), 1)
    products = [np.where(both, each, 0.0).sum(axis=1) for each in (before * after, before**2, after**2)]
    varies = products[1] + products[2] > pairs * (LEAST_VARIATION * level) ** 2
    alike = products[0] / np.sqrt(np.where(varies, np.maximum(products[1] * products[2], 1e-12), 1.0))
    return np.where(varies, np.clip(alike - (1.0 - alike**2) / np.sqrt(pairs), 0.0, 1.0), 0.0)


def _ordinary(parts: Parts) -> tuple[Floats, Floats]:
    """The months around the trend, clipped where one stands out, and the trend's level; NaN where nothing is known."""
    around, known = parts.seasonal + parts.residual, ~np.isnan(parts.trend)
    level = np.where(known, parts.trend, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    ordered = np.sort(np.abs(around), axis=1)  # NaN comes last
    middle = ordered[np.arange(len(ordered)), known.sum(axis=1) // 2]
    most = MOST_APART * np.nan_to_num(middle)[:, None]
    return np.clip(around, -most, most), level


def _factors(known: Series, parts: Parts, strength: Floats) -> Floats:
    """Of each month of the year, to the usual month, believed as far as the season is strong; their mean is 1."""
    fitted_ratio = 1.0 + strength[:, None] * parts.seasonal / np.where(parts.trend > 0, parts.trend, np.nan)
    usual = np.nanmedian(np.where(np.isnan(known.spending).all(axis=1, keepdims=True), 0.0, known.spending), axis=1)
    plain = known.spending / np.where(usual > 0, usual, np.nan)[:, None]
    enough = (known.observed >= MONTHS_A_YEAR)[:, None]
    leaning = 1.0 + BELIEVED * (np.clip(plain, LEAST_FACTOR, MOST_FACTOR) - 1.0)
    ratio = np.where(np.isnan(parts.trend), np.where(enough, leaning, np.nan), fitted_ratio)
    month = known.months.astype(np.int64) % MONTHS_A_YEAR
    of_month = (month[:, None] == np.arange(MONTHS_A_YEAR)).astype(np.float64)
    seen = ~np.isnan(ratio)
    count = seen @ of_month
    mean = np.where(count > 0, (np.where(seen, ratio, 0.0) @ of_month) / np.maximum(count, 1.0), 1.0)
    mean = np.maximum(mean, 0.0)
    return np.asarray(mean / np.maximum(mean.mean(axis=1, keepdims=True), 1e-9))
