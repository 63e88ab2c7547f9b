"""What life events cost and what is there for them: each dollar once, as the household's plan has it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from engine.advise import advise
from engine.enums import LifeEvent, SavingsBucket
from engine.recommenders.life_planning import LifePlanning
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import TODAY, Row, account, facts, goal, household, steady
from tests.engine.recommenders.life_planning.told import forecast, planning, plannings
from tests.engine.strategies import households

INVESTING = (SavingsBucket.RETIREMENT, SavingsBucket.TAXABLE_INVESTING)


@pytest.mark.parametrize(
    ("event", "cost"),
    [
        (LifeEvent.MARRIAGE, 0.25 * 60_000),
        (LifeEvent.CHILD, 9_700 + 3_300 * (60_000 - 36_000) / (82_000 - 36_000)),
        (LifeEvent.JOB_CHANGE, 5 * (3_000 - 1_900)),
        (LifeEvent.HOME_PURCHASE, 2.7 * 0.13 * 60_000),
    ],
)
def test_costs_are_the_documented_table_s(event: LifeEvent, cost: float) -> None:
    answer = planning(household(annual_income=60_000.0, monthly_expenses=3_000.0))
    assert float(forecast(answer, event).estimated_cost) == pytest.approx(cost, abs=0.01)


def test_readiness_is_what_is_held_and_can_be_spared_over_the_cost() -> None:
    saved = household(
        age=30.0,
        employment="EMPLOYED",
        accounts=[account("SAVINGS", 4_000.0)],
        months=steady(3_000.0, 3_000.0),
        annual_income=48_000.0,
    )
    job = forecast(planning(saved), LifeEvent.JOB_CHANGE)
    assert job.estimated_cost == Decimal("7000.00")
    assert job.readiness == pytest.approx(4_000 / 7_000)


def test_more_savings_never_lower_readiness() -> None:
    batch = [household(age=47.0, accounts=[account("SAVINGS", held)]) for held in (0.0, 5_000.0, 20_000.0, 400_000.0)]
    for event in LifeEvent:
        ready = [forecast(answer, event).readiness for answer in plannings(*batch)]
        assert ready == sorted(ready)


@settings(max_examples=60, deadline=None)
@given(households())
def test_every_step_has_a_date_that_lies_ahead_and_no_more_money_than_there_will_be(one: Row) -> None:
    for event in planning(one).events:
        have, *steps = event.preparation
        there = float(event.estimated_cost) * min(event.readiness + 0.006, 1.0)
        if event.event is LifeEvent.JOB_CHANGE:  # comes on any day: what is ready today, and a year of the plan
            there += 12 * sum(float(step.amount or 0) for step in steps)
        assert have.amount is None or float(have.amount) <= there + 0.01
        assert 0 <= event.readiness <= 1
        assert event.estimated_cost >= 1
        assert all(step.due_date is not None and step.due_date > TODAY for step in event.preparation)


@settings(max_examples=60, deadline=None)
@given(households())
def test_no_two_events_spend_the_same_money(one: Row) -> None:
    found = advise(facts(one), ["life_planning", "savings_strategy"])
    (answer,), (savings,) = found["life_planning"], found["savings_strategy"]
    assert isinstance(answer, LifePlanning)
    assert isinstance(savings, SavingsStrategy)
    steps = [step for event in answer.events for step in event.preparation]
    monthly = sum(step.amount or 0 for step in steps if step.title.startswith("Keep $"))
    assert monthly <= sum(part.monthly_amount for part in savings.allocation if part.bucket in INVESTING) + 1


def test_what_one_event_takes_is_gone_for_the_next() -> None:
    """Of 25,000 the emergency fund keeps 18,000: the rest is for the likeliest event, and no other counts it."""
    single = household(
        age=30.0,
        annual_income=48_000.0,
        months=steady(3_000.0, 3_000.0),
        accounts=[account("SAVINGS", 25_000.0)],
        employment="UNEMPLOYED",
    )
    ready = {each.event: each.readiness * float(each.estimated_cost) for each in planning(single).events}
    assert ready == pytest.approx({LifeEvent.MARRIAGE: 7_000.0, LifeEvent.CHILD: 0.0, LifeEvent.HOME_PURCHASE: 0.0})


def test_what_is_saved_for_another_goal_is_not_there_for_an_event() -> None:
    """Of 25,000 the emergency fund keeps 9,000 and the boat 12,000; a marriage would take 15,000."""
    held, months = [account("SAVINGS", 25_000.0)], steady(3_000.0, 3_000.0)
    boat = goal("TRAVEL", 30_000.0, saved_amount=12_000.0, target_date=date(2035, 6, 1))
    batch = [household(age=30.0, months=months, accounts=held, goals=goals) for goals in ([], [boat])]
    ready = [forecast(answer, LifeEvent.MARRIAGE).readiness for answer in plannings(*batch)]
    assert ready == pytest.approx([1.0, 4_000.0 / 15_000.0])


def test_what_the_plan_puts_into_the_reserve_within_the_year_is_there_for_a_job_loss() -> None:
    months, held = steady(3_400.0, 2_500.0), [account("SAVINGS", 50.0)]
    job = forecast(planning(household(age=40.0, months=months, accounts=held)), LifeEvent.JOB_CHANGE)
    assert job.readiness < 0.02
    have, put, *_ = job.preparation
    assert have.amount == job.estimated_cost
    assert put.title == "Put $900 a month into your emergency fund, as your plan does"


def test_a_reserve_that_is_full_takes_no_more_for_a_job_loss() -> None:
    """The fund keeps 18,000 of which 1,000 lack; a job loss takes 5 x (6,000 - 1,900)."""
    months, held = steady(7_500.0, 6_000.0), [account("SAVINGS", 17_000.0)]
    one = household(age=40.0, months=months, accounts=held, annual_income=120_000.0, employment="EMPLOYED")
    job = forecast(planning(one), LifeEvent.JOB_CHANGE)
    assert job.estimated_cost == Decimal("20500.00")
    assert job.preparation[0].amount == Decimal("18000.00")


def test_an_event_without_any_income_costs_what_life_costs() -> None:
    nothing = household(annual_income=0.0, monthly_expenses=None, employment="UNEMPLOYED")
    costs = {each.event: float(each.estimated_cost) for each in planning(nothing).events}
    assert min(costs.values()) >= 3_000.0
    elsewhere = household(annual_income=0.0, monthly_expenses=None, employment="UNEMPLOYED", currency="JPY")
    assert planning(elsewhere).events == ()
    assert planning(elsewhere).explanation
