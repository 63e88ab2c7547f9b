"""What a life event would do to the goals."""

from datetime import date, timedelta

from engine.enums import LifeEvent
from tests.engine.facts_factory import TODAY, account, goal, household, steady
from tests.engine.recommenders.life_planning.told import forecast, planning

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
