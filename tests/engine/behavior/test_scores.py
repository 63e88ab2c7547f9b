"""The three figures follow their formulas, and kinds of spenders are the same twice."""

from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.behavior.demo import Demo
from engine.behavior.purchases import purchases
from engine.behavior.scores import budget_adherence, impulse, volatility
from engine.behavior.segments import FEATURES, HIGH, LOW, RULES, by_rule, features, found, named
from engine.behavior.series import series
from engine.facts import Floats
from tests.engine.fact_columns import transactions
from tests.engine.facts_factory import facts, household

FIRST = date(2025, 10, 1)


def test_volatility_is_the_spread_of_months_over_their_mean() -> None:
    spent = [1_000.0, 2_000.0, 3_000.0, 2_500.0]
    batch = facts(household(months=[{"groceries": -each} for each in spent]), household())
    assert volatility(series(batch.cash_flows)).tolist() == pytest.approx([np.std(spent) / np.mean(spent), 0.0])


def test_adherence_is_one_within_all_limits_and_a_half_at_twice_the_limit() -> None:
    months = [{"dining": -200.0, "travel": -50.0}] * 12
    batch = facts(
        household(months=months, budgets={"dining": 250.0}),
        household(months=months, budgets={"dining": 100.0}),
        household(months=months, budgets={"dining": 100.0, "travel": 60.0}),
        household(months=months),
        household(budgets={"dining": 100.0}),
    )
    kept = budget_adherence(batch)
    assert kept[:3].tolist() == pytest.approx([1.0, 0.5, 0.75])
    assert np.isnan(kept[3:]).all()


def scored(amounts: Floats) -> float:
    rows = [(FIRST + timedelta(int(day)), -float(amount), "shopping", "Shop") for day, amount in enumerate(amounts)]
    return float(impulse(purchases(transactions([{"transactions": rows}])), 1)[0])


def test_impulse_rises_with_uneven_and_with_large_purchases() -> None:
    random = np.random.default_rng(1)
    even, uneven = 50.0 * np.exp(random.normal(0, 0.1, 60)), 50.0 * np.exp(random.normal(0, 0.7, 60))
    splurging = np.where(np.arange(60) % 15 == 0, 400.0, even)
    assert scored(even) < 0.05 < scored(splurging)
    assert scored(even) < 0.2 < scored(uneven) <= 1.0
    assert scored(uneven[:5]) == 0.0


def test_impulse_follows_the_hidden_trait(drawn: Demo) -> None:
    score = impulse(purchases(drawn.facts.transactions), len(drawn.facts))
    assert np.corrcoef(score, drawn.impulsiveness)[0, 1] > 0.7


def columns(drawn: Demo) -> Floats:
    return features(drawn.facts.cash_flows, series(drawn.facts.cash_flows), purchases(drawn.facts.transactions))


def test_kinds_of_spenders_are_the_same_twice_and_named_by_what_sets_them_apart(drawn: Demo) -> None:
    rows = columns(drawn)
    first, second = found(rows, 42), found(rows, 42)
    assert (first.centres == second.centres).all()
    assert first.segments == second.segments
    assert sum(segment.share for segment in first.segments) == pytest.approx(1.0, abs=1e-3)
    assert len({segment.name for segment in first.segments}) == len(first.segments)
    for centre, segment in zip(first.centres, first.segments, strict=True):
        far = int(np.abs(centre).argmax())
        name, meaning = (HIGH if centre[far] > 0 else LOW)[FEATURES[far]]
        assert segment.name.lower().startswith(name)
        assert f"households where {meaning}" in segment.description


def test_kinds_that_two_features_do_not_tell_apart_are_named_by_a_third() -> None:
    """Two crowds spend much on essentials and housing, and one of them goes out more."""
    centres = np.array(
        [[1.2, 1.1, 0.0, -0.9, 0.0, 0.0], [1.2, 1.1, 0.0, 0.9, 0.0, 0.0], [-0.8, -0.1, 0.0, 0.0, 0.1, 0.0]]
    )
    assert [segment.name for segment in named(centres, np.full(3, 1 / 3))] == [
        "Mostly essentials, much for housing, little for going out",
        "Mostly essentials, much for housing, much for going out",
        "Room for extras",
    ]


def test_everybody_is_assigned_to_the_nearest_centre(drawn: Demo) -> None:
    rows = columns(drawn)
    made = found(rows, 42)
    apart = (((rows - made.middle) / made.spread)[:, None] - made.centres) ** 2
    assert (made.assigned(rows) == apart.sum(axis=2).argmin(axis=1)).all()


def test_without_a_model_rules_tell_the_kind(drawn: Demo) -> None:
    rows = columns(drawn)
    shares = np.bincount(by_rule(rows), minlength=len(RULES)) / len(rows)
    assert shares == pytest.approx([segment.share for segment in RULES], abs=0.06)
