"""Life planning: chances are base rates that cannot fall, plans are no chances, and nobody is told what will happen."""

import re
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from engine.advise import advise
from engine.enums import AnswerBasis, LifeEvent, Priority, SavingsBucket
from engine.errors import InsufficientData
from engine.recommenders.life_planning import LifeEventForecast, LifePlanner, LifePlanning
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import NASTY, TODAY, Row, account, facts, goal, household, steady
from tests.engine.strategies import households

CERTAINTY = re.compile(
    r"\b(will (marry|have a child|lose|buy|retire)|are going to|certain|pregnan|divorce|health)", re.IGNORECASE
)

INVESTING = (SavingsBucket.RETIREMENT, SavingsBucket.TAXABLE_INVESTING)


def plannings(*batch: Row) -> list[LifePlanning]:
    found = advise(facts(*batch), ["life_planning"])["life_planning"]
    return [answer for answer in found if isinstance(answer, LifePlanning)]


def planning(one: Row) -> LifePlanning:
    return plannings(one)[0]


def forecast(answer: LifePlanning, event: LifeEvent) -> LifeEventForecast:
    return next(each for each in answer.events if each.event == event)


def chances(answer: LifePlanning, event: LifeEvent) -> list[float]:
    return [each.probability for each in forecast(answer, event).probabilities]


# --- chances -------------------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(households())
def test_chances_are_within_bounds_and_never_fall_as_the_horizon_grows(one: Row) -> None:
    for event in planning(one).events:
        assert [each.years for each in event.probabilities] == [2, 3, 4, 5]
        within = [each.probability for each in event.probabilities]
        assert all(0 <= chance <= 1 for chance in within)
        assert np.all(np.diff(within) >= 0)


def test_chances_are_the_table_s() -> None:
    answer = planning(household(age=32.0, marital_status="MARRIED", dependents=0.0))
    assert chances(answer, LifeEvent.CHILD)[0] == pytest.approx(0.3248)
    assert chances(answer, LifeEvent.CHILD)[3] == pytest.approx(0.5259)
    assert chances(answer, LifeEvent.HOME_PURCHASE)[3] == pytest.approx(0.512)
    assert chances(answer, LifeEvent.JOB_CHANGE)[0] == pytest.approx(0.0344)
    assert (answer.basis, answer.confidence) == (AnswerBasis.BASE_RATE, None)


@pytest.mark.parametrize(
    ("profile", "events"),
    [
        ({"age": 30.0}, {"MARRIAGE", "CHILD", "JOB_CHANGE", "HOME_PURCHASE"}),
        ({"age": 30.0, "marital_status": "MARRIED", "homeowner": True}, {"CHILD", "JOB_CHANGE"}),
        ({"age": 62.0, "marital_status": "WIDOWED", "homeowner": True}, {"MARRIAGE", "RETIREMENT"}),
        ({"age": 62.0, "employment": "RETIRED", "marital_status": "MARRIED", "homeowner": True}, set()),
        ({"age": 40.0, "employment": "SELF_EMPLOYED"}, {"MARRIAGE", "CHILD", "HOME_PURCHASE"}),
        ({"age": 99.0, "employment": "RETIRED"}, set()),
    ],
)
def test_only_what_can_lie_ahead_is_told(profile: dict[str, object], events: set[str]) -> None:
    answer = planning(household(**profile))  # type: ignore[arg-type]
    assert {str(each.event) for each in answer.events} == events
    assert answer.explanation


def test_without_an_age_nothing_is_said() -> None:
    (answer,) = advise(facts(NASTY["nothing known"]), ["life_planning"])["life_planning"]
    assert isinstance(answer, InsufficientData)


def test_neither_sex_nor_schooling_changes_an_answer() -> None:
    one, other = plannings(household(sex="FEMALE", education="DEGREE"), household(sex="MALE", education=None))
    assert one == other


