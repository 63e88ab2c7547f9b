"""Sentences of the savings strategy are true of the household, not only of the yardstick."""

from datetime import date

import pytest

from engine.advise import advise
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import ORDINARY, Row, account, facts, goal, household, steady


def reasons(one: Row) -> dict[str, str]:
    """The description of each recommendation by its key, without ids."""
    (answer,) = advise(facts(one), ["savings_strategy"])["savings_strategy"]
    assert isinstance(answer, SavingsStrategy)
    return {each.key.partition(":")[0]: each.description for each in answer.recommendations}


CASH = account("SAVINGS", 12_000.0)


def test_what_a_goal_is_worth_is_not_told_as_a_return() -> None:
    wants = goal("RETIREMENT", 900_000.0, name="Retirement", priority="HIGH")
    serving = reasons(household(accounts=[CASH], goals=[wants]))
    alone = reasons(household(accounts=[CASH]))
    shared = serving.keys() & alone.keys() & {"fund_traditional_ira", "fund_roth_ira"}
    assert shared
    for key in shared:
        assert serving[key].endswith("it serves your goal Retirement.")
        assert "%" not in serving[key]
        assert alone[key].endswith("a year after tax, as far as can be expected.")


def test_a_fund_that_the_plan_never_fills_says_so() -> None:
    wants = goal("RETIREMENT", 5_000_000.0, name="Retirement", priority="CRITICAL")
    one = household(accounts=[account("SAVINGS", 500.0)], goals=[wants], employment="SELF_EMPLOYED")
    assert "other places come to be worth more" in reasons(one)["raise_emergency_fund"]


def test_an_emergency_fund_is_opened_as_an_account() -> None:
    (answer,) = advise(facts(household(liquid_assets=0.0)), ["savings_strategy"])["savings_strategy"]
    assert isinstance(answer, SavingsStrategy)
    titles = {item.title for each in answer.recommendations for item in each.actionable_items}
    assert "Open a savings account for your emergency fund" in titles


def test_a_card_paid_from_the_fund_says_what_is_left_and_that_it_is_filled_again() -> None:
    rows = [account("SAVINGS", 8_000.0, interest_rate=0.01), account("CREDIT_CARD", -9_000.0, interest_rate=0.24)]
    told = reasons(household(accounts=rows, monthly_expenses=2_000.0))["use_spare_cash"]
    assert "24% a year" in told
    assert told.endswith("What is left covers 2 months of spending, and the plan fills the fund again.")


def test_a_card_paid_from_what_is_spare_does_not_speak_of_the_fund() -> None:
    rows = [account("SAVINGS", 20_000.0, interest_rate=0.01), account("CREDIT_CARD", -900.0, interest_rate=0.24)]
    (answer,) = advise(facts(household(accounts=rows, monthly_expenses=2_000.0)), ["savings_strategy"])[
        "savings_strategy"
    ]
    assert isinstance(answer, SavingsStrategy)
    card, invested = [each.description for each in answer.recommendations if each.key.startswith("use_spare_cash")]
    assert "fund" not in card
    assert invested.startswith("Your emergency fund does not need it")


def test_a_rest_that_lenders_take_is_not_said_to_stay_in_checking() -> None:
    loan = account("LOAN", -9_000.0, interest_rate=0.06, minimum_payment=400.0)
    one = household(accounts=[CASH, loan], months=steady(3_000.0, 2_800.0))
    (answer,) = advise(facts(one), ["savings_strategy"])["savings_strategy"]
    assert isinstance(answer, SavingsStrategy)
    (told,) = [each.sentence for each in answer.explanation if each.feature == "optimal_savings_rate"]
    assert told.endswith("$400 a month goes to lenders, and nothing is left after that.")


