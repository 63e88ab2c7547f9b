"""What debts and funds get as months go on, and what that leaves to an emergency goal behind a debt."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.random_households import draw
from engine.advise import advise
from engine.enums import GoalKind, code
from engine.facts import Facts, Floats
from engine.features.cash_flow import cash_flow
from engine.household import Plan, plan, poured
from engine.household.freed import WITH_AN_END, filled
from engine.household.means import means
from engine.household.pieces import Place
from engine.household.split import growing
from engine.recommenders.goal_optimization import GoalOptimization, GoalPlan, GoalScenario
from engine.recommenders.goal_optimization.study import study
from engine.recommenders.life_planning.streams import streams
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, facts, goal, household, steady

CARD = account("CREDIT_CARD", -4_000.0, interest_rate=0.24, minimum_payment=0.0)
YEAR = 12
LONGEST = 60
"""Months that are followed one by one."""


def planned(batch: Facts) -> Plan:
    flow = cash_flow(batch)
    return plan(batch, flow, means(batch, flow, {}).budget)


def month_by_month(made: Plan, months: int) -> Floats:
    """What each place has got by then, if every month the same budget is poured over what still lacks."""
    left, got = made.places.stock.copy(), np.zeros(len(made.places))
    for _ in range(months):
        paid = poured(replace(made.places, stock=left), made.budget)
        left, got = left - paid, got + paid
    return got


def behind(debt: Row, target: float, *, year: int = 2029) -> GoalPlan:
    """An emergency goal of a household that keeps one month in cash and puts 500 a month aside."""
    fund = goal("EMERGENCY_FUND", target, target_date=date(year, 9, 1), priority="HIGH", name="Cushion")
    one = household(accounts=[account("SAVINGS", 2_500.0), debt], goals=[fund], months=steady(3_000.0, 2_500.0))
    (answer,) = advise(facts(one), ["goal_optimization"])["goal_optimization"]
    assert isinstance(answer, GoalOptimization)
    return answer.goals[0]


@pytest.mark.parametrize("months", [1, 7, 30])
def test_places_fill_as_they_do_month_by_month(months: int) -> None:
    """Never ahead by more than the one month in which a place fills; goals that are reached leave others more."""
    made = planned(draw(2_000, 11))
    ends = made.places.at(*WITH_AN_END)
    told, truth = filled(made, np.full(len(ends), months, dtype=np.float64)), month_by_month(made, months)
    assert (told[~ends] == 0).all()
    assert (told <= made.places.stock + 1e-6)[ends].all()
    user = made.places.user[ends]
    each, really = (np.bincount(user, weights=part[ends], minlength=2_000) for part in (told, truth))
    assert (each <= really + made.budget + 1.0).all()
    assert np.isclose(each, really, atol=25.0, rtol=0.02).mean() > 0.98
    assert each.sum() == pytest.approx(really.sum(), rel=0.01)


def test_an_emergency_goal_is_counted_no_more_than_its_fund_gets_month_by_month() -> None:
    """By its date, of what it lacks; steps that fill, and debts between them, are seen ahead."""
    batch = draw(1_000, 11)
    known = study(batch, GoalScenario(), {})
    goals, last = known.plan.aims.goals, known.course.last
    ahead = ~known.reached & (goals.months <= LONGEST) & (known.course.start <= goals.months)
    rows = np.flatnonzero((batch.goals.kind == code(GoalKind.EMERGENCY_FUND)) & ahead)
    lacking = goals.target - goals.saved
    told = last.saved - goals.saved + last.contribution * np.maximum(goals.months - known.course.start, 0)
    truth = np.zeros(len(told))
    for month in np.unique(goals.months[rows]):
        got = growing(batch, known.plan.places, known.plan.goal, month_by_month(known.plan, int(month)))
        truth = np.where(goals.months == month, got, truth)
    each, really = (np.minimum(part, lacking)[rows] for part in (told, truth))
    assert (each > really + 0.05 * lacking[rows]).mean() < 0.05
    assert 0.7 * really.sum() < each.sum() < 1.02 * really.sum()


def test_an_emergency_goal_behind_a_debt_is_reached_once_the_debt_is_paid_and_the_fund_full() -> None:
    """4,000 of debt and 5,000 of cash at 500 a month take eighteen months; the goal has three years."""
    found = behind(CARD, 7_500.0)
    assert found.optimal_monthly_contribution == 0
    assert found.timeline_adjustment is None
    assert found.success_probability_if_followed > 0.8


def test_an_emergency_goal_too_soon_behind_a_debt_says_from_when_on_it_gets_money() -> None:
    adjusted = behind(CARD, 7_500.0, year=2027).timeline_adjustment
    assert adjusted is not None
    assert "$500 a month from May 2027 on" in adjusted.reason
    assert adjusted.recommended_date < date(2028, 9, 1)


def test_a_fund_that_debts_interrupt_is_not_taken_to_fill_without_them() -> None:
    """The first month of cash comes before the card, the others after it: a year brings both, and no more."""
    one = household(accounts=[account("SAVINGS", 1_500.0), CARD], months=steady(3_000.0, 2_500.0))
    batch = facts(one)
    made = planned(batch)
    fund = made.places.at(Place.EMERGENCY)
    coming = streams(batch, made).reserve.paid(float(YEAR))
    assert 0 < coming[0] < 12 * made.amount[fund].sum() - 1_000.0
    assert coming[0] == pytest.approx(month_by_month(made, YEAR)[fund].sum(), abs=1.0)
