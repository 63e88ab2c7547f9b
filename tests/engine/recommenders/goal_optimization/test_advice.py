"""What a household is told to do about its goals, read as that household."""

from datetime import date
from decimal import Decimal

import pytest

from tests.engine.facts_factory import Row, account, goal, household, steady
from tests.engine.recommenders.goal_optimization.told import one_plan, optimized


def test_a_goal_that_spare_cash_completes_is_told_so_and_nothing_else() -> None:
    car = goal("MAJOR_PURCHASE", 9_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="New car")
    rich = household(accounts=[account("SAVINGS", 60_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(rich)
    (advised,) = goals.recommendations
    assert advised.title == "Set $8,000 of spare cash aside for New car"
    assert advised.actionable_items[0].amount == Decimal("8000.00")
    (invested,) = [each for each in savings.recommendations if each.key == "use_spare_cash"]
    assert invested.actionable_items[0].amount == Decimal("60000.00") - 8_000 - 1_000 - 4 * 3_000
    assert goals.goals[0].timeline_adjustment is None
    assert goals.goals[0].success_probability < 0.01
    assert goals.goals[0].success_probability_if_followed == 1.0


def test_a_fund_that_cash_completes_lacks_no_part_of_a_cent() -> None:
    """Months of spending are no whole cents; what completes a fund is, and may be a thousandth short."""
    fund = goal("EMERGENCY_FUND", 23_000.0, target_date=date(2029, 5, 1), name="Reserve")
    spent = steady(4_000.0, 3_333.3333)
    (advised,) = optimized(
        household(accounts=[account("SAVINGS", 60_000.0)], goals=[fund], months=spent)
    ).recommendations
    assert advised.title == "Set $13,000 of spare cash aside for Reserve"
    assert advised.description.startswith("Then the $23,000 is complete")


def test_a_part_of_a_near_goal_is_set_aside_before_anything_is_invested() -> None:
    car = goal("MAJOR_PURCHASE", 30_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="New car")
    some = household(accounts=[account("SAVINGS", 25_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(some)
    aside = next(each for each in goals.recommendations if each.key.startswith("complete_goal"))
    assert aside.title == "Set $12,000 of spare cash aside for New car"
    assert "$13,000 of the $30,000 is there" in aside.description
    assert not [each for each in savings.recommendations if each.key == "use_spare_cash"]
    assert {each.key.partition(":")[0] for each in goals.recommendations} == {"complete_goal", "rethink_goal"}


def test_what_is_set_aside_comes_before_what_is_invested_of_the_same_cash() -> None:
    car = goal("TRAVEL", 9_000.0, saved_amount=8_000.0, target_date=date(2029, 1, 1), priority="LOW")
    rich = household(accounts=[account("SAVINGS", 200_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(rich)
    aside, invest = (
        next(each for each in answer.recommendations if each.key.startswith(key))
        for answer, key in ((goals, "complete_goal"), (savings, "use_spare_cash"))
    )
    assert invest.annual_impact is not None
    assert Decimal(aside.data["yardstick_a_year"]) > invest.annual_impact


def test_an_emergency_goal_below_what_the_household_needs_is_not_closed_but_raised() -> None:
    small = goal("EMERGENCY_FUND", 2_000.0, saved_amount=2_000.0, name="Reserve")
    one = household(accounts=[account("SAVINGS", 2_500.0)], goals=[small], months=steady(3_500.0, 3_000.0))
    goals, savings = one_plan(one)
    (advised,) = goals.recommendations
    assert advised.title == "Raise the target of Reserve to $9,000"
    assert savings.emergency_fund.target_amount == Decimal("9000.00")


def test_spare_cash_goes_to_a_larger_fund_that_the_household_wants_before_a_cheap_mortgage() -> None:
    wants = goal("EMERGENCY_FUND", 40_000.0, saved_amount=9_000.0, name="Reserve", target_date=date(2029, 1, 1))
    cheap = account("MORTGAGE", -12_000.0, interest_rate=0.03, minimum_payment=100.0)
    one = household(accounts=[account("SAVINGS", 50_000.0, interest_rate=0.01), cheap], goals=[wants])
    goals, savings = one_plan(one)
    assert "complete_goal" in {each.key.partition(":")[0] for each in goals.recommendations}
    assert goals.goals[0].success_probability_if_followed == 1.0
    paid = sum(each.actionable_items[0].amount or 0 for each in savings.recommendations if "cash" in each.key)
    assert paid == 50_000 - 40_000 - 3_000  # a month's spending stays in checking


def test_no_fund_is_told_to_be_smaller_than_the_strategy_says() -> None:
    large = goal("EMERGENCY_FUND", 9_000.0, name="Reserve", target_date=date(2027, 1, 1))
    one = household(accounts=[account("SAVINGS", 500.0)], goals=[large], months=steady(3_100.0, 3_000.0))
    goals, savings = one_plan(one)
    assert savings.emergency_fund.target_amount == Decimal("9000.00")
    told = " ".join(item.title for each in goals.recommendations for item in each.actionable_items)
    assert "ower the target" not in told


def test_what_lenders_ask_for_counts_toward_a_debt_goal_and_is_never_told_to_be_needed_elsewhere() -> None:
    loan = account("LOAN", -4_000.0, interest_rate=0.06, minimum_payment=120.0)
    free = goal("DEBT_PAYOFF", 4_000.0, target_date=date(2028, 1, 1), monthly_contribution=120.0, name="No more loan")
    one = household(accounts=[account("SAVINGS", 500.0), loan], goals=[free], months=steady(3_000.0, 3_000.0))
    answer = optimized(one)
    (advised,) = answer.recommendations
    assert "what lenders ask for reaches $4,000 by" in advised.description
    assert "a month more" in advised.description
    assert "elsewhere" not in advised.description
    assert "ower the target" not in f"{advised.description} {advised.actionable_items}"
    adjustment = answer.goals[0].timeline_adjustment
    assert adjustment is not None
    assert 3 * 12 < 16 + adjustment.months_later < 5 * 12  # a hundred of the 120 is not interest
    assert answer.goals[0].optimal_monthly_contribution == 0


def test_a_goal_without_money_gets_one_recommendation_and_a_first_step() -> None:
    trip = goal("TRAVEL", 3_000.0, target_date=date(2027, 7, 1), monthly_contribution=80.0, name="Trip")
    poor = household(accounts=[account("SAVINGS", 100.0)], goals=[trip], months=steady(3_000.0, 3_100.0))
    (advised,) = optimized(poor).recommendations
    assert advised.title == "Rethink your goal Trip"
    assert "the plan has no money left for it now" in advised.description.lower()
    assert "the $80.00 a month that it gets today is needed elsewhere" in advised.description
    assert "60 years" not in advised.description
    assert advised.actionable_items[0].title.startswith("Find $")


@pytest.mark.parametrize(("age", "key", "later"), [(88.0, "rethink_goal", False), (40.0, "move_date", True)])
def test_nobody_is_told_to_wait_beyond_a_lifetime(age: float, key: str, later: bool) -> None:
    gift = goal("OTHER", 10_000.0, saved_amount=4_000.0, target_date=date(2029, 1, 1))
    one = household(age=age, accounts=[account("SAVINGS", 12_000.0)], goals=[gift], months=steady(3_000.0, 2_970.0))
    answer = optimized(one)
    adjustment = answer.goals[0].timeline_adjustment
    assert adjustment is not None
    assert (adjustment.months_later > 0) == (adjustment.recommended_date.year > 2031) == later
    assert key in {each.key.partition(":")[0] for each in answer.recommendations}


def low(priority: str, **more: object) -> Row:
    """A wish beside retirement accounts that are worth more to the household than what is ranked low."""
    wish = goal("TRAVEL", 9_000.0, target_date=date(2029, 1, 1), priority=priority, name="Trip")
    saved = account("SAVINGS", 14_800.0, interest_rate=0.03)
    return {**household(accounts=[saved], goals=[wish], months=steady(3_950.0, 3_700.0)), **more}


def test_a_goal_without_money_says_where_the_money_goes_and_what_rank_would_change_that() -> None:
    goals, savings = one_plan(low("LOW"))
    (advised,) = goals.recommendations
    shown = f"{savings.monthly_amount:,.0f}"
    assert goals.goals[0].optimal_monthly_contribution == 0 < savings.monthly_amount
    assert f"The plan's ${shown} a month goes to retirement first: there it is worth more while" in advised.description
    assert "no money left" not in advised.description
    assert "while this goal has low priority; with medium priority it could get a part of that." in advised.description
    assert Decimal(advised.data["put_elsewhere_a_month"]) == savings.monthly_amount
    assert one_plan(low("MEDIUM"))[0].goals[0].optimal_monthly_contribution > 0


def test_where_nothing_is_put_aside_no_other_place_is_named() -> None:
    goals, savings = one_plan(low("LOW", months=steady(3_700.0, 3_700.0)))
    assert savings.monthly_amount == 0
    assert not [one for one in goals.recommendations if "goes to" in one.description]


def test_a_fund_is_not_promised_more_by_another_rank() -> None:
    """Beyond what the household needs a reserve is worth little, whatever its priority."""
    fund = goal("EMERGENCY_FUND", 40_000.0, saved_amount=12_000.0, target_date=date(2029, 1, 1), priority="LOW")
    goals, _ = one_plan(low("LOW", goals=[fund]))
    (advised,) = [one for one in goals.recommendations if "goes to retirement first" in one.description]
    assert "priority" not in advised.description


def test_what_is_set_aside_leaves_what_covers_the_gap_of_the_months() -> None:
    trip = goal("TRAVEL", 9_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="Trip")
    goals, _ = one_plan(
        low("LOW", goals=[trip], accounts=[account("SAVINGS", 60_000.0)], months=steady(3_000.0, 3_400.0))
    )
    (aside,) = goals.recommendations
    assert "stays whole, and what covers the gap of $400 a month for 2 years is kept." in aside.description


def test_nobody_is_told_to_find_more_than_comes_in() -> None:
    late = goal("RETIREMENT", 1_300_000.0, saved_amount=10_000.0, target_date=date(2028, 5, 1), name="Retirement")
    goals, _ = one_plan(low("LOW", goals=[late]))
    (advised,) = [one for one in goals.recommendations if one.key.startswith("rethink_goal")]
    assert "By May 2028 it would take more than comes in." in advised.description
    assert [item.title for item in advised.actionable_items] == ["Choose another target and date"]
    assert Decimal(advised.data["needed_a_month"]) > 3_950


def test_cash_for_a_larger_emergency_fund_is_not_said_to_spare_the_fund() -> None:
    fund = goal("EMERGENCY_FUND", 40_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="Rainy days")
    goals, _ = one_plan(low("LOW", goals=[fund], accounts=[account("SAVINGS", 30_000.0)]))
    (aside,) = [one for one in goals.recommendations if one.key.startswith("complete_goal")]
    assert "of the $40,000 is there. It comes before" in aside.description


def test_a_debt_that_cash_pays_is_not_done_by_more_than_was_wanted() -> None:
    wants = goal("DEBT_PAYOFF", 2_000.0, name="Out of debt", target_date=date(2029, 1, 1))
    card = account("CREDIT_CARD", -3_000.0, interest_rate=0.2)
    goals, _ = one_plan(low("LOW", goals=[wants], accounts=[account("SAVINGS", 60_000.0), card]))
    (done,) = goals.recommendations
    assert done.description.endswith("as the plan says, $2,000 of $2,000 is done.")
