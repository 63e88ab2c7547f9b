"""What goal optimization says of goals that are reached, paid from cash, or past their date."""

from datetime import date

from engine.recommenders.goal_optimization import GoalOptimization
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


OUT_OF_DEBT = goal("DEBT_PAYOFF", 49_000.0, name="Out of debt", target_date=date(2029, 1, 1))
CARD = account("CREDIT_CARD", -10_462.0, interest_rate=0.2, minimum_payment=220.0)


def test_a_debt_goal_asks_for_no_more_than_is_owed() -> None:
    exact = {**OUT_OF_DEBT, "target_amount": 10_462.0}
    saver, months = account("SAVINGS", 500.0), steady(3_000.0, 2_600.0)
    more, just = (
        optimized(household(accounts=[saver, CARD], goals=[wants], months=months)) for wants in (OUT_OF_DEBT, exact)
    )
    assert _dates(more) == _dates(just)
    assert more.goals[0].projection == just.goals[0].projection
    (told,) = more.recommendations
    assert told.description.endswith(
        "Of its target of $49,000, $10,462 is left to pay: the goal is done when no debt is left."
    )
    assert (told.data["target_stated"], told.data["left_to_pay"]) == ("49000.00", "10462.00")


def test_what_is_paid_already_counts_beside_what_is_owed() -> None:
    halfway = {**OUT_OF_DEBT, "saved_amount": 30_000.0}
    answer = optimized(household(accounts=[CARD], goals=[halfway], months=steady(3_000.0, 2_600.0)))
    (told,) = [one for one in answer.recommendations if one.key.startswith(("fund_goal", "move_date"))]
    assert (told.data["target"], told.data["left_to_pay"]) == ("40462.00", "10462.00")


def test_a_debt_goal_is_reached_once_no_debt_is_left() -> None:
    paid = household(accounts=[account("CREDIT_CARD", 0.0)], goals=[OUT_OF_DEBT], months=steady(3_000.0, 2_600.0))
    answer = optimized(paid)
    assert keys(answer) == {"close_goal"}
    assert answer.recommendations[0].description == "No debt is left to pay, so it is done, whatever its target."
    cash = account("SAVINGS", 60_000.0)
    (told,) = optimized(
        household(accounts=[cash, CARD], goals=[OUT_OF_DEBT], months=steady(3_000.0, 2_600.0))
    ).recommendations
    assert told.description == "Once $10,462 is paid from your cash, as the plan says, no debt is left."


def test_debts_that_are_not_told_leave_a_debt_goal_its_own_target() -> None:
    answer = optimized(household(accounts=[account("SAVINGS", 500.0)], goals=[OUT_OF_DEBT]))
    assert "does not grow to $49,000" in answer.recommendations[0].description
    stated = optimized(household(goals=[OUT_OF_DEBT], total_debt=9_000.0)).recommendations[0].description
    assert "No account of a debt is known" in stated
    assert "$9,000 is left to pay" in stated


def test_a_second_debt_goal_names_the_one_that_the_payments_count_toward() -> None:
    second = {**OUT_OF_DEBT, "name": "No more card"}
    one = household(accounts=[CARD], goals=[OUT_OF_DEBT, second], months=steady(3_000.0, 2_600.0))
    reasons = [plan.timeline_adjustment.reason for plan in optimized(one).goals if plan.timeline_adjustment]
    assert any("What the plan pays on debts counts toward your goal Out of debt." in reason for reason in reasons)


def _dates(answer: GoalOptimization) -> list[tuple[date | None, float, float]]:
    return [
        (
            plan.timeline_adjustment.recommended_date if plan.timeline_adjustment else None,
            plan.success_probability,
            plan.success_probability_if_followed,
        )
        for plan in answer.goals
    ]


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
