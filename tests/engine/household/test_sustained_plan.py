"""The one plan with trained models: no more than a household keeps up, the same in every category."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advise import advise
from engine.answers import Contribution, money
from engine.enums import AnswerBasis
from engine.learning.model import Models
from engine.recommenders.goal_optimization import GoalOptimization, GoalOptions, GoalScenario
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.sustain.features import features, scale
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import NASTY, account, facts, goal, household, steady
from tests.engine.recommenders.goal_optimization.told import known
from tests.engine.recommenders.savings_strategy.told import ENOUGH as SAID_IN_SAVINGS
from tests.engine.strategies import goal_rows, households
from tests.engine.sustain.savers import chances, contribution, saver
from tests.engine.traces import untraceable

BOTH = ("goal_optimization", "savings_strategy")
HOUSE = goal("HOME_PURCHASE", 90_000.0, priority="HIGH", saved_amount=8_000.0)
FULL_FUND = account("SAVINGS", 20_000.0)
SMALL_HABIT = saver(0.06, noise=0.3, seed=5, accounts=[FULL_FUND], goals=[HOUSE])
NO_HABIT = saver(0.0, accounts=[FULL_FUND], goals=[HOUSE])


def models() -> Models:
    return {"goal_optimization": contribution(), "savings_strategy": chances()}


def answers(one: Row, **scenario: object) -> tuple[GoalOptimization, SavingsStrategy]:
    options = {"goal_optimization": GoalOptions(scenario=GoalScenario(**scenario))} if scenario else None  # type: ignore[arg-type]
    found = advise(facts(one), BOTH, options, models=models())
    goals, savings = found["goal_optimization"][0], found["savings_strategy"][0]
    assert isinstance(goals, GoalOptimization)
    assert isinstance(savings, SavingsStrategy)
    return goals, savings


def by_rules(one: Row) -> SavingsStrategy:
    (found,) = advise(facts(one), ["savings_strategy"])["savings_strategy"]
    assert isinstance(found, SavingsStrategy)
    return found


def entry(answer: GoalOptimization | SavingsStrategy, feature: str) -> Contribution | None:
    return next((each for each in answer.explanation if each.feature == feature), None)


def test_no_more_is_asked_than_four_of_five_keep_up() -> None:
    goals, savings = answers(SMALL_HABIT)
    batch = facts(SMALL_HABIT)
    promised = float((contribution().promise(features(batch)) * scale(batch))[0])
    assert 0 < promised - float(savings.monthly_amount) < 1.0
    assert by_rules(SMALL_HABIT).monthly_amount > 2 * savings.monthly_amount
    assert goals.monthly_budget == goals.total_optimal_contribution == savings.monthly_amount
    assert (goals.basis, savings.basis) == (AnswerBasis.MODEL, AnswerBasis.MODEL)


def test_where_it_binds_both_say_so_with_the_amounts() -> None:
    for answer in answers(SMALL_HABIT):
        held = entry(answer, "sustainable_contribution")
        assert held is not None
        assert "four of five" in held.sentence.lower()
        assert held.value is not None
        assert f"${held.value:,.0f}" in held.sentence
    automated = next(each for each in answers(SMALL_HABIT)[1].recommendations if each.key == "automate_savings")
    assert "Four of five" in automated.description


def test_the_chance_of_keeping_it_is_the_model_s_and_so_is_the_confidence() -> None:
    _, savings = answers(SMALL_HABIT)
    batch = facts(SMALL_HABIT)
    share = 0.9 * float(savings.monthly_amount) / scale(batch)
    assert (
        savings.success_probability
        == savings.confidence
        == round(float(chances().chance(features(batch), share)[0]), 4)
    )
    assert savings.success_probability > 0.75


def test_who_has_no_record_is_asked_for_what_months_leave_at_the_chance_that_this_has() -> None:
    """Nothing is promised for them; to ask for nothing would keep their debts and leave a match untaken."""
    goals, savings = answers(NO_HABIT)
    assert savings.monthly_amount == by_rules(NO_HABIT).monthly_amount > 0
    assert goals.basis is AnswerBasis.SOLVER
    assert entry(savings, "sustainable_contribution") is None
    assert savings.success_probability < 0.2
    chance = entry(savings, "success_probability")
    assert chance is not None
    assert "record like yours" in chance.sentence


def test_a_model_is_not_asked_about_households_without_a_year_of_transactions() -> None:
    for one in (household(months=steady(4_000.0, 2_000.0, months=11), accounts=[FULL_FUND]), NASTY["no accounts"]):
        _, savings = answers(one)
        assert (savings.basis, savings.confidence) == (AnswerBasis.RULE, None)
        assert savings == by_rules(one)


def test_a_scenario_s_own_budget_is_not_held_down() -> None:
    goals, _ = answers(SMALL_HABIT, monthly_budget=Decimal(900))
    assert goals.monthly_budget == Decimal("900.00")
    assert entry(goals, "sustainable_contribution") is None


@settings(max_examples=60, deadline=None)
@given(households(), st.lists(goal_rows(), max_size=3), st.floats(0.0, 0.4))
def test_any_household_s_plan_is_one_with_models_too(one: Row, more: list[Row], habit: float) -> None:
    months = saver(habit, noise=0.5)["months"]
    goals, savings = answers({**one, "goals": [*one["goals"], *more], "months": months})  # type: ignore[misc]
    given = {plan.goal.id: plan.optimal_monthly_contribution for plan in goals.goals}
    told = {ref: money(0.0) for ref in given}
    for part in savings.allocation:
        if part.goal is not None:
            told[part.goal.id] += part.monthly_amount
    assert given == told
    assert savings.monthly_amount <= by_rules({**one, "months": months}).monthly_amount + 1
    assert 0 <= savings.success_probability <= 1


@pytest.mark.parametrize("habit", [0.0, 0.06, 0.2])
def test_every_number_is_traceable_with_models_too(habit: float) -> None:
    one = saver(habit, noise=0.3, accounts=[FULL_FUND], goals=[HOUSE])
    goals, savings = answers(one)
    assert untraceable(facts(one), savings, *SAID_IN_SAVINGS) == []
    assert untraceable(facts(one), goals, *known(goals)) == []
