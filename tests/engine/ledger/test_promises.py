"""What answers promise, and when it can be judged."""

from datetime import date

import pytest

from engine.advise import advise
from engine.answers import Answer
from engine.catalog import BY_NAME
from engine.facts import Facts
from engine.ledger.promises import Promise, PromiseKind, first_after
from tests.engine.facts_factory import INVESTED, NASTY, ORDINARY, TODAY, facts, goal, household


def promised(category: str, batch: Facts, today: date = TODAY) -> list[Promise]:
    found = advise(batch, [category])[category]
    return [each for one in found if isinstance(one, Answer) for each in BY_NAME[category].promises(one, today)]


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 1, 1), 0, date(2026, 2, 1)),
        (date(2026, 12, 31), 0, date(2027, 1, 1)),
        (date(2026, 6, 15), 12, date(2027, 7, 1)),
        (date(2026, 11, 30), 1, date(2027, 1, 1)),
    ],
)
def test_whole_months_begin_after_the_day(day: date, months: int, first: date) -> None:
    assert first_after(day, months) == first


@pytest.mark.parametrize("category", BY_NAME)
def test_no_promise_is_due_before_tomorrow_and_none_is_made_twice(category: str) -> None:
    for one in NASTY.values():
        found = promised(category, facts(one))
        assert all(each.due > TODAY for each in found)
        assert len({(each.kind, each.subject, each.due) for each in found}) == len(found)
        assert all(each.probability is None or 0 <= each.probability <= 1 for each in found)


@pytest.mark.parametrize("category", ["savings_strategy", "life_planning", "goal_optimization", "risk_assessment"])
def test_the_same_month_makes_the_same_promises(category: str) -> None:
    batch = facts(ORDINARY)
    found = advise(batch, [category])[category][0]
    assert isinstance(found, Answer)
    first, last = (BY_NAME[category].promises(found, date(2026, 9, day)) for day in (1, 30))
    assert [(each.subject, each.due) for each in first] == [(each.subject, each.due) for each in last]
    assert first


def test_a_goal_is_judged_by_its_own_date_even_where_a_later_one_is_advised() -> None:
    far = goal("TRAVEL", 400_000.0, target_date=date(2028, 1, 31))
    near = goal("TRAVEL", 10.0, target_date=date(2028, 2, 29), saved_amount=20.0)
    found = promised("goal_optimization", facts(household(goals=[far, near], months=[{"salary": 4_000.0}] * 12)))
    assert sorted((each.due, round(each.probability or 0.0)) for each in found) == [
        (date(2028, 2, 1), 0),
        (date(2028, 3, 1), 1),
    ]


def test_a_goal_whose_date_has_passed_is_no_promise() -> None:
    assert not promised(
        "goal_optimization", facts(household(goals=[goal("TRAVEL", 9.0, target_date=date(2025, 1, 1))]))
    )


def test_an_amount_of_nothing_is_no_promise() -> None:
    assert not promised("savings_strategy", facts(household(months=[{"salary": 1_000.0, "rent": -1_000.0}] * 12)))


def test_an_event_is_promised_within_each_of_four_horizons() -> None:
    found = [each for each in promised("life_planning", facts(ORDINARY)) if each.subject.startswith("MARRIAGE")]
    assert [(each.subject, each.due.year) for each in found] == [
        ("MARRIAGE:2", 2028),
        ("MARRIAGE:3", 2029),
        ("MARRIAGE:4", 2030),
        ("MARRIAGE:5", 2031),
    ]


def test_only_advice_to_trade_is_promised_and_with_the_money_it_moves() -> None:
    found = promised("portfolio_rebalancing", facts(INVESTED))
    assert {each.subject for each in found} == {"rebalance", "harvest_losses"}
    assert {each.kind for each in found} == {PromiseKind.ADVICE_FOLLOWED}
    assert all(each.amount and each.amount > 0 and each.probability is None for each in found)


def test_who_has_stated_a_tolerance_is_promised_none() -> None:
    assert not promised("risk_assessment", facts(INVESTED))
    (unstated,) = promised("risk_assessment", facts(ORDINARY))
    assert unstated.kind is PromiseKind.TOLERANCE_STATED


def test_spending_of_each_month_ahead_is_promised_with_how_far_ahead_it_is() -> None:
    found = promised("behavioral_insights", facts(ORDINARY))
    assert [(each.subject, each.due) for each in found] == [
        ("2026-10:1", date(2026, 11, 1)),
        ("2026-11:2", date(2026, 12, 1)),
        ("2026-12:3", date(2027, 1, 1)),
    ]
    assert [each.before for each in found] == [3_100.0, None, None]
    assert all(each.low is not None and each.high is not None and each.low <= each.high for each in found)
