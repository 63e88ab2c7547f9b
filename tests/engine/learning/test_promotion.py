"""The gate lets through what is better with confidence, and nothing that harms a group."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import Floats, Objects
from engine.learning.promotion import judged


def people(count: int) -> Objects:
    return np.array([f"user {number}" for number in range(count)], dtype=np.object_)


def losses(seed: int, count: int, mean: float) -> Floats:
    return np.random.default_rng(seed).gamma(4.0, mean / 4.0, count)


def test_a_clear_gain_is_better() -> None:
    rule = losses(1, 400, 1.0)
    verdict = judged(0.8 * rule, rule, people(400), {})
    assert verdict.better
    assert abs(verdict.gain - 0.2) < 0.01
    assert verdict.reason == (
        "On people held out it errs 20 % less than the rule (95 %: 19 % less to 21 % less), "
        "and for no group over 5 % more."
    )


def test_a_gain_that_may_be_chance_is_not() -> None:
    verdict = judged(losses(2, 60, 0.97), losses(3, 60, 1.0), people(60), {})
    assert not verdict.better
    assert "more to" in verdict.reason
    assert "so it is not better for certain" in verdict.reason


def test_a_loss_is_told_as_one() -> None:
    rule = losses(1, 400, 1.0)
    assert judged(1.2 * rule, rule, people(400), {}, than="the version in place").reason == (
        "On people held out it errs 20 % more than the version in place (95 %: 21 % more to 19 % more), so it is worse."
    )


@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_model_is_never_better_than_itself(seed: int) -> None:
    rule = losses(seed, 100, 1.0)
    assert not judged(rule, rule, people(100), {}).better


def test_what_answers_as_the_rule_does_is_told_as_such() -> None:
    rule = losses(1, 100, 1.0)
    assert "errs as the rule does" in judged(rule, rule, people(100), {}).reason


def test_equal_models_pass_in_one_of_forty_comparisons_at_most() -> None:
    random = np.random.default_rng(4)
    passed = [judged(random.gamma(4.0, 1.0, 200), random.gamma(4.0, 1.0, 200), people(200), {}) for _ in range(2_000)]
    assert np.mean([verdict.better for verdict in passed]) < 0.035


def test_rows_of_one_person_do_not_count_as_many() -> None:
    rule = np.repeat(losses(5, 30, 1.0), 50)
    ours = rule - np.repeat(np.random.default_rng(6).normal(0.05, 0.5, 30), 50)
    as_people = judged(ours, rule, np.repeat(people(30), 50), {})
    as_rows = judged(ours, rule, people(1_500), {})
    assert as_people.high - as_people.low > 5 * (as_rows.high - as_rows.low)


def test_a_group_that_fares_worse_stops_a_better_model() -> None:
    rule = losses(7, 400, 1.0)
    labels = np.array(["few"] * 50 + ["many"] * 350, dtype=np.object_)
    ours = np.where(labels == "few", 1.2, 0.7) * rule
    verdict = judged(ours, rule, people(400), {"sex": labels})
    assert verdict.low > 0
    assert not verdict.better
    assert "but over 5 % more for: sex few (" in verdict.reason


def test_a_group_of_a_few_people_says_nothing() -> None:
    rule = losses(8, 400, 1.0)
    labels = np.array(["few"] * 10 + ["many"] * 390, dtype=np.object_)
    assert judged(np.where(labels == "few", 1.2, 0.7) * rule, rule, people(400), {"sex": labels}).better
