"""The savings strategy says what it means: orders worth giving, money only where it is money, and what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from engine.sustain.record import BASE_RATE
from tests.engine.facts_factory import NASTY, ORDINARY, Row, account, goal, household, steady
from tests.engine.recommenders.savings_strategy.told import strategies, strategy
from tests.engine.strategies import households


def test_money_that_goes_to_one_account_is_one_order() -> None:
    rows = [account("CHECKING", 3_000.0), account("SAVINGS", 9_800.0, interest_rate=0.04)]
    goals = [goal("TRAVEL", 9_000.0, name="Japan"), goal("OTHER", 8_000.0, name="Kitchen")]
    answer = strategy(household(accounts=rows, goals=goals, months=steady(4_500.0, 3_200.0)))
    ways = [(step.from_account, step.to_account, step.day_of_month) for step in answer.automation_plan]
    assert len(ways) == len({repr(way) for way in ways})
    (savings,) = [step for step in answer.automation_plan if "Japan" in step.title]
    assert "Kitchen" in savings.title
    parts = [part.monthly_amount for part in answer.allocation if part.goal is not None]
    assert len(parts) == 2
    assert savings.amount >= sum(parts)


@settings(max_examples=60, deadline=None)
@given(households())
def test_no_order_is_too_small_to_be_worth_one(one: Row) -> None:
    assert all(step.amount >= 5 for step in strategy(one).automation_plan)


def test_an_order_to_a_debt_ends_when_it_is_paid_off() -> None:
    assert strategy(ORDINARY).automation_plan[1].title == "Move $420 a month to Credit Card until it is paid off"


def test_a_usual_pay_day_lets_the_transfer_through_even_from_an_empty_account() -> None:
    rows = [account("CHECKING", 0.0), account("SAVINGS", 4_000.0)]
    one = household(accounts=rows, months=steady(4_000.0, 3_400.0), pay=[(date(2026, 8, 1), 4_000.0)])
    answer = strategy(one)
    automated = next(each for each in answer.recommendations if each.key == "automate_savings")
    assert answer.monthly_amount > 0
    assert 3_400 <= Decimal(automated.data["least_in_checking"]) <= 4_000 - answer.monthly_amount + 1


def test_safety_and_being_on_time_are_not_told_as_money() -> None:
    wants = goal("TRAVEL", 9_000.0, priority="CRITICAL")
    one = household(accounts=[account("SAVINGS", 3_000.0)], goals=[wants], months=steady(4_500.0, 3_200.0))
    impact = {each.key.partition(":")[0]: each for each in strategy(one).recommendations}
    for key in ("raise_emergency_fund", "fund_goal"):
        assert impact[key].annual_impact is None
        assert Decimal(impact[key].data["yardstick_a_year"]) > 0
    sentences = [each.sentence for each in strategy(one).explanation if each.feature.startswith("next_100")]
    assert not any("is worth" in each for each in sentences if "fund" in each or "goal" in each)


def test_paying_a_card_is_worth_the_interest_that_a_year_spares() -> None:
    """Followed month by month: 420 a month on 2,900 at 22.9 %, each in the middle of its month."""
    pay = next(each for each in strategy(ORDINARY).recommendations if each.key.startswith("pay_down_debt"))
    left, spared = 2_900.0, 0.0
    for month in range(12):
        paid = min(420.0, left)
        left, spared = left - paid, spared + paid * 0.229 * (11.5 - month) / 12
    assert pay.annual_impact is not None
    assert float(pay.annual_impact) == pytest.approx(spared, rel=0.02)


def test_a_match_is_worth_what_the_employer_adds() -> None:
    match = next(each for each in strategy(ORDINARY).recommendations if each.key.startswith("take_employer_match"))
    assert match.annual_impact == Decimal("1800.00")  # half of 300 a month


def test_a_lower_rate_than_today_s_has_its_reason() -> None:
    uneven = [{"salary": 3_000.0 if month % 6 < 3 else 6_500.0, "rent": -2_900.0} for month in range(24)]
    answer = strategy(household(accounts=[account("CHECKING", 500.0)], months=uneven))
    assert answer.optimal_savings_rate < answer.current_savings_rate
    reason = next(each for each in answer.explanation if each.feature == "optimal_savings_rate")
    assert "months differ" in reason.sentence
    assert reason.effect < 0


def test_a_fund_that_is_never_full_has_its_reason() -> None:
    wants = goal("RETIREMENT", 5_000_000.0, priority="CRITICAL")
    one = household(accounts=[account("SAVINGS", 500.0)], goals=[wants], employment="SELF_EMPLOYED")
    for each in (one, NASTY["spends more than it earns"]):
        answer = strategy(each)
        told = [entry for entry in answer.explanation if entry.feature == "months_to_target"]
        assert (answer.emergency_fund.months_to_target is None) == bool(told)
    assert strategy(one).emergency_fund.months_to_target is None
    assert not [entry for entry in strategy(ORDINARY).explanation if entry.feature == "months_to_target"]


def test_a_chance_that_nothing_shows_is_the_base_rate_and_said_to_be_that() -> None:
    for one in (household(), household(annual_income=0.0), household(months=steady(4_000.0, 3_000.0, months=5))):
        answer = strategy(one)
        told = next(each for each in answer.explanation if each.feature == "success_probability")
        assert answer.success_probability == BASE_RATE
        assert "58.6% is the base rate" in told.sentence
        assert answer.confidence is None


@pytest.mark.parametrize(
    ("months", "moved", "said"),
    [
        (24, 850.0, "the halves of the last one, all saw so much put aside"),
        (24, 0.0, "the halves of the last one, none saw so much put aside"),
        (14, 850.0, "Of the last year and its halves, all saw"),
        (7, 850.0, "So much was put aside over the last half year"),
        (7, 0.0, "So much was not put aside over the last half year"),
    ],
)
def test_the_chance_names_the_record_that_it_rests_on(months: int, moved: float, said: str) -> None:
    each = {"salary": 4_000.0, "rent": -3_100.0, "savings_transfer": -moved}
    answer = strategy(household(months=[each] * months))
    told = next(entry for entry in answer.explanation if entry.feature == "success_probability")
    assert said in told.sentence


def test_where_nothing_is_put_aside_the_chance_is_said_to_be_of_covering_the_year() -> None:
    answer = strategy(NASTY["spends more than it earns"])
    told = next(each for each in answer.explanation if each.feature == "success_probability")
    assert told.sentence.startswith("There is nothing to keep up")


def test_chances_have_four_places() -> None:
    for answer in strategies(*NASTY.values()):
        assert answer.success_probability == round(answer.success_probability, 4)


def test_long_spans_are_told_in_years() -> None:
    rich = household(accounts=[account("SAVINGS", 102_000.0)], months=steady(3_000.0, 3_600.0))
    gap = strategy(rich).recommendations[0]
    assert "14.2 years" in gap.description
