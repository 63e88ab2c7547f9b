"""The savings strategy: one plan told in amounts, orders, advice and reasons that agree with each other."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from engine.enums import AnswerBasis, Priority, SavingsBucket
from tests.engine.facts_factory import NASTY, ORDINARY, Row, account, facts, goal, household, steady
from tests.engine.recommenders.savings_strategy.told import ENOUGH, keys, strategies, strategy
from tests.engine.strategies import households
from tests.engine.traces import untraceable

TO_SAVE = ("take_employer_match", "pay_down_debt", "raise_emergency_fund", "fund_", "invest_the_rest")


# --- what adds up --------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(households())
def test_allocation_and_orders_add_up_to_the_monthly_amount(one: Row) -> None:
    answer = strategy(one)
    assert sum((part.monthly_amount for part in answer.allocation), Decimal(0)) == answer.monthly_amount
    assert sum((step.amount for step in answer.automation_plan), Decimal(0)) == answer.monthly_amount
    assert sum(part.share for part in answer.allocation) == pytest.approx(1.0 if answer.allocation else 0.0)
    assert [step.order for step in answer.automation_plan] == list(range(1, len(answer.automation_plan) + 1))


@settings(max_examples=40, deadline=None)
@given(households())
def test_what_is_advised_a_month_is_the_plan_and_nothing_else(one: Row) -> None:
    answer = strategy(one)
    advised = [each for each in answer.recommendations if each.key.startswith(TO_SAVE)]
    assert sum((Decimal(each.data["monthly_amount"]) for each in advised), Decimal(0)) == answer.monthly_amount
    assert ("automate_savings" in keys(answer)) == (answer.monthly_amount > 0)
    stuck = keys(answer) & {"close_spending_gap", "draw_within_means", "free_monthly_money"}
    assert len(stuck) == (0 if answer.monthly_amount > 0 else 1)


@settings(max_examples=40, deadline=None)
@given(households())
def test_rates_and_chances_are_within_bounds(one: Row) -> None:
    answer = strategy(one)
    assert -1 <= answer.current_savings_rate <= 1
    assert 0 <= answer.optimal_savings_rate <= 1
    assert 0 <= answer.success_probability <= 1
    assert all(0 <= step.annual_step_up <= 0.25 and 1 <= step.day_of_month <= 28 for step in answer.automation_plan)
    assert answer.emergency_fund.months_to_target is None or answer.emergency_fund.months_to_target >= 0


# --- numbers in sentences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NASTY)
def test_every_number_in_a_sentence_is_a_fact_or_in_the_answer(name: str) -> None:
    assert untraceable(facts(NASTY[name]), strategy(NASTY[name]), *ENOUGH) == []


@settings(max_examples=40, deadline=None)
@given(households())
def test_every_number_in_any_household_s_sentences_is_traceable(one: Row) -> None:
    assert untraceable(facts(one), strategy(one), *ENOUGH) == []


# --- known cases ---------------------------------------------------------------------------------------------------


def test_the_ordinary_household_takes_its_match_and_then_pays_its_card() -> None:
    answer = strategy(ORDINARY)
    assert answer.basis is AnswerBasis.RULE
    assert answer.confidence is None
    assert answer.current_savings_rate == pytest.approx(800 / 3_900)
    assert answer.monthly_amount == Decimal("720.00")  # 3,900 - 3,100 - the card's least payment of 80
    assert [(part.bucket, part.monthly_amount) for part in answer.allocation] == [
        (SavingsBucket.EMPLOYER_MATCH, Decimal("300.00")),  # 6 % of 60,000 a year
        (SavingsBucket.DEBT_PAYDOWN, Decimal("420.00")),
    ]
    assert keys(answer) == {"take_employer_match", "use_spare_cash", "pay_down_debt", "automate_savings"}


def test_the_emergency_fund_counts_months_until_it_is_full() -> None:
    fund = strategy(ORDINARY).emergency_fund
    assert (fund.target_months, fund.target_amount, fund.current_amount) == (
        3.0,
        Decimal("9300.00"),
        Decimal("6500.00"),
    )
    assert fund.months_to_target == 15  # the card of 3,200 first, then 2,800, at 420 a month


def test_orders_leave_checking_on_pay_day_and_a_match_leaves_pay_itself() -> None:
    match, card = strategy(ORDINARY).automation_plan
    batch = facts(ORDINARY)
    assert match.from_account is None
    assert card.from_account is not None
    assert card.to_account is not None
    assert (card.from_account.id, card.to_account.id) == (batch.accounts.id[0], batch.accounts.id[3])
    assert (card.day_of_month, card.start_date) == (25, date(2026, 9, 25))
    assert card.annual_step_up == pytest.approx(0.5 * 0.03 * 3_900 / 720, abs=1e-3)


def test_pay_every_two_weeks_halves_each_order() -> None:
    start = date(2025, 10, 3).toordinal()
    pay = [(date.fromordinal(start + 14 * number), 1_950.0) for number in range(24)]
    steps = strategy({**ORDINARY, "pay": pay}).automation_plan
    assert [(step.day_of_month, step.amount) for step in steps] == [
        (14, Decimal("150.00")),
        (28, Decimal("150.00")),
        (14, Decimal("210.00")),
        (28, Decimal("210.00")),
    ]
    assert {step.start_date for step in steps} == {date(2026, 9, 28), date(2026, 10, 14)}


def test_an_amount_of_odd_cents_is_halved_without_loss() -> None:
    pay = [(date(2026, month, day), 1_000.0) for month in range(1, 9) for day in (1, 15)]
    rows = [account("SAVINGS", 6_000.0), account("CREDIT_CARD", -100.01, interest_rate=0.4)]
    answer = strategy(household(accounts=rows, months=steady(4_000.0, 3_000.0), pay=pay))
    halves = [step.amount for step in answer.automation_plan if "Credit Card" in step.title]
    assert sum(halves) == Decimal("100.01")


def test_a_deficit_gets_the_gap_and_how_long_cash_lasts() -> None:
    answer = strategy(NASTY["spends more than it earns"])
    gap = answer.recommendations[0]
    assert (gap.key, gap.priority, gap.annual_impact) == ("close_spending_gap", Priority.HIGH, Decimal("7200.00"))
    assert "13.3 months" in gap.description
    assert [step.title for step in gap.actionable_items] == ["Spend at most $3,000 a month"]
    assert (answer.monthly_amount, answer.allocation, answer.automation_plan) == (Decimal("0.00"), (), ())
    assert answer.emergency_fund.months_to_target is None


def test_where_lenders_ask_for_more_than_comes_in_no_spending_less_is_asked_for() -> None:
    rows = [account("CREDIT_CARD", -90_000.0, minimum_payment=3_500.0)]
    owing = strategy(household(accounts=rows, months=steady(3_000.0, 400.0)))
    assert "lenders" in owing.recommendations[0].actionable_items[0].title


def test_a_gap_is_critical_where_cash_does_not_last_half_a_year() -> None:
    poor = {**NASTY["spends more than it earns"], "accounts": [account("CHECKING", 500.0)]}
    assert strategy(poor).recommendations[0].priority is Priority.CRITICAL


def test_the_retired_who_live_from_their_investments_have_no_gap() -> None:
    retired = household(
        age=70.0,
        employment="RETIRED",
        annual_income=24_000.0,
        monthly_expenses=4_000.0,
        accounts=[account("TRADITIONAL_IRA", 900_000.0)],
    )
    answer = strategy(retired)
    assert keys(answer) == {"draw_within_means"}
    assert answer.recommendations[0].data["monthly_draw"] == "3000.00"


def test_nothing_beyond_dollars_speaks_of_us_law() -> None:
    answer = strategy(NASTY["another currency"])
    assert {part.bucket for part in answer.allocation} <= {SavingsBucket.TAXABLE_INVESTING, SavingsBucket.GOAL}
    assert "$" not in repr(answer)


def test_a_goal_is_pointed_to_where_it_gets_money() -> None:
    one = household(accounts=[account("SAVINGS", 60_000.0)], goals=[goal("TRAVEL", 50_000.0, priority="CRITICAL")])
    part = strategy(one).allocation[0]
    assert part.bucket is SavingsBucket.GOAL
    assert part.goal is not None
    assert part.goal.id == facts(one).goals.id[0]
    assert "September 2028" in part.rationale


def test_a_past_date_is_planned_anew() -> None:
    reasons = [part.rationale for part in strategy(NASTY["target date past"]).allocation]
    late = household(
        accounts=[account("SAVINGS", 60_000.0)], goals=[goal("OTHER", 90_000.0, target_date=date(2020, 1, 1))]
    )
    assert any("date has passed" in reason for reason in [*reasons, strategy(late).allocation[0].rationale])


def test_spare_cash_is_used_before_months_of_saving() -> None:
    rows = [account("SAVINGS", 20_000.0, interest_rate=0.02), account("CREDIT_CARD", -1_500.0, interest_rate=0.24)]
    answer = strategy(household(accounts=rows))
    spare = [each for each in answer.recommendations if each.key.startswith("use_spare_cash")]
    assert [each.data["amount"] for each in spare] == ["1500.00", "6500.00"]
    assert "pay_down_debt" not in keys(answer)


def test_the_strongest_reason_comes_first_and_each_place_tells_its_next_hundred() -> None:
    answer = strategy(ORDINARY)
    places = [entry for entry in answer.explanation if entry.feature.startswith("next_100")]
    assert [entry.effect for entry in places] == sorted((entry.effect for entry in places), reverse=True)
    worth = {entry.feature: entry.effect for entry in places}
    assert worth["next_100_debt_paydown"] == 22.9
    assert worth["next_100_employer_match"] == 0.0  # the plan of this month fills it


def test_keys_stay_when_amounts_change() -> None:
    before, after = strategies(ORDINARY, {**ORDINARY, "months": steady(3_950.0, 3_090.0)})
    assert [each.key for each in before.recommendations] == [each.key for each in after.recommendations]


def test_every_household_gets_something_to_do() -> None:
    assert all(answer.recommendations for answer in strategies(*NASTY.values()))


def test_titles_say_amounts_in_the_household_s_currency() -> None:
    titles: Sequence[str] = [each.title for each in strategy(NASTY["another currency"]).recommendations]
    assert any("CHF" in title for title in titles)
