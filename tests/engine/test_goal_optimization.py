"""Goal optimization: the one plan, told goal by goal, with a probability for every promise."""

import re
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advise import advise
from engine.answers import Answer
from engine.enums import AnswerBasis
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.goals.returns import GLIDES
from engine.recommenders.goal_optimization import GoalOptimization, GoalOptions, GoalPlan, GoalScenario
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import NASTY, ORDINARY, TODAY, account, facts, goal, household, steady
from tests.engine.strategies import goal_rows, households
from tests.engine.test_conformance import assert_sane
from tests.engine.traces import untraceable

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


def test_a_goal_that_spare_cash_completes_is_told_so_and_nothing_else() -> None:
    car = goal("MAJOR_PURCHASE", 9_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="New car")
    rich = household(accounts=[account("SAVINGS", 60_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(rich)
    (advised,) = goals.recommendations
    assert advised.title == "Set $8,000 of spare cash aside for New car"
    assert advised.actionable_items[0].amount == Decimal("8000.00")
    (invested,) = [each for each in savings.recommendations if each.key == "use_spare_cash"]
    assert invested.actionable_items[0].amount == Decimal("60000.00") - 8_000 - 1_000 - 4 * 3_000
    assert goals.goals[0].timeline_adjustment is None
    assert goals.goals[0].success_probability < 0.01
    assert goals.goals[0].success_probability_if_followed == 1.0


def test_a_part_of_a_near_goal_is_set_aside_before_anything_is_invested() -> None:
    car = goal("MAJOR_PURCHASE", 30_000.0, saved_amount=1_000.0, target_date=date(2029, 1, 1), name="New car")
    some = household(accounts=[account("SAVINGS", 25_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(some)
    aside = next(each for each in goals.recommendations if each.key.startswith("complete_goal"))
    assert aside.title == "Set $12,000 of spare cash aside for New car"
    assert "$13,000 of the $30,000 is there" in aside.description
    assert not [each for each in savings.recommendations if each.key == "use_spare_cash"]
    assert {each.key.partition(":")[0] for each in goals.recommendations} == {"complete_goal", "move_date"}


def test_what_is_set_aside_comes_before_what_is_invested_of_the_same_cash() -> None:
    car = goal("TRAVEL", 9_000.0, saved_amount=8_000.0, target_date=date(2029, 1, 1), priority="LOW")
    rich = household(accounts=[account("SAVINGS", 200_000.0)], goals=[car], months=steady(3_000.0, 3_000.0))
    goals, savings = one_plan(rich)
    aside, invest = (
        next(each for each in answer.recommendations if each.key.startswith(key))
        for answer, key in ((goals, "complete_goal"), (savings, "use_spare_cash"))
    )
    assert invest.annual_impact is not None
    assert Decimal(aside.data["yardstick_a_year"]) > invest.annual_impact


def test_an_emergency_goal_below_what_the_household_needs_is_not_closed_but_raised() -> None:
    small = goal("EMERGENCY_FUND", 2_000.0, saved_amount=2_000.0, name="Reserve")
    one = household(accounts=[account("SAVINGS", 2_500.0)], goals=[small], months=steady(3_500.0, 3_000.0))
    goals, savings = one_plan(one)
    (advised,) = goals.recommendations
    assert advised.title == "Raise the target of Reserve to $9,000"
    assert savings.emergency_fund.target_amount == Decimal("9000.00")


def test_no_fund_is_told_to_be_smaller_than_the_strategy_says() -> None:
    large = goal("EMERGENCY_FUND", 9_000.0, name="Reserve", target_date=date(2027, 1, 1))
    one = household(accounts=[account("SAVINGS", 500.0)], goals=[large], months=steady(3_100.0, 3_000.0))
    goals, savings = one_plan(one)
    assert savings.emergency_fund.target_amount == Decimal("9000.00")
    told = " ".join(item.title for each in goals.recommendations for item in each.actionable_items)
    assert "ower the target" not in told


def test_a_goal_without_money_gets_one_recommendation_and_a_first_step() -> None:
    trip = goal("TRAVEL", 3_000.0, target_date=date(2027, 7, 1), monthly_contribution=80.0, name="Trip")
    poor = household(accounts=[account("SAVINGS", 100.0)], goals=[trip], months=steady(3_000.0, 3_100.0))
    (advised,) = optimized(poor).recommendations
    assert advised.title == "Rethink your goal Trip"
    assert "the plan has no money left for it now" in advised.description.lower()
    assert "the $80.00 a month that it gets today is needed elsewhere" in advised.description
    assert "60 years" not in advised.description
    assert advised.actionable_items[0].title == "Find this much a month"


@pytest.mark.parametrize(("age", "key", "later"), [(88.0, "rethink_goal", False), (40.0, "move_date", True)])
def test_nobody_is_told_to_wait_beyond_a_lifetime(age: float, key: str, later: bool) -> None:
    gift = goal("OTHER", 10_000.0, saved_amount=4_000.0, target_date=date(2029, 1, 1))
    one = household(age=age, accounts=[account("SAVINGS", 12_000.0)], goals=[gift], months=steady(3_000.0, 2_970.0))
    answer = optimized(one)
    adjustment = answer.goals[0].timeline_adjustment
    assert adjustment is not None
    assert (adjustment.months_later > 0) == (adjustment.recommended_date.year > 2031) == later
    assert key in {each.key.partition(":")[0] for each in answer.recommendations}


@settings(max_examples=60, deadline=None)
@given(households())
def test_the_plan_s_own_budget_as_a_scenario_changes_no_contribution(one: Row) -> None:
    usual = optimized(one)
    again = optimized(one, monthly_budget=usual.monthly_budget)
    assert contributions(again) == contributions(usual)
    assert again.monthly_budget == usual.monthly_budget


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


# --- scenarios ------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(households(), st.integers(0, 20_000))
def test_more_money_for_goals_never_lowers_what_they_get(one: Row, budget: int) -> None:
    less, more = (optimized(one, monthly_budget=Decimal(budget * factor)) for factor in (1, 2))
    assert more.total_optimal_contribution >= less.total_optimal_contribution - 5
    assert less.monthly_budget == budget
    assert less.total_optimal_contribution <= budget


def test_each_part_of_a_scenario_reaches_the_numbers() -> None:
    saver = with_goals({**HOUSE, "monthly_contribution": 800.0})
    usual, better = optimized(saver), optimized(saver, return_shift=0.02)
    assert better.total_optimal_contribution < usual.total_optimal_contribution
    assert better.goals[0].success_probability > usual.goals[0].success_probability
    later = optimized(saver, delay_months=24)
    assert later.total_optimal_contribution < usual.total_optimal_contribution
    assert later.goals[0].projection[-1].date == date(2033, 6, 1)
    poorer = optimized(saver, monthly_budget=Decimal(100))
    assert poorer.monthly_budget == poorer.total_optimal_contribution == 100
    assert poorer.goals[0].projection[0] != usual.goals[0].projection[0]
    texts = [{entry.sentence for entry in answer.explanation} for answer in (usual, better, later, poorer)]
    assert all(texts[0] != other for other in texts[1:])


@settings(max_examples=40, deadline=None)
@given(
    households(),
    st.fixed_dictionaries(
        {
            "monthly_budget": st.one_of(st.none(), st.integers(0, 10**9).map(Decimal)),
            "return_shift": st.floats(-0.2, 0.2),
            "delay_months": st.integers(0, 720),
        }
    ),
)
def test_any_scenario_of_any_household_is_answered_sanely(one: Row, scenario: dict[str, object]) -> None:
    assert_sane(optimized(one, **scenario))


@pytest.mark.parametrize(
    "scenario",
    [{"monthly_budget": Decimal(-1)}, {"return_shift": 0.3}, {"return_shift": float("nan")}, {"delay_months": -1}],
)
def test_a_scenario_beyond_reason_is_refused(scenario: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        GoalScenario(**scenario)  # type: ignore[arg-type]


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


def probability(
    saved: float, paid: float, months: int, target: float = 60_000.0, glide: str = "PURCHASE_DATE"
) -> float:
    goals = Goals.of(glide=GLIDES.index(glide), months=months, saved=saved, contribution=paid, target=target)
    return float(np.asarray(success_probability(goals))[0])
