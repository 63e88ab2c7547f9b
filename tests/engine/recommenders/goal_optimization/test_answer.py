"""Goal optimization: the one plan, told goal by goal, with a probability for every promise."""

import re
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.answers import Answer
from engine.enums import AnswerBasis
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.goals.returns import GLIDES
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import NASTY, ORDINARY, account, facts, goal, household, steady
from tests.engine.recommenders.goal_optimization.told import (
    DISTANT,
    FULL_FUND,
    HOUSE,
    SAVER,
    keys,
    known,
    one_plan,
    optimized,
    with_goals,
)
from tests.engine.strategies import goal_rows, households
from tests.engine.traces import untraceable

# --- one household, one plan ----------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(households(), st.lists(goal_rows(), max_size=4))
def test_contributions_are_the_strategy_s_allocation_to_the_cent(one: Row, more: list[Row]) -> None:
    goals, savings = one_plan({**one, "goals": [*one["goals"], *more]})  # type: ignore[misc]
    allocated: dict[object, Decimal] = {}
    for part in savings.allocation:
        if part.goal is not None:
            allocated[part.goal.id] = allocated.get(part.goal.id, Decimal(0)) + part.monthly_amount
    planned = {plan.goal.id: plan.optimal_monthly_contribution for plan in goals.goals}
    assert {name: paid for name, paid in planned.items() if paid} == allocated
    assert goals.total_optimal_contribution == sum(planned.values(), Decimal(0))
    assert goals.total_optimal_contribution <= min(goals.monthly_budget, savings.monthly_amount + 10)


@settings(max_examples=60, deadline=None)
@given(households(), st.lists(goal_rows(), max_size=4))
def test_no_two_recommendations_contradict(one: Row, more: list[Row]) -> None:
    goals, savings = one_plan({**one, "goals": [*one["goals"], *more]})  # type: ignore[misc]
    funded = {r.key: r.data["monthly_amount"] for r in goals.recommendations if r.key.startswith("fund_goal")}
    told = {r.key: r.data["monthly_amount"] for r in savings.recommendations if r.key.startswith("fund_goal")}
    assert all(Decimal(funded[key]) >= Decimal(amount) for key, amount in told.items())
    by_goal: dict[str, set[str]] = {}
    for each in goals.recommendations:
        kind, _, name = each.key.partition(":")
        by_goal.setdefault(name, set()).add(kind)
    for kinds in by_goal.values():
        assert not {"fund_goal", "pause_goal"} <= kinds
        monthly = kinds - {"complete_goal"}  # from spare cash, beside the months
        assert monthly <= {"fund_goal", "move_date"} or monthly <= {"fund_goal", "rethink_goal"} or len(monthly) == 1


# --- probabilities --------------------------------------------------------------------------------------------------


def test_a_goal_that_can_be_paid_gets_the_least_that_is_eighty_per_cent_likely() -> None:
    (plan,) = optimized(SAVER).goals
    assert plan.timeline_adjustment is None
    assert plan.success_probability_if_followed == pytest.approx(0.80, abs=1e-3)
    assert plan.optimal_monthly_contribution == pytest.approx(Decimal("942.68"), abs=Decimal(5))
    assert plan.success_probability == pytest.approx(probability(8_000.0, 0.0, 56), abs=1e-9)


def test_today_s_contribution_and_date_are_what_success_probability_speaks_of() -> None:
    (plan,) = optimized(with_goals({**HOUSE, "monthly_contribution": 800.0})).goals
    assert plan.success_probability == round(probability(8_000.0, 800.0, 56), 4)


def test_where_the_money_does_not_reach_the_date_moves_just_far_enough() -> None:
    (plan,) = optimized(SAVER, monthly_budget=Decimal(500)).goals
    assert plan.timeline_adjustment is not None
    assert plan.timeline_adjustment.months_later > 0
    months = 56 + plan.timeline_adjustment.months_later
    assert round(probability(8_000.0, 500.0, months), 4) == plan.success_probability_if_followed >= 0.80
    assert probability(8_000.0, 500.0, months - 1) < 0.80


def test_a_lower_target_is_named_and_is_likely_enough() -> None:
    (plan,) = optimized(SAVER, monthly_budget=Decimal(500)).goals
    assert plan.timeline_adjustment is not None
    found = re.search(r"a target of \$([\d,]+)\.", plan.timeline_adjustment.reason)
    assert found is not None
    lower = float(found[1].replace(",", ""))
    assert probability(8_000.0, 500.0, 56, lower) >= 0.80
    assert probability(8_000.0, 500.0, 56, lower + 200.0) < 0.80