def test_each_event_can_be_left_out() -> None:
    batch = facts(household(age=50.0))
    for event in LifeEvent:
        (answer,) = LifePlanner(left_out=[event]).predict(batch, {}, LifePlanner.options(), {})
        assert isinstance(answer, LifePlanning)
        told = repr(answer)
        assert event not in {each.event for each in answer.events}
        assert event.lower() not in told


# --- plans ---------------------------------------------------------------------------------------------------------


def test_a_plan_to_buy_a_home_gives_cost_and_date_but_no_chance() -> None:
    plan = goal("HOME_PURCHASE", 60_000.0, target_date=date(2029, 6, 1))
    with_plan, without = plannings(household(goals=[plan]), household())
    planned, unplanned = (forecast(answer, LifeEvent.HOME_PURCHASE) for answer in (with_plan, without))
    assert planned.probabilities == unplanned.probabilities
    assert planned.estimated_cost == Decimal("60000.00")
    assert planned.preparation[0].due_date == date(2029, 6, 1)
    (advised,) = [each for each in with_plan.recommendations if each.key == "plan_for:home_purchase"]
    assert "You plan for it by June 2029." in advised.description


def test_the_nearest_of_several_plans_counts() -> None:
    near, far = (
        goal("HOME_PURCHASE", cost, target_date=day)
        for cost, day in ((10.0, date(2027, 1, 1)), (20.0, date(2030, 1, 1)))
    )
    for goals in ([near, far], [far, near]):
        assert forecast(planning(household(goals=goals)), LifeEvent.HOME_PURCHASE).estimated_cost == Decimal("10.00")


# --- cost, readiness, preparation ----------------------------------------------------------------------------------


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
        there = float(event.estimated_cost) * min(event.readiness + 0.006, 1.0)
        amount = event.preparation[0].amount
        assert amount is None or float(amount) <= there + 0.01
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


def test_an_event_without_any_income_costs_what_life_costs() -> None:
    nothing = household(annual_income=0.0, monthly_expenses=None, employment="UNEMPLOYED")
    costs = {each.event: float(each.estimated_cost) for each in planning(nothing).events}
    assert min(costs.values()) >= 3_000.0
    elsewhere = household(annual_income=0.0, monthly_expenses=None, employment="UNEMPLOYED", currency="JPY")
    assert planning(elsewhere).events == ()
    assert planning(elsewhere).explanation


def test_what_is_advised_a_month_is_never_more_than_can_be_spared() -> None:
    poor = household(age=30.0, months=steady(3_000.0, 2_900.0), annual_income=43_000.0)
    for event in planning(poor).events:
        amounts = [step.amount for step in event.preparation[1:] if step.amount is not None]
        assert all(amount <= 100 for amount in amounts)


def test_a_job_that_cannot_be_done_without_comes_first() -> None:
    answer = planning(household(age=30.0, accounts=[account("SAVINGS", 100.0)]))
    assert (answer.recommendations[0].key, answer.recommendations[0].priority) == (
        "prepare_for_job_change",
        Priority.HIGH,
    )
    assert "involuntary job loss only" in answer.recommendations[0].description


def test_who_is_prepared_is_not_bothered() -> None:
    rich = household(age=30.0, accounts=[account("SAVINGS", 3_000_000.0)])
    assert planning(rich).recommendations == ()


def test_of_what_people_decide_on_we_speak_only_where_it_is_likely_and_money_is_left() -> None:
    poor = household(age=30.0, months=steady(3_000.0, 3_200.0), annual_income=43_000.0)
    keys = {each.key for each in planning(poor).recommendations}
    assert keys == {"prepare_for_job_change"}
    unlikely = household(age=64.0, marital_status="DIVORCED", homeowner=True, employment="RETIRED")
    assert planning(unlikely).recommendations == ()


