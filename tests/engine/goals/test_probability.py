"""Properties of the probability of a goal, and closed forms that it must agree with."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from engine.goals.columns import Goals
from engine.goals.probability import marginal_probability, success_probability, success_range
from engine.goals.returns import GLIDES, LOGNORMAL, MAX_MONTHS, MODELS
from engine.goals.table import goal_tables
from tests.engine.goals.drawn import any_goals, drawn

SLACK = 1e-6  # the table is interpolated: 60 million random steps showed none against the truth by more than 1e-8


@drawn
@given(any_goals())
def test_a_probability_lies_between_0_and_1_whatever_is_asked(goals: Goals) -> None:
    for model in range(len(MODELS)):
        probability = success_probability(goals, model)
        assert np.isfinite(probability).all()
        assert ((probability >= 0) & (probability <= 1)).all()


@drawn
@given(any_goals(), st.floats(0, 1e6))
def test_more_savings_never_make_a_goal_less_likely(goals: Goals, more: float) -> None:
    richer = replace(goals, saved=goals.saved + more)
    assert (success_probability(richer) >= success_probability(goals) - SLACK).all()


@drawn
@given(any_goals(), st.floats(0, 1e4))
def test_a_higher_contribution_never_makes_a_goal_less_likely(goals: Goals, more: float) -> None:
    paying = goals.paying(goals.contribution + more)
    assert (success_probability(paying) >= success_probability(goals) - SLACK).all()


@drawn
@given(any_goals(), st.floats(1, 3))
def test_a_higher_target_is_never_more_likely(goals: Goals, times: float) -> None:
    higher = replace(goals, target=goals.target * times)
    assert (success_probability(higher) <= success_probability(goals) + SLACK).all()


@drawn
@given(any_goals(), st.floats(0.01, 100))
def test_only_amounts_relative_to_the_target_matter(goals: Goals, unit: float) -> None:
    scaled = replace(
        goals, saved=goals.saved * unit, contribution=goals.contribution * unit, target=goals.target * unit
    )
    assert success_probability(scaled) == pytest.approx(success_probability(goals), abs=1e-9)


@pytest.mark.parametrize("glide", range(len(GLIDES)))
def test_another_month_never_hurts_who_starts_with_nothing(glide: int) -> None:
    """With constant contributions and no savings each month more adds a payment to every path."""
    months = np.arange(1, MAX_MONTHS + 1)
    probability = success_probability(Goals.of(glide=glide, months=months, saved=0, target=1e5, contribution=300))
    assert (np.diff(probability) >= -1.5e-3).all()
    assert probability[0] == 0
    assert probability[-1] > 0.9


@given(st.floats(-0.05, 0.05), st.integers(2, 600))
@settings(max_examples=40, deadline=None)
def test_a_higher_return_never_makes_a_goal_less_likely(shift: float, months: int) -> None:
    goals = Goals.of(glide=range(8), months=months, saved=1e4, target=1e5, contribution=90_000 / months)
    shifted = replace(goals, return_shift=np.full(8, shift))
    gain = success_probability(shifted) - success_probability(goals)
    assert (gain * np.sign(shift) >= -SLACK).all()


def test_a_lump_sum_under_the_lognormal_model_has_the_closed_form() -> None:
    """Independent lognormal months multiply to a lognormal, whose score needs no correction."""
    moments = goal_tables()[0].reshape(2, len(GLIDES), MAX_MONTHS + 1, 2)[LOGNORMAL]
    for glide in range(1, 6):
        months = np.array([12, 60, 240, 600])
        mean, variation = moments[glide, months].T
        deviation = np.sqrt(np.log1p(variation))
        target = 1e5 * np.exp(np.log(mean) - deviation**2 / 2 + 0.3 * deviation)
        goals = Goals.of(glide=glide, months=months, saved=1e5, target=target)
        assert success_probability(goals, LOGNORMAL) == pytest.approx(norm.cdf(-0.3), abs=0.0015)


def test_a_shift_of_the_return_multiplies_a_lump_sum() -> None:
    goals = Goals.of(glide=3, months=[12, 120, 480], saved=1e5, target=[1.1e5, 1.5e5, 4e5])
    shifted = replace(goals, return_shift=np.full(3, 0.01))
    smaller = replace(goals, target=goals.target * np.exp(-0.01 * goals.months / 12))
    assert success_probability(shifted) == pytest.approx(success_probability(smaller), abs=1e-3)


def test_what_is_certain_is_certain() -> None:
    """A first contribution is paid at the end of the month: nothing of it is invested before."""
    goals = Goals.of(glide=5, months=1, saved=0, target=[500, 500, 500], contribution=[499.99, 500, 501])
    assert success_probability(goals).tolist() == [0, 1, 1]


def test_a_date_in_the_past_counts_what_is_there() -> None:
    goals = Goals.of(glide=3, months=[0, -5, 0], saved=[100, 99, 0], target=[100, 100, 0], contribution=50)
    assert success_probability(goals).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("saved", "contribution", "target", "expected"),
    [(0, 0, 1, 0), (-5, 0, 1, 0), (1, 0, 0, 1), (np.nan, np.nan, 1, 0), (1e300, 0, 1, 1), (1, 1, np.inf, 0)],
)
def test_degenerate_amounts_get_a_finite_answer(
    saved: float, contribution: float, target: float, expected: float
) -> None:
    goals = Goals.of(glide=3, months=600, saved=saved, target=target, contribution=contribution)
    assert success_probability(goals)[0] == pytest.approx(expected, abs=1e-6)


def test_a_horizon_beyond_the_table_is_its_last() -> None:
    goals = Goals.of(glide=4, months=[MAX_MONTHS, 5 * MAX_MONTHS], saved=1e4, target=1e5)
    first, last = success_probability(goals)
    assert first == last


def test_the_range_holds_both_models() -> None:
    goals = Goals.of(glide=range(8), months=240, saved=2e4, target=1.5e5, contribution=300)
    lower, upper = success_range(goals)
    both = np.stack([success_probability(goals, model) for model in range(len(MODELS))])
    assert lower.tolist() == both.min(axis=0).tolist()
    assert upper.tolist() == both.max(axis=0).tolist()
    assert (upper > lower).all()


def test_the_next_hundred_is_worth_most_to_the_goal_in_between() -> None:
    goals = Goals.of(glide=3, months=120, saved=0, target=[1e3, 5e4, 1e7], contribution=300)
    assert marginal_probability(goals).argmax() == 1
    assert (marginal_probability(goals) >= 0).all()


def test_a_glide_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="GLIDES"):
        Goals.of(glide=8, months=12, saved=0, target=1)
