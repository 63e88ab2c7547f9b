"""Trend, season and residual: as the reference has them, unbent by single months, and silent where little is known."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from engine.behavior.decomposition import course
from engine.behavior.robust import fitted
from engine.behavior.series import Series
from engine.behavior.stl import decomposed
from engine.facts import Floats

LEVEL, NOISE = 2_000.0, 100.0


def spending(users: int, months: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Series and their true season: a slope, two waves a year, and noise of a twentieth."""
    random = np.random.default_rng(seed)
    time = np.arange(months)
    waves = [np.cos(2 * np.pi * k * time / 12 + random.uniform(0, 6, (users, 1))) for k in (1, 2)]
    season = 250.0 * waves[0] + 100.0 * waves[1]
    return LEVEL + 5.0 * time + season + random.normal(0, NOISE, (users, months)), season


def known(values: Floats, observed: int) -> Series:
    months = values.shape[1]
    hidden = np.arange(months) < months - observed
    end = np.datetime64("2026-09")
    return Series(
        months=np.arange(end - months, end),
        spending=np.where(hidden, np.nan, values),
        excess=np.zeros_like(values),
        income=np.zeros_like(values),
        observed=np.full(len(values), observed),
    )


@pytest.mark.parametrize("months", [24, 29, 36])
def test_one_matrix_product_is_what_statsmodels_tells_series_by_series(months: int) -> None:
    values, _ = spending(20, months)
    parts = decomposed(values)
    for row, series in enumerate(values):
        reference = STL(series, period=12).fit()
        assert np.allclose(parts.trend[row], reference.trend, rtol=0, atol=1e-9 * LEVEL)
        assert np.allclose(parts.seasonal[row], reference.seasonal, rtol=0, atol=1e-9 * LEVEL)
        assert np.allclose(parts.residual[row], reference.resid, rtol=0, atol=1e-9 * LEVEL)


def test_with_outliers_the_robust_season_is_nearer_to_the_truth_than_the_linear_one() -> None:
    values, season = spending(200, 36)
    random = np.random.default_rng(5)
    values = values + np.where(random.random(values.shape) < 0.03, random.uniform(2_000, 8_000, values.shape), 0.0)
    missed = {name: np.sqrt(np.mean((parts.seasonal - season) ** 2)) for name, parts in (
        ("linear", decomposed(values)), ("robust", fitted(values).parts)
    )}  # fmt: skip
    assert missed["robust"] < missed["linear"] / 4


def test_one_huge_month_leaves_trend_and_season_where_they_were() -> None:
    values, _ = spending(50, 36)
    before = course(known(values, 36))
    values[:, 20] += 10 * LEVEL
    after = course(known(values, 36))
    assert np.median(np.abs(after.parts.trend - before.parts.trend)) < 0.02 * LEVEL
    assert np.median(np.abs(after.factors - before.factors)) < 0.03
    assert (after.parts.residual[:, 20] > 9 * LEVEL).all()


def test_the_parts_sum_to_what_was_spent_and_the_peak_is_found() -> None:
    values, season = spending(50, 36)
    found = course(known(values, 36))
    total = found.parts.trend + found.parts.seasonal + found.parts.residual
    assert np.allclose(total, values, atol=1e-5)
    month_of = (np.datetime64("2026-09") - 36).astype(np.int64) % 12
    peak = (season[:, :12].argmax(axis=1) + month_of) % 12
    apart = np.abs(found.factors.argmax(axis=1) - peak) % 12
    assert np.mean(np.minimum(apart, 12 - apart) <= 1) > 0.9
    share = season.var(axis=1) / (season.var(axis=1) + NOISE**2)
    assert abs(found.strength.mean() - share.mean()) < 0.1


@pytest.mark.parametrize("months", [24, 30, 36])
def test_months_without_a_season_have_none(months: int) -> None:
    """A season fitted to two years of noise takes up most of it: what counts is whether the next year repeats it."""
    values = LEVEL * np.exp(0.4 * np.random.default_rng(6).normal(size=(200, months)))
    found = course(known(values, months))
    assert np.median(found.strength) == 0.0
    assert np.quantile(found.strength, 0.9) < 0.3
    assert found.factors.std() < 0.1


def test_a_bill_that_comes_every_year_is_season_and_no_outlier() -> None:
    values = np.full((3, 36), LEVEL)
    values[:, 5::12] += 0.5 * LEVEL
    found = course(known(values, 36))
    assert (found.strength > 0.9).all()
    assert (found.factors.argmax(axis=1) == ((np.datetime64("2026-09") - 36).astype(np.int64) + 5) % 12).all()


@pytest.mark.parametrize("observed", [0, 2, 11])
def test_below_a_year_no_month_of_the_year_is_told_apart(observed: int) -> None:
    found = course(known(spending(5, 36)[0], observed))
    assert np.isnan(found.parts.trend).all()
    assert (found.factors == 1.0).all()
    assert (found.strength == 0.0).all()


def test_below_two_years_factors_lean_on_one_and_a_huge_month_is_bounded() -> None:
    values, _ = spending(5, 36)
    values[:, -3] += 20 * LEVEL
    found = course(known(values, 18))
    assert np.isnan(found.parts.trend).all()
    assert found.factors.max() < 1.35
    assert np.allclose(found.factors.mean(axis=1), 1.0)
