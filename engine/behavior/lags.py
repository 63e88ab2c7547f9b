"""What a forecast is made from: the months before it as shares of a usual month, so that no unit of money is in it."""

import numpy as np

from engine.behavior.cleaning import without_huge_month
from engine.behavior.series import Series
from engine.facts import Floats
from engine.units import MONTHS_A_YEAR

HISTORY_MONTHS = 24
CURRENT = 1
"""The month of today: partly over, so neither among those behind nor the next."""
AHEAD_MONTHS = 3
"""The next ones, after the current."""
LARGEST = 4.0
"""Of any share: one month cannot count for more."""
COMMON = (
    "last_month",
    "month_before",
    "mean_3_months",
    "median_3_months",
    "mean_6_months",
    "median_6_months",
    "median_12_months",
    "mean_12_months",
    "median_24_months",
    "mean_24_months",
    "lower_quarter",
    "upper_quarter",
    "least",
    "most",
    "spread",
    "income_last_month",
    "income_3_months",
    "income_12_months",
    "income_less_spending_3_months",
    "income_less_spending",
    "months_seen",
)
SEASONAL = ("same_month_last_year", "around_it_last_year", "half_a_year_before", "two_years_before")
FEATURES = (
    *COMMON,
    *(f"{name}_{ahead}" for ahead in range(CURRENT + 1, CURRENT + AHEAD_MONTHS + 1) for name in SEASONAL),
)
"""Numbers count from the last complete month."""


def lags(history: Series, current: int = CURRENT) -> tuple[Floats, Floats]:
    """Users x `FEATURES`, and the usual month that they are shares of; what is not known is filled with the usual.

    `current` is how many months lie between the last one known and the first to tell.
    """
    spent = _last(history.spending, HISTORY_MONTHS)
    clean = without_huge_month(spent, _last(history.excess, HISTORY_MONTHS))
    income = _last(history.income, HISTORY_MONTHS)
    scale = usual_month(clean)
    unit = np.where(scale > 0, scale, 1.0)[:, None]
    columns = _common(clean / unit, income / unit, history)
    first = current + 1
    columns += [column for ahead in range(first, first + AHEAD_MONTHS) for column in _seasonal(clean / unit, ahead)]
    found = np.column_stack(columns)
    return np.clip(found, -LARGEST, LARGEST), scale


def usual_month(clean: Floats) -> Floats:
    """The greater of median and mean of the last year: neither is zero while anything is spent now and then."""
    year = clean[:, -MONTHS_A_YEAR:]
    return np.maximum(np.maximum(_median(year), _mean(year)), 0.0)


def _common(spent: Floats, income: Floats, history: Series) -> list[Floats]:
    left = income - spent
    low, high = _quantile(spent, 0.25), _quantile(spent, 0.75)
    return [
        spent[:, -1],
        _or(spent[:, -2], spent[:, -1]),
        _mean(spent[:, -3:]),
        _median(spent[:, -3:]),
        _mean(spent[:, -6:]),
        _median(spent[:, -6:]),
        _median(spent[:, -12:]),
        _mean(spent[:, -12:]),
        _median(spent),
        _mean(spent),
        low,
        high,
        _quantile(spent, 0.0),
        _quantile(spent, 1.0),
        high - low,
        income[:, -1],
        _mean(income[:, -3:]),
        _mean(income[:, -12:]),
        _mean(left[:, -3:]),
        _mean(left),
        np.minimum(history.observed, HISTORY_MONTHS) / HISTORY_MONTHS,
    ]


def _seasonal(spent: Floats, ahead: int) -> list[Floats]:
    """Months of earlier years that correspond to the one so many months after the last."""
    usual = _median(spent[:, -MONTHS_A_YEAR:])
    year, half, two = (HISTORY_MONTHS - back + ahead - 1 for back in (12, 6, 24))
    around = spent[:, max(year - 1, 0) : year + 2]
    return [
        _or(spent[:, year], usual),
        _or(_mean(around), usual),
        _or(spent[:, half], usual),
        _or(spent[:, two], usual),
    ]


def _last(values: Floats, months: int) -> Floats:
    """So many months; NaN in front where there are fewer."""
    missing = max(months - values.shape[1], 0)
    return np.pad(values[:, -months:], ((0, 0), (missing, 0)), constant_values=np.nan)


def _or(values: Floats, fallback: Floats) -> Floats:
    return np.where(np.isnan(values), fallback, values)


def _mean(values: Floats) -> Floats:
    seen = ~np.isnan(values)
    return np.asarray(np.where(seen, values, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))


def _median(values: Floats) -> Floats:
    return _quantile(values, 0.5)


def _quantile(values: Floats, level: float) -> Floats:
    """Of what was seen, by linear interpolation; 0 where nothing was."""
    ordered = np.sort(values, axis=1)  # NaN comes last
    place = level * np.maximum((~np.isnan(values)).sum(axis=1) - 1, 0)
    low = np.floor(place).astype(np.int64)
    row = np.arange(len(values))
    below, above = ordered[row, low], ordered[row, np.ceil(place).astype(np.int64)]
    return np.asarray(np.nan_to_num(below + (place - low) * (above - below)))
