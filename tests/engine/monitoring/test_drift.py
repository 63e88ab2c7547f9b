"""Drift: found where users changed, not found where they did not, whatever their figures look like."""

import json

import numpy as np
import pytest

from benchmarks.drift import FEATURES, drawn
from engine.enums import Severity
from engine.monitoring.bins import counts_of, edges_of
from engine.monitoring.drift import Drift, FeatureDrift, Reference, compare, reference


def found(drift: Drift) -> dict[str, FeatureDrift]:
    return {each.feature: each for each in drift.found}


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_without_drift_a_hundred_users_are_retrained_for_once_in_a_thousand_checks() -> None:
    alarms = 0
    for seed in range(0, 1000, 5):
        before = reference(FEATURES, drawn(100, seed))
        for check in range(1, 6):
            drift = compare(before, drawn(100, 10_000 + seed + check))
            alarms += drift.severity in (Severity.WARNING, Severity.CRITICAL)
    assert alarms <= 1


def test_a_shift_of_a_third_of_a_spread_among_a_thousand_users_is_found() -> None:
    before = reference(FEATURES, drawn(10_000, 0))
    hits = 0
    for seed in range(1, 101):
        today = drawn(1000, seed)
        today[:, 22] += 0.3
        hits += found(compare(before, today)).get("feature 22") is not None
    assert hits >= 95


def test_the_size_of_the_score_does_not_depend_on_the_number_of_users() -> None:
    before = reference(FEATURES, drawn(20_000, 0))
    scores = []
    for seed, rows in ((1, 2000), (2, 20_000)):
        today = drawn(rows, seed)
        today[:, 22] += 1.0
        scores.append(compare(before, today).score)
    assert scores[0] == pytest.approx(scores[1], rel=0.15)


# --- what is found ---------------------------------------------------------------------------------------------------


def test_half_of_a_feature_that_is_no_longer_known_is_critical() -> None:
    today = drawn(100, 1)
    today[::2, 22] = np.nan
    drift = compare(reference(FEATURES, drawn(10_000, 0)), today)
    assert found(drift)["feature 22"].severity is Severity.CRITICAL
    assert drift.severity is Severity.CRITICAL


def test_a_constant_that_moves_is_found() -> None:
    today = drawn(200, 1)
    today[:, 16] = 7.5
    assert "feature 16" in found(compare(reference(FEATURES, drawn(1000, 0)), today))


def test_a_rare_flag_that_becomes_common_is_found() -> None:
    today = drawn(200, 1)
    today[:, 20] = np.random.default_rng(2).random(200) < 0.3
    assert list(found(compare(reference(FEATURES, drawn(10_000, 0)), today))) == ["feature 20"]


def test_fewer_zeros_are_found_though_the_deciles_are_all_zero() -> None:
    before, today = np.zeros((1000, 1)), np.zeros((1000, 1))
    before[:50], today[:300] = 5.0, 5.0
    drift = compare(reference(["debt"], before), today)
    assert drift.score > 0.25
    assert [each.feature for each in drift.found] == ["debt"]


def test_features_that_no_longer_move_together_are_found_where_none_moved_alone() -> None:
    random = np.random.default_rng(3)
    before, today = random.standard_normal((2000, 3)), random.standard_normal((2000, 3))
    today[:, 1] = 0.5 * today[:, 0] + np.sqrt(0.75) * today[:, 1]
    drift = compare(reference(["income", "age", "debt"], before), today)
    assert [each.feature for each in drift.found] == ["income with age"]
    assert drift.severity in (Severity.WARNING, Severity.CRITICAL)
    assert not any(each.sure for each in drift.features)


def test_a_level_that_chance_explains_does_not_count() -> None:
    few = compare(reference(["income"], drawn(40, 0)[:, :1]), drawn(40, 5)[:, :1] + 0.3)
    assert (few.score, few.severity) == (0.0, Severity.NONE)


# --- edges of the range ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "today"), [(0, 100), (100, 0), (0, 0)])
def test_without_users_nothing_is_found(before: int, today: int) -> None:
    drift = compare(reference(FEATURES, drawn(before, 0)), drawn(today, 1))
    assert (drift.score, drift.severity, drift.found) == (0.0, Severity.NONE, ())


def test_amounts_beyond_single_precision_are_merely_large() -> None:
    huge = drawn(500, 1)
    huge[:, 22] = 1e300
    assert found(compare(reference(FEATURES, drawn(500, 0)), huge))["feature 22"].severity is Severity.CRITICAL


@pytest.mark.parametrize("order", ["C", "F"])
def test_counting_by_comparisons_is_counting(order: "str") -> None:
    columns = np.asarray(drawn(5000, 0), dtype=np.float32, order=order)  # type: ignore[call-overload]
    edges = edges_of(columns)
    counts = counts_of(columns, edges)
    for feature, column in enumerate(columns.T):
        known = edges[feature][~np.isnan(edges[feature])]
        bins = np.searchsorted(known, column[~np.isnan(column)], side="right")
        assert counts[feature, :-1].tolist() == np.bincount(bins, minlength=10).tolist()
        assert counts[feature, -1] == np.isnan(column).sum()


def test_a_reference_survives_the_manifest() -> None:
    before = reference(FEATURES, drawn(500, 0))
    told = json.loads(json.dumps(before.as_dict(), allow_nan=False))
    today = drawn(500, 1) + 0.5
    assert compare(Reference.from_dict(told), today) == pytest.approx(compare(before, today))
    assert before.missing["feature 14"] == pytest.approx(0.1, abs=0.05)
