"""What-ifs: another budget, return or date reaches every number, and nothing else does."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommenders.goal_optimization import GoalScenario
from tests.engine.fact_columns import Row
from tests.engine.recommenders.goal_optimization.told import HOUSE, contributions, optimized, with_goals
from tests.engine.sane import assert_sane
from tests.engine.strategies import households


@settings(max_examples=60, deadline=None)
@given(households())
def test_the_plan_s_own_budget_as_a_scenario_changes_no_contribution(one: Row) -> None:
    usual = optimized(one)
    again = optimized(one, monthly_budget=usual.monthly_budget)
    assert contributions(again) == contributions(usual)
    assert again.monthly_budget == usual.monthly_budget


@settings(max_examples=40, deadline=None)
@given(households(), st.integers(0, 20_000))
def test_more_money_for_goals_never_lowers_what_they_get(one: Row, budget: int) -> None:
    less, more = (optimized(one, monthly_budget=Decimal(budget * factor)) for factor in (1, 2))
    assert more.total_optimal_contribution >= less.total_optimal_contribution - 5
    assert less.monthly_budget == budget
    assert less.total_optimal_contribution <= budget


def test_each_part_of_a_scenario_reaches_the_numbers() -> None:
    saver = with_goals({**HOUSE, "monthly_contribution": 800.0})
    usual, better = optimized(saver), optimized(saver, return_shift=0.02)
    assert better.total_optimal_contribution < usual.total_optimal_contribution
    assert better.goals[0].success_probability > usual.goals[0].success_probability
    later = optimized(saver, delay_months=24)
    assert later.total_optimal_contribution < usual.total_optimal_contribution
    assert later.goals[0].projection[-1].date == date(2033, 6, 1)
    poorer = optimized(saver, monthly_budget=Decimal(100))
    assert poorer.monthly_budget == poorer.total_optimal_contribution == 100
    assert poorer.goals[0].projection[0] != usual.goals[0].projection[0]
    texts = [{entry.sentence for entry in answer.explanation} for answer in (usual, better, later, poorer)]
    assert all(texts[0] != other for other in texts[1:])


@settings(max_examples=40, deadline=None)
@given(
    households(),
    st.fixed_dictionaries(
        {
            "monthly_budget": st.one_of(st.none(), st.integers(0, 10**9).map(Decimal)),
            "return_shift": st.floats(-0.2, 0.2),
            "delay_months": st.integers(0, 720),
        }
    ),
)
def test_any_scenario_of_any_household_is_answered_sanely(one: Row, scenario: dict[str, object]) -> None:
    assert_sane(optimized(one, **scenario))


@pytest.mark.parametrize(
    "scenario",
    [{"monthly_budget": Decimal(-1)}, {"return_shift": 0.3}, {"return_shift": float("nan")}, {"delay_months": -1}],
)
def test_a_scenario_beyond_reason_is_refused(scenario: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        GoalScenario(**scenario)  # type: ignore[arg-type]
