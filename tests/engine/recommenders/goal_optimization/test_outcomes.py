"""What goal optimization says of goals that are reached, paid from cash, or past their date."""

from datetime import date

from tests.engine.facts_factory import NASTY, TODAY, account, goal, household, steady
from tests.engine.recommenders.goal_optimization.told import keys, optimized


def test_a_debt_that_is_paid_from_cash_is_a_debt_goal_reached() -> None:
    rows = [account("SAVINGS", 20_000.0), account("CREDIT_CARD", -1_500.0, interest_rate=0.24)]
    wants = goal("DEBT_PAYOFF", 1_500.0, name="Out of debt", target_date=date(2028, 1, 1))
    answer = optimized(household(accounts=rows, goals=[wants], months=steady(4_200.0, 2_000.0)))
    (told,) = answer.recommendations
    assert told.key.startswith("close_goal")
    assert "$1,500 is paid from your cash" in told.description
    assert answer.goals[0].optimal_monthly_contribution == 0


def test_models_of_returns_that_agree_are_not_told() -> None:
    answer = optimized(household(annual_income=0.0, liquid_assets=0.0, goals=[goal("TRAVEL", 90_000.0)]))
    assert [entry.feature for entry in answer.explanation if entry.feature == "return_model"] == []


def test_a_reached_goal_asks_for_nothing_and_is_certain() -> None:
    (plan,) = optimized(NASTY["goal of 1 that is reached"]).goals
    assert (plan.success_probability, plan.success_probability_if_followed) == (1.0, 1.0)
    assert plan.optimal_monthly_contribution == 0
    assert plan.timeline_adjustment is None
    assert keys(optimized(NASTY["goal of 1 that is reached"])) == {"close_goal"}


def test_a_past_date_gets_a_new_one() -> None:
    (plan,) = optimized(NASTY["target date past"]).goals
    assert plan.success_probability == 0.0
    assert plan.timeline_adjustment is not None
    assert plan.timeline_adjustment.recommended_date > TODAY
    assert "has passed" in plan.timeline_adjustment.reason
