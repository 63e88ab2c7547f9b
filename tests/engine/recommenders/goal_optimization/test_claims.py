"""What comes before a goal that gets too little: named with its amount, and together the plan to the cent."""

import re
from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.random_households import draw
from engine.advise import advise
from engine.facts import Facts
from engine.recommenders.goal_optimization import GoalOptimization, GoalPlan
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import account, facts, goal, household, steady

SENTENCE = re.compile(
    r"The plan's (\S+) a month goes to .*?(?: first)?: |Of the plan's (\S+) a month, (.*?)(?: first)?: "
)
WITHOUT_CLAIMS = ("No debt is known", "No account of a debt is known", "on debts counts toward your goal")
DRAWN = 40
MONEY = r"\$(\d[\d,]*(?:\.\d\d)?)"


def answers(batch: Facts) -> list[tuple[GoalOptimization, SavingsStrategy]]:
    found = advise(batch, ["goal_optimization", "savings_strategy"])
    both = list(zip(found["goal_optimization"], found["savings_strategy"], strict=True))
    assert all(isinstance(one, GoalOptimization) and isinstance(two, SavingsStrategy) for one, two in both)
    return both  # type: ignore[return-value]


def amounts(text: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in re.findall(MONEY, text)]


def told(plan: GoalPlan) -> tuple[Decimal, Decimal] | None:
    """The plan's money and what of it goes elsewhere, as the goal's sentence has them."""
    found = SENTENCE.search(plan.timeline_adjustment.reason) if plan.timeline_adjustment else None
    if found is None:
        return None
    if found[1]:
        return amounts(found[1])[0], amounts(found[1])[0]
    return amounts(found[2])[0], sum(amounts(found[3]), Decimal(0))


def late(**more: object) -> Row:
    """A match, a card and a trip before a car that gets some of the money, and too little."""
    accounts = [
        account("SAVINGS", 9_000.0, interest_rate=0.03),
        account("EMPLOYER_PLAN", 0.0, employer_match_rate=1.0, employer_match_limit=0.04),
    ]
    goals = [
        goal("TRAVEL", 4_000.0, target_date=date(2028, 9, 1), priority="CRITICAL", name="Trip"),
        goal("MAJOR_PURCHASE", 60_000.0, target_date=date(2029, 9, 1), priority="HIGH", name="Car"),
    ]
    return {**household(accounts=accounts, goals=goals, months=steady(4_000.0, 3_000.0)), **more}


def test_a_goal_that_gets_too_little_names_what_comes_before_it_with_amounts() -> None:
    ((answer, savings),) = answers(facts(late()))
    trip, car = answer.goals
    assert trip.timeline_adjustment is None
    assert car.timeline_adjustment is not None
    assert 0 < car.optimal_monthly_contribution < savings.monthly_amount
    assert f"Of the plan's ${savings.monthly_amount:,.0f} a month, " in car.timeline_adjustment.reason
    assert "to Trip first: there it is worth more while this goal has high priority" in car.timeline_adjustment.reason
    assert f"${trip.optimal_monthly_contribution}" in car.timeline_adjustment.reason
    assert "goes to your employer's match" in car.timeline_adjustment.reason


def test_what_a_better_division_among_goals_moves_is_not_said_to_be_worth_more_elsewhere() -> None:
    """The knapsack gives a part of an urgent goal's money to one of little worth that is nearly there."""
    reasons = [
        plan.timeline_adjustment.reason
        for answer, _ in answers(draw(1_500, 5))
        for plan in answer.goals
        if plan.timeline_adjustment
    ]
    divided = [text for text in reasons if "divided so, it brings your goals the most" in text]
    assert 0 < len(divided) < 0.1 * len(reasons)
    assert not any("worth more" in text for text in divided)


def test_a_debt_goal_without_debts_blames_no_other_place() -> None:
    paid = goal("DEBT_PAYOFF", 9_000.0, saved_amount=2_000.0, target_date=date(2028, 9, 1), name="Card")
    ((answer, _),) = answers(facts(late(goals=[paid])))
    assert answer.goals[0].timeline_adjustment is not None
    assert answer.goals[0].timeline_adjustment.reason.startswith("No debt is known that the plan could pay for it. ")
    assert not [one for one in answer.explanation if one.feature == "claims_before"]


def test_the_explanation_says_once_what_comes_before_goals_that_share_it() -> None:
    twins = [
        goal("OTHER", 300_000.0, target_date=date(2028, 1, 1), priority="LOW", name=name) for name in ("Boat", "Hut")
    ]
    ((answer, savings),) = answers(facts(late(goals=twins, months=steady(4_000.0, 3_850.0))))
    (entry,) = [one for one in answer.explanation if one.feature == "claims_before"]
    assert entry.sentence.endswith(" before Boat and Hut.")
    assert Decimal(str(entry.value)) == savings.monthly_amount


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31))
def test_claims_and_the_goal_s_own_money_are_the_plan_to_the_cent(seed: int) -> None:
    sentences = 0
    for answer, savings in answers(draw(DRAWN, seed)):
        for plan in answer.goals:
            found = told(plan)
            if found is not None:
                sentences += 1
                assert found[0] == savings.monthly_amount
                assert found[1] + plan.optimal_monthly_contribution == savings.monthly_amount
    assert sentences


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31))
def test_every_late_goal_says_where_the_rest_of_the_money_goes(seed: int) -> None:
    batch = draw(DRAWN, seed)
    for answer, savings in answers(batch):
        for plan in answer.goals:
            adjusted = plan.timeline_adjustment
            if adjusted is not None and plan.optimal_monthly_contribution < savings.monthly_amount:
                assert told(plan) is not None or any(each in adjusted.reason for each in WITHOUT_CLAIMS), adjusted
            if adjusted is None:
                assert told(plan) is None


def test_amounts_by_place_are_those_of_the_savings_strategy() -> None:
    """Match, debts and fund are told with the very amounts that the strategy orders."""
    named = {
        "EMPLOYER_MATCH": "your employer's match",
        "DEBT_PAYDOWN": "debts",
        "EMERGENCY_FUND": "your emergency fund",
    }
    compared = 0
    for answer, savings in answers(draw(300, 5)):
        for advised in answer.recommendations:
            for place, name in named.items():
                shown = advised.data.get(f"before_it: {name}")
                if shown is not None:
                    parts = [part.monthly_amount for part in savings.allocation if part.bucket == place]
                    assert Decimal(shown) == sum(parts, Decimal(0))
                    compared += 1
    assert compared > np.sqrt(300)
