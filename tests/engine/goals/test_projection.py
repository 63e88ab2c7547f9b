"""Quantiles of wealth, and the fan of them by year."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.goals.projection import fan, wealth_quantiles, wealth_reached
from tests.engine.goals.drawn import any_goals, drawn


@drawn
@given(any_goals(), st.floats(0.02, 0.98))
def test_a_quantile_is_reached_with_its_probability(goals: Goals, probability: float) -> None:
    wealth = wealth_reached(goals, probability)
    spread = (wealth > 0) & (goals.months > 1)
    reached = success_probability(replace(goals, target=wealth))[spread]
    assert reached == pytest.approx(probability, abs=2e-3)


@drawn
@given(any_goals())
def test_the_fan_opens_upwards_and_ends_at_the_date(goals: Goals) -> None:
    chart = fan(goals)
    assert all(np.isfinite(column).all() for column in (chart.p10, chart.p50, chart.p90))
    assert (chart.p10 <= chart.p50 + 1e-6).all()
    assert (chart.p50 <= chart.p90 + 1e-6).all()
    last = np.flatnonzero(np.diff(chart.goal, append=len(goals)))
    assert chart.months[last].tolist() == goals.months.clip(1, 720).tolist()
    ahead = goals.months >= 1
    assert chart.p50[last][ahead] == pytest.approx(wealth_quantiles(goals)[ahead, 1])


def test_a_fan_has_a_point_a_year_and_one_at_the_date() -> None:
    chart = fan(Goals.of(glide=[3, 6], months=[30, 12], saved=1e4, target=1))
    assert chart.goal.tolist() == [0, 0, 0, 1]
    assert chart.months.tolist() == [12, 24, 30, 12]


def test_a_constant_mix_on_the_way_is_that_of_the_shorter_goal() -> None:
    chart = fan(Goals.of(glide=3, months=120, saved=1e4, target=1, contribution=100))
    shorter = wealth_quantiles(Goals.of(glide=3, months=24, saved=1e4, target=1, contribution=100))
    assert [chart.p10[1], chart.p50[1], chart.p90[1]] == pytest.approx(shorter[0].tolist())


def test_a_glide_grows_more_slowly_once_it_is_careful() -> None:
    chart = fan(Goals.of(glide=6, months=360, saved=1e4, target=1))
    growth = np.diff(np.log(chart.p50))
    assert growth[:5].mean() > growth[-3:].mean() + 0.02


def test_nothing_saved_and_nothing_paid_stays_nothing() -> None:
    chart = fan(Goals.of(glide=range(8), months=100, saved=0, target=1))
    assert (chart.p90 == 0).all()
