"""Three months ahead: a median that one purchase does not move, and ranges that hold for every length of history."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.behavior.demo import Demo
from benchmarks.behavior.forecast import with_huge_purchase
from engine.behavior.cleaning import without_huge_month
from engine.behavior.forecast import LENGTHS, Forecaster, by_rule, fitted, length_of
from engine.behavior.lags import lags
from engine.behavior.series import Series, series
from engine.facts import Floats
from engine.learning.trainer import Sample
from engine.recommenders.behavioral_insights.sample import LAST, ORIGINS, Moments, moments, sample
from engine.recommenders.behavioral_insights.trainer import metrics
from tests.engine.facts_factory import facts, household

HELD = 3
"""One household in so many is held out."""


def known(values: Floats) -> Series:
    months = values.shape[1]
    end = np.datetime64("2026-09")
    return Series(
        months=np.arange(end - months, end),
        spending=values,
        excess=np.zeros_like(values),
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
def test_no_length_of_history_is_told_worse_than_by_the_median(
    learned: Forecaster, later: Moments, months: int
) -> None:
    rows = length_of(later.X) == LENGTHS.index(months)
    missed = [np.abs(later.y - each.expected)[rows].sum() for each in (learned.predict(later.X), by_rule(later.X))]
    assert missed[0] < missed[1]


@pytest.mark.parametrize("months", LENGTHS)
def test_ranges_hold_for_each_length_of_history(learned: Forecaster, later: Moments, months: int) -> None:
    """Some 230 households: three standard errors around nine of ten."""
    covered = metrics(later.X, later.y, learned.predict(later.X))[f"coverage_of_{months}_months"]
    assert 0.85 <= covered <= 0.95


def test_the_rule_s_ranges_are_wide_rather_than_wrong(later: Moments) -> None:
    found = metrics(later.X, later.y, by_rule(later.X))
    assert all(found[f"coverage_of_{months}_months"] >= 0.88 for months in LENGTHS)


@pytest.mark.parametrize("with_model", [False, True])
@pytest.mark.parametrize("category", ["shopping", "travel", "other"])
def test_one_huge_purchase_hardly_moves_what_is_told(
    drawn: Demo, learned: Forecaster, category: str, with_model: bool
) -> None:
    """Ten months' spending in one month of the last two years moves nine of ten forecasts by 2 % at most.

    Without a model the median of twelve months takes a step where one of them changes: its middle household stays.
    """
    told = []
    for flows in (drawn.facts.cash_flows, with_huge_purchase(drawn.facts.cash_flows, category)):
        X, usual = lags(series(flows))
        ahead = learned.predict(X) if with_model else by_rule(X)
        told.append(ahead.expected.sum(axis=1) * usual)
    moved = np.abs(told[1] / np.maximum(told[0], 1.0) - 1.0)
    assert np.quantile(moved, 0.9 if with_model else 0.5) <= 0.02


def test_a_huge_purchase_leaves_the_rest_of_its_month_as_it_was() -> None:
    months = [{"rent": -1_000.0, "dining": -200.0 - 10.0 * month, "travel": -50.0} for month in range(24)]
    months[9] = {**months[9], "travel": -20_000.0}
    known = series(facts(household(months=months)).cash_flows)
    clean = without_huge_month(known.spending, known.excess)
    assert clean[0, -15] == pytest.approx(1_000.0 + 290.0 + 50.0)
    assert np.array_equal(np.delete(clean[0], -15), np.delete(known.spending[0], -15), equal_nan=True)


@pytest.mark.parametrize("origin", [*ORIGINS, LAST])
def test_no_month_after_a_moment_changes_what_is_known_at_it(drawn: Demo, origin: int) -> None:
    """Neither many dearer months nor a huge one, in which other categories take the most."""
    flows = drawn.facts.cash_flows
    later = flows.amount.copy()
    later[:, origin:] = 7.0 * later[:, origin:, ::-1]
    later[:, origin + 1, flows.categories.index("travel")] -= 90_000.0
    changed = replace(drawn.facts, sources={**drawn.facts.sources, "cash_flows": replace(flows, amount=later)})
    before, after = (moments(sample(each), (origin,)) for each in (drawn.facts, changed))
    assert np.array_equal(before.X, after.X)
    assert np.array_equal(before.rule, after.rule)
    assert not np.array_equal(before.y, after.y)


@pytest.mark.parametrize("month", [0, 4, 9, 23])
def test_a_huge_purchase_is_taken_out_wherever_in_the_history_it_is(month: int) -> None:
    months = [{"rent": -1_000.0, "dining": -200.0, "travel": -50.0} for _ in range(24)]
    months[month] = {**months[month], "travel": -20_000.0}
    history = series(facts(household(months=months)).cash_flows)
    assert without_huge_month(history.spending, history.excess)[0, month - 24] == pytest.approx(1_250.0)


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