def test_what_a_reached_goal_frees_goes_to_the_next() -> None:
    near, far = optimized(with_goals(HOUSE, DISTANT, income=3_300.0)).goals
    assert near.timeline_adjustment is None
    assert far.timeline_adjustment is not None
    assert "from June 2031 on" in far.timeline_adjustment.reason
    alone = optimized(with_goals(DISTANT), monthly_budget=far.optimal_monthly_contribution).goals[0]
    assert alone.timeline_adjustment is not None
    assert far.timeline_adjustment.months_later > 0 == alone.timeline_adjustment.months_later
    assert "on any date worth planning for" in alone.timeline_adjustment.reason  # beyond the age of 75


def test_a_goal_behind_a_debt_is_planned_for_when_the_debt_is_paid() -> None:
    (plan,) = optimized(ORDINARY).goals
    assert plan.optimal_monthly_contribution == 0
    assert plan.timeline_adjustment is not None
    assert "a month from" in plan.timeline_adjustment.reason
    assert plan.success_probability_if_followed >= 0.795


def test_the_fan_ends_on_the_recommended_date_and_never_crosses() -> None:
    for answer in (optimized(SAVER), optimized(SAVER, monthly_budget=Decimal(500)), optimized(ORDINARY)):
        (plan,) = answer.goals
        days = [point.date for point in plan.projection]
        assert days == sorted(set(days))
        due = plan.timeline_adjustment.recommended_date if plan.timeline_adjustment else date(2031, 6, 1)
        assert days[-1] == due
        assert all(0 <= point.p10 <= point.p50 <= point.p90 for point in plan.projection)


def test_an_employer_s_match_counts_for_the_retirement_goal() -> None:
    matched = account("EMPLOYER_PLAN", 9.0, employer_match_rate=1.0, employer_match_limit=0.05)
    wants = goal("RETIREMENT", 200_000.0, target_date=date(2046, 9, 15))
    (plan,) = optimized(household(accounts=[FULL_FUND, matched], goals=[wants], months=steady(2_300.0, 2_000.0))).goals
    own = float(plan.optimal_monthly_contribution)
    assert plan.success_probability_if_followed > probability(0.0, 1.01 * own, 240, 200_000.0, "RETIREMENT_DATE")


# --- sentences and odd households -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NASTY)
def test_every_number_in_a_sentence_is_a_fact_or_in_the_answer(name: str) -> None:
    batch, answer = facts(NASTY[name]), optimized(NASTY[name])
    assert untraceable(batch, answer, *known(answer)) == []


@settings(max_examples=60, deadline=None)
@given(households())
def test_every_number_in_any_household_s_sentences_is_traceable(one: Row) -> None:
    batch, answer = facts(one), optimized(one)
    assert untraceable(batch, answer, *known(answer)) == []


def test_without_money_the_answer_says_what_it_would_take() -> None:
    answer = optimized({**NASTY["zero income"], "goals": [goal("OTHER", 5_000.0)]})
    (plan,) = answer.goals
    assert plan.timeline_adjustment is not None
    assert plan.timeline_adjustment.months_later == 0
    assert "it would take $210 a month" in plan.timeline_adjustment.reason
    assert keys(answer) == {"rethink_goal"}


def test_twenty_goals_are_ranked_once_each_by_priority() -> None:
    goals = [goal("OTHER", 9_000.0, priority=level) for level in ("LOW", "CRITICAL", "MEDIUM", "HIGH") * 5]
    answer = optimized(household(goals=goals, accounts=[FULL_FUND]))
    assert [plan.priority_rank for plan in answer.goals] == list(range(1, 21))
    levels = [str(goals[plan.goal.id.int % 2**64]["priority"]) for plan in answer.goals]
    assert levels == sorted(levels, key=["CRITICAL", "HIGH", "MEDIUM", "LOW"].index)


def test_without_goals_a_first_one_is_suggested() -> None:
    answer = optimized(household())
    assert not answer.goals
    assert answer.monthly_budget == 0
    assert keys(answer) == {"set_a_goal"}


def test_nothing_in_another_currency_is_in_dollars() -> None:
    answer: Answer = optimized(household(currency="CHF", accounts=[FULL_FUND], goals=[HOUSE]))
    assert "$" not in repr(answer)
    assert "CHF" in repr(answer)


def test_the_answer_rests_on_a_solver_and_shows_the_range_of_return_models() -> None:
    answer = optimized(SAVER)
    assert (answer.basis, answer.confidence) == (AnswerBasis.SOLVER, None)
    (shown,) = [entry for entry in answer.explanation if entry.feature == "return_model"]
    assert shown.value is not None
    assert shown.value <= answer.goals[0].success_probability_if_followed <= shown.value + shown.effect + 1e-4
    assert any("today's money" in entry.sentence for entry in answer.explanation)


def probability(
    saved: float, paid: float, months: int, target: float = 60_000.0, glide: str = "PURCHASE_DATE"
) -> float:
    goals = Goals.of(glide=GLIDES.index(glide), months=months, saved=saved, contribution=paid, target=target)
    return float(np.asarray(success_probability(goals))[0])
