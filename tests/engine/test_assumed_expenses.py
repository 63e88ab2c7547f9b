"""What rests on assumed spending says so, and does not alarm."""

import pytest

from engine.advise import advise
from engine.enums import Priority
from engine.health import health
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import Row, facts, household

Case = tuple[Row, Row]
"""The same household, with spending that is stated and that is assumed."""


def case(**more: object) -> Case:
    return household(**more), household(**more, expenses_assumed=True)  # type: ignore[arg-type]


SHORT = case(monthly_expenses=6_000.0)
SPARE = case(monthly_expenses=3_000.0)


def strategy(one: Row) -> SavingsStrategy:
    (answer,) = advise(facts(one), ["savings_strategy"])["savings_strategy"]
    assert isinstance(answer, SavingsStrategy)
    return answer


@pytest.mark.parametrize("both", [SHORT, SPARE], ids=["short", "spare"])
def test_what_is_assumed_is_not_said_to_be_stated(both: Case) -> None:
    told, guessed = ({each.feature: each.sentence for each in strategy(one).explanation} for one in both)
    assert told["monthly_spending"].endswith("as you stated.")
    assert "assumed" in guessed["monthly_spending"]


def test_a_gap_that_is_only_assumed_is_a_question() -> None:
    (told,), (guessed,) = (strategy(one).recommendations for one in SHORT)
    assert told.key == guessed.key == "close_spending_gap"
    assert told.title.startswith("Close the gap of $")
    assert told.priority is Priority.CRITICAL
    assert guessed.title.startswith("Check whether $")
    assert "(an assumption)" in guessed.description
    assert guessed.priority is Priority.MEDIUM


def test_standing_orders_say_what_they_rest_on() -> None:
    told, guessed = (
        next(each for each in strategy(one).recommendations if each.key == "automate_savings") for one in SPARE
    )
    assert "as you stated it" in told.description
    assert "which is assumed" in guessed.description
    assert told.data["monthly_amount"] == guessed.data["monthly_amount"]


def test_the_least_in_checking_is_in_the_sentence() -> None:
    (skip,) = (
        item
        for each in strategy(SPARE[0]).recommendations
        for item in each.actionable_items
        if item.title.startswith("Skip a transfer")
    )
    assert f"${skip.amount:,.0f}" in skip.title


def test_health_says_that_spending_is_assumed() -> None:
    told, guessed = health(facts(*SPARE))
    assert told.overall_score == guessed.overall_score
    assert "(an assumption)" not in told.components[0].sentence
    assert guessed.components[0].sentence.endswith("is spent (an assumption).")