def test_who_spends_beyond_income_hears_that_what_covers_the_gap_is_kept() -> None:
    """24 months of 400 stay beside the fund of three and the month in checking: 60,000 - 9,600 - 4 x 3,400."""
    card = account("CREDIT_CARD", -900.0, interest_rate=0.24, minimum_payment=0.0)
    rich = account("SAVINGS", 60_000.0)
    kept = "what covers the gap of $400 a month for 2 years is kept"
    told = reasons(household(accounts=[rich], months=steady(3_000.0, 3_400.0)))
    assert "Close the gap" not in told["use_spare_cash"]
    assert kept in told["use_spare_cash"]
    assert "close_spending_gap" in told
    paid = reasons(household(accounts=[account("SAVINGS", 24_000.0), card], months=steady(3_000.0, 3_400.0)))
    assert paid["use_spare_cash"].endswith(f", and {kept}.")
    assert "kept" not in reasons(household(accounts=[rich], months=steady(3_000.0, 3_000.0)))["use_spare_cash"]


def test_a_fund_is_not_said_to_be_filled_again_where_nothing_is_put_aside() -> None:
    rows = [account("SAVINGS", 8_000.0, interest_rate=0.01), account("CREDIT_CARD", -9_000.0, interest_rate=0.24)]
    told = reasons(household(accounts=rows, months=steady(2_270.0, 2_000.0)))
    assert "use_spare_cash" in told
    assert "free_monthly_money" in told
    assert told["use_spare_cash"].endswith("of spending.")


def test_cash_that_does_not_last_is_not_told_as_no_months() -> None:
    one = household(accounts=[account("SAVINGS", 12.0)], months=steady(2_000.0, 2_800.0))
    assert reasons(one)["close_spending_gap"].endswith(" Cash of $12.00 is gone within days.")


def test_cash_that_is_also_spent_covers_the_gap_only_were_it_not() -> None:
    months = steady(3_000.0, 3_400.0)
    used = reasons(household(accounts=[account("SAVINGS", 60_000.0)], months=months))
    kept = reasons(household(accounts=[account("SAVINGS", 6_000.0)], months=months))
    assert used["close_spending_gap"].endswith("covers the gap for 12.5 years, were it used for nothing else.")
    assert kept["close_spending_gap"].endswith("covers the gap for 15 months.")


def test_who_owes_nothing_is_not_sent_to_lenders() -> None:
    one = household(accounts=[account("SAVINGS", 3_000.0)], months=steady(0.0, 500.0), annual_income=0.0)
    (answer,) = advise(facts(one), ["savings_strategy"])["savings_strategy"]
    assert isinstance(answer, SavingsStrategy)
    (gap,) = [each for each in answer.recommendations if each.key == "close_spending_gap"]
    assert [item.title for item in gap.actionable_items] == ["Ask which benefits you can claim, for nothing comes in"]


def test_extra_payments_end_a_debt_within_a_time_and_not_in_it() -> None:
    """Lenders ask for payments beside them, so it ends sooner."""
    assert "; paid off within " in reasons(ORDINARY)["pay_down_debt"]


def test_where_nothing_is_left_no_rest_is_spoken_of() -> None:
    even = reasons(household(accounts=[CASH], months=steady(3_000.0, 3_010.0)))
    little = reasons(household(accounts=[CASH], months=steady(3_000.0, 2_998.0)))
    assert even["free_monthly_money"].endswith("is spent. That leaves nothing to put aside.")
    assert little["free_monthly_money"].endswith("The rest is too small or too uneven to be moved safely.")


@pytest.mark.parametrize(("day", "when"), [(date(2028, 5, 1), "by May 2028"), (date(2026, 1, 1), "within a year")])
def test_a_goal_beyond_income_is_told_without_a_figure_to_aim_for(day: date, when: str) -> None:
    dream = goal("MAJOR_PURCHASE", 2_000_000.0, target_date=day, priority="CRITICAL", name="Villa")
    told = reasons(household(accounts=[CASH], goals=[dream], months=steady(4_500.0, 3_000.0)))["fund_goal"]
    assert told == f"To make $2,000,000 80% likely {when} would take more than comes in; this is a part of it."
