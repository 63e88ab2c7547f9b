"""STL as a matrix: without robustness weights it is linear, so the parts of many series are one product.

Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990). Applied to each unit vector by
statsmodels, once for each length.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.facts import Floats
from engine.units import MONTHS_A_YEAR

LEAST_MONTHS = 2 * MONTHS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Series x months; they sum to the series."""

    trend: Floats
    seasonal: Floats
    residual: Floats


def decomposed(values: Floats) -> Parts:
    """Of complete series of one length, two years at least."""
    trend, seasonal = operators(values.shape[1])
    smooth, yearly = values @ trend.T, values @ seasonal.T
    return Parts(trend=smooth, seasonal=yearly, residual=values - smooth - yearly)


@lru_cache
def operators(months: int) -> tuple[Floats, Floats]:
    """The matrices that take a series of so many months to its trend and its season."""
    from statsmodels.tsa.seasonal import STL  # noqa: PLC0415 - takes two seconds, which only such a series is worth

    fits = [STL(unit, period=MONTHS_A_YEAR).fit() for unit in np.eye(months)]
    return np.column_stack([fit.trend for fit in fits]), np.column_stack([fit.seasonal for fit in fits])
