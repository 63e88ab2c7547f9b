"""Three months ahead: a median that one purchase does not move, and ranges that hold for every length of history."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.behavior_demo import Demo
from engine.behavior.forecast import LENGTHS, Forecaster, by_rule, fitted
from engine.behavior.lags import lags
from engine.behavior.series import Series, series
from engine.facts import Floats
from engine.learning.trainer import Sample
from engine.recommenders.behavioral_insights.sample import LAST, ORIGINS, Moments, moments, sample
from engine.recommenders.behavioral_insights.trainer import metrics

HELD = 3
"""One household in so many is held out."""


def known(values: Floats) -> Series:
    months = values.shape[1]
    end = np.datetime64("2026-09")
    return Series(
        months=np.arange(end - months, end),
        spending=values,
        income=np.full_like(values, 4_000.0),
        observed=np.full(len(values), months),
    )


@pytest.fixture(scope="module")
def rows(drawn: Demo) -> Sample:
    return sample(drawn.facts)


@pytest.fixture(scope="module")
def learned(rows: Sample) -> Forecaster:
    past = moments(rows.take(np.arange(len(rows)) % HELD > 0), ORIGINS)
    return fitted(past.X, past.y, past.row)


@pytest.fixture(scope="module")
def later(rows: Sample) -> Moments:
    """Months after all that was learned from, of people held out."""
    return moments(rows.take(np.arange(len(rows)) % HELD == 0), (LAST,))


def test_without_a_model_every_month_ahead_costs_the_median_of_the_last_year() -> None:
    values = np.random.default_rng(2).uniform(1_000, 3_000, (20, 24))
    X, usual = lags(known(values))
    told = by_rule(X).expected * usual[:, None]
    assert np.allclose(told, np.median(values[:, -12:], axis=1)[:, None])


def test_later_months_of_other_people_are_told_better_than_by_the_median(learned: Forecaster, later: Moments) -> None:
    ours, rule = (metrics(later.X, later.y, told) for told in (learned.predict(later.X), by_rule(later.X)))
    assert ours["wape"] < rule["wape"]
    assert ours["direction_accuracy"] > 0.70


@pytest.mark.parametrize("months", LENGTHS)
def test_ranges_hold_for_each_length_of_history(learned: Forecaster, later: Moments, months: int) -> None:
    """Some 230 households: three standard errors around nine of ten."""
    covered = metrics(later.X, later.y, learned.predict(later.X))[f"coverage_of_{months}_months"]
    assert 0.85 <= covered <= 0.95


def test_the_rule_s_ranges_are_wide_rather_than_wrong(later: Moments) -> None:
    found = metrics(later.X, later.y, by_rule(later.X))
    assert all(found[f"coverage_of_{months}_months"] >= 0.88 for months in LENGTHS)


@pytest.mark.parametrize("with_model", [False, True])
def test_one_huge_purchase_hardly_moves_what_is_told(drawn: Demo, learned: Forecaster, with_model: bool) -> None:
    """Ten months' spending in one month of the last two years: the median household's forecast moves 2 % at most."""
    before = series(drawn.facts.cash_flows)
    values = before.spending.copy()
    people = np.arange(len(values))
    values[people, np.random.default_rng(1).integers(12, 35, len(values))] += 10 * np.median(values, axis=1)
    told = []
    for each in (before, replace(before, spending=values)):
        X, usual = lags(each)
        ahead = learned.predict(X) if with_model else by_rule(X)
        told.append(ahead.expected.sum(axis=1) * usual)
    assert np.median(np.abs(told[1] / np.maximum(told[0], 1.0) - 1.0)) <= 0.02


def test_the_median_lies_in_its_range_and_nothing_is_below_zero(learned: Forecaster) -> None:
    values = np.random.default_rng(3).exponential(1_000, (50, 36)) * np.random.default_rng(4).integers(0, 2, (50, 36))
    X, _ = lags(known(values))
    for told in (learned.predict(X), by_rule(X)):
        assert (told.low >= 0).all()
        assert (told.low <= told.expected).all()
        assert (told.expected <= told.high).all()


def test_a_currency_changes_no_share(learned: Forecaster) -> None:
    values = np.random.default_rng(5).uniform(500, 2_000, (20, 30))
    ours = known(values)
    yen = replace(ours, spending=150 * values, income=150 * ours.income)
    assert np.allclose(learned.predict(lags(ours)[0]).expected, learned.predict(lags(yen)[0]).expected)
