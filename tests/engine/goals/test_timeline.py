"""What gives: the date, the target, or half of each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.probability import success_probability
from engine.goals.returns import MAX_MONTHS
from engine.goals.timeline import NEVER, affordable_target, earliest_months, halfway
from tests.engine.goals.drawn import any_goals, drawn


@drawn
@given(any_goals())
def test_the_earliest_date_suffices_and_the_month_before_does_not(goals: Goals) -> None:
    months = earliest_months(goals)
    found = months != NEVER
    assert (success_probability(replace(goals, months=months))[found] >= 0.8 - 1e-9).all()
    later = found & (months > np.maximum(goals.months, 1))
    assert (success_probability(replace(goals, months=months - 1))[later] < 0.8).all()
    assert (months[found] <= MAX_MONTHS).all()


@drawn
@given(any_goals())
def test_the_affordable_target_is_likely_enough_and_within_the_goal(goals: Goals) -> None:
    target = affordable_target(goals)
    assert np.isfinite(target).all()
    assert ((target >= 0) & (target <= goals.target)).all()
    lower = (target > 0) & (target < goals.target) & (goals.months > 1)
    assert success_probability(replace(goals, target=target))[lower] == pytest.approx(0.8, abs=2e-3)


@drawn
@given(any_goals())
def test_both_together_delay_less_and_lower_less(goals: Goals) -> None:
    months, target = halfway(goals)
    earliest = earliest_months(goals)
    assert (months >= goals.months).all()
    assert (months[earliest != NEVER] <= np.maximum(earliest, goals.months)[earliest != NEVER]).all()
    assert (target <= goals.target).all()


def test_a_goal_that_is_on_track_keeps_its_date_and_target() -> None:
    goals = Goals.of(glide=3, months=120, saved=0, target=5e4)
    goals = goals.paying(required_contribution(goals, 0.85))
    assert earliest_months(goals)[0] == 120
    assert affordable_target(goals)[0] == 5e4
    assert halfway(goals)[0][0] == 120


def test_without_a_budget_the_date_never_comes() -> None:
    goals = Goals.of(glide=0, months=24, saved=0, target=1e5)
    assert earliest_months(goals)[0] == NEVER
    assert affordable_target(goals)[0] == 0
