"""Goal optimization tells what one pool for several dated goals would bring, and changes no amount for it."""

from datetime import date

import numpy as np
import pytest

from engine.answers import Contribution
from engine.goals.pool import Pools, joint_plans
from engine.recommenders.goal_optimization import GoalOptimization
from engine.recommenders.goal_optimization.pooled import evenly
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, goal, household, steady
from tests.engine.recommenders.goal_optimization.told import optimized

ROOF = goal(
    "MAJOR_PURCHASE", 9_000.0, name="Roof", priority="CRITICAL", target_date=date(2027, 9, 15), saved_amount=4_000.0
)
TRIP = goal("TRAVEL", 8_000.0, name="Trip", priority="LOW", target_date=date(2029, 9, 15), saved_amount=6_000.0)


def living(*goals: Row, tolerance: str | None = None) -> Row:
    """On all that comes in, so that the plan has no money for goals."""
    return household(goals=goals, months=steady(3_000.0, 3_000.0), stated_risk_tolerance=tolerance)


def pool(answer: GoalOptimization) -> list[Contribution]:
    return [each for each in answer.explanation if each.feature == "one_pool"]


def test_what_matters_most_gains_from_the_money_of_what_matters_less() -> None:
    roof, trip = pool(optimized(living(ROOF, TRIP)))
    assert roof.value == pytest.approx(0.98, abs=0.02)  # prices may outrun the savings account
    assert roof.effect > 0.9
    assert "With the money for Roof and Trip in one pool" in roof.sentence
    assert f"{100 * roof.effect:.0f} points more than" in roof.sentence
    assert trip.value is not None
    assert trip.value < 0.1


def test_the_plan_s_own_figures_are_those_of_goals_apart() -> None:
    together, *apart = (optimized(living(*goals)) for goals in ((ROOF, TRIP), (ROOF,), (TRIP,)))
    told = [plan.success_probability_if_followed for plan in together.goals]
    assert told == [each.goals[0].success_probability_if_followed for each in apart]
    assert pool(together)
    assert not [each for one in apart for each in pool(one)]


@pytest.mark.parametrize("kind", ["RETIREMENT", "EMERGENCY_FUND", "DEBT_PAYOFF"])
def test_money_that_is_not_free_for_others_is_in_no_pool(kind: str) -> None:
    assert not pool(optimized(living(ROOF, {**TRIP, "kind": kind})))


def test_goals_that_are_likely_anyway_are_not_spoken_of() -> None:
    urgent = {**TRIP, "priority": "CRITICAL"}
    able = household(goals=[ROOF, urgent], accounts=[account("SAVINGS", 20_000.0)], months=steady(6_500.0, 3_000.0))
    answer = optimized(able)
    assert [plan.timeline_adjustment for plan in answer.goals] == [None, None]
    assert not pool(answer)


def test_careful_households_are_not_told_what_daring_ones_would_reach() -> None:
    far = [
        {**each, "target_amount": 30_000.0, "saved_amount": 9_000.0, "target_date": date(year, 9, 15)}
        for each, year in ((ROOF, 2042), (TRIP, 2044))
    ]
    usual, careful = (pool(optimized(living(*far, tolerance=level))) for level in ("AGGRESSIVE", "CONSERVATIVE"))
    assert usual
    assert max((each.value or 0.0 for each in careful), default=0.0) < max(each.value or 0.0 for each in usual)


def test_a_pool_is_paid_no_more_than_its_goals_are_apart() -> None:
    """100 for a year and 50 for three, and a goal of today by itself."""
    paid = evenly(np.array([0, 0, 1]), np.array([100.0, 50.0, 30.0]), np.array([12, 36, 0]))
    np.testing.assert_allclose(paid * [36, 1], [100.0 * 12 + 50.0 * 36, 0.0])


def test_a_pool_holds_no_more_stocks_than_it_may() -> None:
    one, none = np.array([20_000.0]), np.zeros(1)
    told = [
        joint_plans(
            Pools(wealth=one, contribution=none, growth=none, return_shift=none),
            household=np.zeros(1, dtype=np.int64),
            months=np.array([180]),
            target=np.array([60_000.0]),
            weight=np.ones(1),
            most_stocks=most,
        )
        for most in (0.0, 0.4, 1.0)
    ]
    assert [each.stock_share[0] <= most + 1e-9 for each, most in zip(told, (0.0, 0.4, 1.0), strict=True)] == [True] * 3
    likely = [each.probability[0] for each in told]
    assert likely == sorted(likely)
