"""What goal optimization tells a household."""

from datetime import date
from decimal import Decimal

from engine.advise import advise
from engine.recommenders.goal_optimization import GoalOptimization, GoalOptions, GoalPlan, GoalScenario
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import TODAY, account, facts, goal, household, steady

FULL_FUND = account("SAVINGS", 16_000.0)
HOUSE = goal("HOME_PURCHASE", 60_000.0, priority="HIGH", target_date=date(2031, 6, 1), saved_amount=8_000.0)
DISTANT = goal("RETIREMENT", 600_000.0, target_date=date(2051, 1, 1), saved_amount=20_000.0)
SAVER = household(accounts=[FULL_FUND], goals=[HOUSE], months=steady(4_200.0, 2_000.0))


def optimized(one: Row, **scenario: object) -> GoalOptimization:
    options = GoalOptions(scenario=GoalScenario(**scenario)) if scenario else GoalOptions()  # type: ignore[arg-type]
    (found,) = advise(facts(one), ["goal_optimization"], {"goal_optimization": options})["goal_optimization"]
    assert isinstance(found, GoalOptimization)
    return found


def with_goals(*goals: Row, income: float = 4_200.0) -> Row:
    return household(accounts=[FULL_FUND], goals=goals, months=steady(income, 2_000.0))


def one_plan(one: Row) -> tuple[GoalOptimization, SavingsStrategy]:
    found = advise(facts(one), ["goal_optimization", "savings_strategy"])
    goals, savings = found["goal_optimization"][0], found["savings_strategy"][0]
    assert isinstance(goals, GoalOptimization)
    assert isinstance(savings, SavingsStrategy)
    return goals, savings


def contributions(answer: GoalOptimization) -> dict[object, Decimal]:
    return {plan.goal.id: plan.optimal_monthly_contribution for plan in answer.goals}


def keys(answer: GoalOptimization) -> set[str]:
    return {each.key.partition(":")[0] for each in answer.recommendations}


def known(answer: GoalOptimization) -> list[float]:
    """Enough, what is called never, the upper ends of ranges, and the days of dates."""
    days = [day for plan in answer.goals for day in _days(plan)]
    upper = [100 * ((each.value or 0.0) + each.effect) for each in answer.explanation if each.feature == "return_model"]
    return [80.0, 60.0, *upper, *(float(part) for day in days for part in (day.year, day.month, day.day))]


def _days(plan: GoalPlan) -> list[date]:
    last = [plan.timeline_adjustment.recommended_date] if plan.timeline_adjustment else []
    return [TODAY, *(point.date for point in plan.projection), *last]
