"""The least contribution: the inverse of the probability."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.probability import success_probability
from tests.engine.goals.drawn import any_goals, drawn


@drawn
@given(any_goals(), st.floats(0.02, 0.98))
def test_the_contribution_reaches_the_probability_and_no_more(goals: Goals, probability: float) -> None:
    paid = required_contribution(goals, probability)
    assert np.isfinite(paid).all()
    assert (paid >= 0).all()
    ahead = goals.months > 1
    reached = success_probability(goals.paying(paid))[ahead]
    assert (reached >= probability - 1e-6).all()
    assert reached[paid[ahead] > 0] == pytest.approx(probability, abs=1e-4)


@drawn
@given(any_goals(), st.floats(0.05, 0.9))
def test_what_a_contribution_makes_likely_asks_for_that_contribution(goals: Goals, probability: float) -> None:
    paid = required_contribution(goals, probability)
    again = required_contribution(goals, success_probability(goals.paying(paid)))
    free = (paid > 0) & (goals.months > 1)
    assert again[free] == pytest.approx(paid[free], rel=1e-4)


@drawn
@given(any_goals(), st.floats(0.05, 0.9))
def test_more_certainty_never_costs_less(goals: Goals, probability: float) -> None:
    assert (required_contribution(goals, probability + 0.05) >= required_contribution(goals, probability) - 1e-6).all()


def test_savings_that_suffice_ask_for_nothing() -> None:
    goals = Goals.of(glide=3, months=120, saved=1e6, target=1e4)
    assert required_contribution(goals)[0] == 0


def test_a_target_of_one_and_sixty_years_is_answered() -> None:
    goals = Goals.of(glide=range(8), months=600, saved=0, target=1)
    paid = required_contribution(goals)
    assert ((paid > 0) & (paid < 1 / 300)).all()


def test_a_date_in_the_past_asks_for_the_gap() -> None:
    goals = Goals.of(glide=3, months=0, saved=[40, 200], target=100)
    assert required_contribution(goals).tolist() == [60, 0]


def test_one_month_ahead_asks_for_the_gap_and_little_more() -> None:
    goals = Goals.of(glide=0, months=1, saved=[0, 5_000], target=10_000)
    nothing, half = required_contribution(goals, 0.9)
    assert nothing == pytest.approx(10_000)
    assert 5_000 < half < 5_050


def test_a_contribution_that_grows_may_start_lower() -> None:
    goals = Goals.of(glide=3, months=240, saved=0, target=1e5)
    growing = replace(goals, growth=np.array([0.02]))
    assert required_contribution(growing)[0] < required_contribution(goals)[0]


def test_one_goal_is_answered_as_it_is_among_many() -> None:
    many = Goals.of(glide=np.arange(8), months=np.arange(60, 68), saved=1e3, target=5e4)
    alone = [required_contribution(many.rows([row]))[0] for row in range(8)]
    assert alone == required_contribution(many).tolist()