def test_nobody_is_told_to_have_what_months_cannot_reach() -> None:
    poor = household(age=64.0, homeowner=True, months=steady(3_000.0, 3_200.0), annual_income=43_000.0)
    step = forecast(planning(poor), LifeEvent.RETIREMENT).preparation[0]
    assert step.title.startswith("Have $51,662 of the $363,219 invested by ")
    assert step.amount == Decimal("51661.51")
    wedding = forecast(planning(poor), LifeEvent.MARRIAGE).preparation[0]
    assert wedding.title.startswith("Look for what could be left for it: as months are now, none of the $10,750 would")
    assert wedding.amount is None


# --- restraint -----------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(households())
def test_sentences_speak_of_chances_never_of_certainty(one: Row) -> None:
    answer = planning(one)
    told = [entry.sentence for entry in answer.explanation] + [each.description for each in answer.recommendations]
    assert not [text for text in told if CERTAINTY.search(text)]
    assert all("may or may not" in text for text in told if "Of " in text)


def test_a_date_that_has_passed_is_a_plan_for_now() -> None:
    late = goal("HOME_PURCHASE", 9_000.0, target_date=TODAY - timedelta(days=900))
    steps = forecast(planning(household(goals=[late])), LifeEvent.HOME_PURCHASE).preparation
    assert steps[0].due_date is not None
    assert TODAY < steps[0].due_date < TODAY + timedelta(days=60)


# --- goals ---------------------------------------------------------------------------------------------------------


SAVES = {"months": steady(5_000.0, 3_800.0), "accounts": [account("SAVINGS", 25_000.0)]}
CAR = goal("MAJOR_PURCHASE", 22_000.0, target_date=TODAY + timedelta(days=730), name="New car")


def test_an_event_that_takes_money_makes_goals_less_likely_and_says_so() -> None:
    answer = planning(household(goals=[CAR], **SAVES))  # type: ignore[arg-type]
    (effect,) = forecast(answer, LifeEvent.JOB_CHANGE).goal_effects
    assert -1.0 <= effect.change < -0.01
    points = f"{-100 * effect.change:.0f} percentage points"
    assert effect.sentence.startswith("If a loss of your job came by September 2027, the chance of reaching New car")
    assert effect.sentence.endswith(f"would be lower by {points}.")


def test_no_goal_becomes_likelier_by_what_an_event_costs() -> None:
    goals = [CAR, goal("RETIREMENT", 900_000.0, target_date=date(2050, 1, 1)), goal("TRAVEL", 3_000.0)]
    for age in (28.0, 45.0, 62.0):
        for event in planning(household(age=age, goals=goals, **SAVES)).events:  # type: ignore[arg-type]
            assert all(effect.change < 0 for effect in event.goal_effects)
            assert [effect.change for effect in event.goal_effects] == sorted(
                effect.change for effect in event.goal_effects
            )


def test_what_a_plan_to_buy_a_home_costs_is_in_the_budget_already() -> None:
    home = goal("HOME_PURCHASE", 50_000.0, target_date=date(2030, 1, 1))
    answer = planning(household(goals=[home, CAR], **SAVES))  # type: ignore[arg-type]
    assert forecast(answer, LifeEvent.HOME_PURCHASE).goal_effects == ()


def test_without_goals_there_is_nothing_to_lose() -> None:
    assert all(event.goal_effects == () for event in planning(household(**SAVES)).events)  # type: ignore[arg-type]


def test_every_event_says_that_it_rests_on_base_rates_where_no_model_is_in_place() -> None:
    for event in planning(household(age=50.0)).events:
        assert event.basis == AnswerBasis.BASE_RATE
        assert event.ground.endswith("No trained model is in place.")


def test_a_rare_loss_of_a_job_is_not_called_urgent() -> None:
    answer = planning(household(age=40.0, marital_status="MARRIED", accounts=[account("SAVINGS", 100.0)]))
    [loss] = [each for each in answer.recommendations if each.key == "prepare_for_job_change"]
    assert loss.priority is Priority.MEDIUM
