"""Life planning: chances are base rates that cannot fall, plans are no chances, and nobody is told what will happen."""

import re
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from engine.advise import advise
from engine.enums import AnswerBasis, LifeEvent, Priority
from engine.errors import InsufficientData
from engine.recommenders.life_planning import LifePlanner, LifePlanning
from tests.engine.facts_factory import NASTY, TODAY, Row, account, facts, goal, household, steady
from tests.engine.recommenders.life_planning.told import chances, forecast, planning, plannings
from tests.engine.strategies import households

CERTAINTY = re.compile(
    r"\b(will (marry|have a child|lose|buy|retire)|are going to|certain|pregnan|divorce|health)", re.IGNORECASE
)


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


def test_every_event_says_that_it_rests_on_base_rates_where_no_model_is_in_place() -> None:
    for event in planning(household(age=50.0)).events:
        assert event.basis == AnswerBasis.BASE_RATE
        assert event.ground.endswith("No trained model is in place.")


def test_a_rare_loss_of_a_job_is_not_called_urgent() -> None:
    answer = planning(household(age=40.0, marital_status="MARRIED", accounts=[account("SAVINGS", 100.0)]))
    [loss] = [each for each in answer.recommendations if each.key == "prepare_for_job_change"]
    assert loss.priority is Priority.MEDIUM
