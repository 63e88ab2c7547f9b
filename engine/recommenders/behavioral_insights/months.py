"""The course of spending for one user: months behind and ahead, categories, and the season."""

from datetime import date
from decimal import Decimal
from math import isnan

import numpy as np

from engine.answers import money
from engine.behavior.lags import CURRENT
from engine.facts import Floats
from engine.recommenders.behavioral_insights.answer import (
    CategorySpending,
    Seasonality,
    SpendingForecast,
    SpendingMonth,
)
from engine.recommenders.behavioral_insights.study import Study
from engine.transactions import CATEGORY_NAMES, SPENDING
from engine.units import MONTHS_A_YEAR

COLUMNS = tuple(CATEGORY_NAMES.index(name) for name in SPENDING)
LEAST_MEAN = 0.005
NOTHING = money(0.0)
MOST_CHANGE = 10.0
"""Times a year: beyond, there was hardly anything before."""


def history(study: Study, user: int) -> tuple[SpendingMonth, ...]:
    """The months seen, the oldest first."""
    parts, known = study.course.parts, study.known
    seen = slice(len(known.months) - int(known.observed[user]), None)
    columns = (known.spending, parts.trend, parts.seasonal, parts.residual)
    months = known.months[seen].astype("datetime64[D]").tolist()
    return tuple(
        SpendingMonth(month=month, total=total or NOTHING, trend=trend, seasonal=seasonal, residual=residual)
        for month, total, trend, seasonal, residual in zip(
            months, *(_column(column[user, seen]) for column in columns), strict=True
        )
    )


def by_category(study: Study, user: int) -> tuple[CategorySpending, ...]:
    """What money went to in the last twelve months, the most first."""
    spent = np.maximum(study.means[user], 0.0)
    whole = float(spent[list(COLUMNS)].sum())
    columns = sorted((column for column in COLUMNS if spent[column] >= LEAST_MEAN), key=lambda each: -spent[each])
    return tuple(
        CategorySpending(
            category=CATEGORY_NAMES[column],
            monthly_mean=money(spent[column]),
            share=min(float(spent[column]) / whole, 1.0),
            budget=_known(study.limits[user, column]),
            change_per_year=_change(float(spent[column]), float(study.means_before[user, column])),
        )
        for column in columns
    )


def seasonality(study: Study, user: int) -> Seasonality:
    """The peak is the month with the largest factor."""
    factors = study.course.factors[user]
    return Seasonality(
        strength=round(float(study.course.strength[user]), 6),
        peak_month=int(factors.argmax()) + 1,
        monthly_factors=tuple(float(factor) for factor in factors.round(4)),
    )


def forecast(study: Study, user: int) -> tuple[SpendingForecast, ...]:
    """The months after that of today."""
    usual = float(study.usual_month[user])
    return tuple(
        SpendingForecast(
            month=month,
            expected=money(study.ahead.expected[user, ahead] * usual),
            low=money(study.ahead.low[user, ahead] * usual),
            high=money(study.ahead.high[user, ahead] * usual),
        )
        for ahead, month in enumerate(months_ahead(study, study.ahead.expected.shape[1]))
    )


def months_ahead(study: Study, count: int) -> list[date]:
    """First days; the month of today is partly over, and not one of them."""
    first = np.datetime64(study.facts.today, "M") + CURRENT
    return [(first + ahead).astype("datetime64[D]").item() for ahead in range(count)]


def usual_total(study: Study, user: int) -> float:
    """A month of the last year, in the mean."""
    year: Floats = study.known.spending[user, -MONTHS_A_YEAR:]
    return float(np.nanmean(year))


def _column(values: Floats) -> list[Decimal | None]:
    """As `money`, for many at once; None where not known."""
    cents = np.rint(100.0 * values).tolist()
    return [None if isnan(each) else Decimal(int(each)).scaleb(-2) for each in cents]


def _known(value: float) -> Decimal | None:
    return None if np.isnan(value) else money(value)


def _change(now: float, before: float) -> float | None:
    if np.isnan(before) or before < LEAST_MEAN or now / before > MOST_CHANGE:
        return None
    return now / before - 1.0
