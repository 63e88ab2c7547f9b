"""A summary of all categories, whose numbers all stand in the answers."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.random_households import draw
from engine.answers import Answer
from engine.facts import Facts, Floats
from engine.health import FinancialHealth, health
from engine.overview.summary import ExecutiveSummary, summary
from engine.recommenders.goal_optimization import GoalOptimization
from engine.recommenders.savings_strategy import SavingsStrategy
from tests.engine.facts_factory import NASTY, account, facts, household, steady
from tests.engine.overview.drawn import overview
from tests.engine.traces import leaves, shown_numbers, traceable

SUMMARIES = 1_000


def summaries(batch: Facts) -> list[tuple[ExecutiveSummary, FinancialHealth, dict[str, Answer]]]:
    scores = health(batch)
    return [
        (summary(score, answers, actions), score, answers)
        for score, (answers, actions) in zip(scores, overview(batch), strict=True)
    ]


def test_every_number_of_a_thousand_summaries_stands_in_the_answers() -> None:
    made = summaries(draw(SUMMARIES, seed=11))
    assert len(made) == SUMMARIES
    numbers = [shown for glance, _, _ in made for shown in shown_numbers(text(glance))]
    assert len(numbers) > 3 * SUMMARIES
    for glance, score, answers in made:
        known = numbers_of(score, answers)
        assert [shown for shown in shown_numbers(text(glance)) if not traceable(shown, known)] == []


def test_a_summary_says_its_next_steps_in_the_order_of_the_actions() -> None:
    batch = draw(50, seed=2)
    for (glance, _, _), (_, actions) in zip(summaries(batch), overview(batch), strict=True):
        assert glance.next_steps == tuple(action.title for action in actions[:3])
        assert actions[0].title in glance.headline


@pytest.mark.parametrize("name", NASTY)
def test_any_household_gets_a_headline_and_a_step(name: str) -> None:
    ((glance, _, _),) = summaries(facts(NASTY[name]))
    assert " of 100: " in glance.headline
    assert glance.next_steps
    assert all(sentence.endswith(".") for sentence in (*glance.strengths, *glance.concerns))


def test_goals_are_counted_by_their_own_dates() -> None:
    for glance, _, answers in summaries(draw(200, seed=4)):
        goals = answers["goal_optimization"]
        assert isinstance(goals, GoalOptimization)
        late = sum(plan.timeline_adjustment is not None for plan in goals.goals)
        number = len(goals.goals)
        said = [sentence for sentence in glance.concerns if "likely to be reached" in sentence]
        assert len(said) == (late > 0)
        start = f"None of your {number} goals is " if late == number else f"{late} of your {number} goals "
        assert not said or said[0].startswith("Your goal is not " if number == 1 else start)


def test_without_debt_nothing_more_is_said_of_payments() -> None:
    clear = facts(household(accounts=[account("SAVINGS", 9_000.0)], total_debt=0.0))
    ((glance, _, _),) = summaries(clear)
    assert "No debt." in glance.strengths
    assert "No debt asks for payments." not in glance.strengths


def test_a_category_that_is_not_chosen_is_not_spoken_of() -> None:
    batch = draw(20, seed=6)
    for score, (answers, actions) in zip(health(batch), overview(batch, ["savings_strategy"]), strict=True):
        glance = summary(score, answers, actions)
        assert not any("likely" in sentence for sentence in (*glance.strengths, *glance.concerns))


def text(glance: ExecutiveSummary) -> str:
    return " ".join((glance.headline, *glance.strengths, *glance.concerns, *glance.next_steps))


def numbers_of(score: FinancialHealth, answers: Mapping[str, Answer]) -> Floats:
    """Numbers of health and answers, those in their sentences among them, and how many goals are on time or late."""
    found = [100.0]
    for value in (leaf for node in (score, *answers.values()) for leaf in leaves(node)):
        if isinstance(value, str):
            found += [float(shown.replace(",", "").rstrip(".")) for shown in shown_numbers(value)]
        elif isinstance(value, float | int | Decimal):
            found += [float(value), 100 * float(value)]
    goals = answers["goal_optimization"]
    assert isinstance(goals, GoalOptimization)
    late = sum(plan.timeline_adjustment is not None for plan in goals.goals)
    return np.abs(np.array([*found, late, len(goals.goals) - late, len(goals.goals)], dtype=np.float64))


NEUTRAL = ("Fees of ", "Lenders ask for $", "Rent or mortgage takes $")


def test_a_strength_reads_like_one() -> None:
    """What is owed and paid stands among strengths only as little."""
    made = [glance for glance, _, _ in summaries(draw(200, seed=8))]
    told = [sentence for glance in made for sentence in glance.strengths]
    assert not [
        sentence for sentence in told if sentence.startswith(NEUTRAL) or (sentence[0] == "$" and "is owed" in sentence)
    ]
    assert [sentence for sentence in told if sentence.startswith(("Little is owed", "Lenders ask for little: "))]
    worries = [sentence for glance in made for sentence in glance.concerns]
    assert not [sentence for sentence in worries if "little" in sentence.lower()]


def test_a_few_fees_are_told_as_few() -> None:
    *before, last = steady(4_000.0, 3_000.0)
    often = [{**month, "fees": -9.0} for month in (*before, last)]
    for months, start in (([*before, {**last, "fees": -9.0}], "Fees are low: $0.75 a month"), (often, "Fees of $9.00")):
        (score,) = health(facts(household(months=months)))
        (bills,) = [part for part in score.components if part.name == "Bills on time"]
        assert bills.sentence.startswith(start)


def test_spending_below_income_is_no_strength_where_lenders_take_the_rest() -> None:
    loan = account("LOAN", -20_000.0, interest_rate=0.06, minimum_payment=1_200.0)
    ((glance, _, _),) = summaries(facts(household(accounts=[loan], months=steady(4_000.0, 3_000.0))))
    assert "gap" in glance.headline
    assert not [sentence for sentence in glance.strengths if "Spending stays below income" in sentence]
    ((free, _, _),) = summaries(facts(household(months=steady(4_000.0, 3_000.0))))
    assert [sentence for sentence in free.strengths if sentence.startswith("Spending stays below income: $")]


@pytest.mark.parametrize(("income", "is_strength"), [(4_000.0, True), (3_250.0, False)])
def test_a_hundredth_of_income_put_aside_is_no_strength(income: float, is_strength: bool) -> None:
    ((glance, _, answers),) = summaries(facts(household(months=steady(income, 3_200.0))))
    strategy = answers["savings_strategy"]
    assert isinstance(strategy, SavingsStrategy)
    assert strategy.monthly_amount > 0
    assert bool([one for one in glance.strengths if "can be put aside" in one]) == is_strength
