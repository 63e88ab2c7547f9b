"""Over all categories: one order of what to do, and a summary whose numbers all stand in the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.random_households import draw
from engine.actions import YARDSTICK, prioritized, worth
from engine.advise import advise
from engine.answers import Answer, Recommendation
from engine.enums import Priority
from engine.facts import Accounts, CashFlows, Facts, Floats, Goals, Profile, Source
from engine.health import FinancialHealth, health
from engine.recommenders.goal_optimization import GoalOptimization
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.summary import ExecutiveSummary, summary
from tests.engine.facts_factory import NASTY, TODAY, account, facts, goal, household, steady
from tests.engine.traces import leaves, shown_numbers, traceable

CATEGORIES = ("goal_optimization", "savings_strategy")
SUMMARIES = 1_000
NOISE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """A recommendation as the store gives it."""

    category: str
    key: str
    priority: Priority = Priority.MEDIUM
    annual_impact: Decimal | None = None
    title: str = "Do this"
    data: Mapping[str, str] = field(default_factory=dict)


def told(category: str, given: Recommendation) -> Advised:
    return Advised(
        category=category,
        key=given.key,
        priority=given.priority,
        annual_impact=given.annual_impact,
        title=given.title,
        data=given.data,
    )


def overview(batch: Facts, categories: Sequence[str] = CATEGORIES) -> list[tuple[dict[str, Answer], list[Advised]]]:
    """By user the answers and the actions."""
    found = advise(batch, categories)
    made = []
    for user in range(len(batch)):
        given = {name: answer for name in categories if isinstance(answer := found[name][user], Answer)}
        actions = [told(name, one) for name, answer in given.items() for one in answer.recommendations]
        made.append((given, prioritized(actions)))
    return made


# --- actions --------------------------------------------------------------------------------------------------------


def test_the_worthiest_comes_first_whether_money_or_probability() -> None:
    cheap = Advised(category="a", key="cheap", annual_impact=Decimal(10), priority=Priority.CRITICAL)
    dear = Advised(category="b", key="dear", annual_impact=Decimal(500), priority=Priority.LOW)
    likely = Advised(category="c", key="likely", data={YARDSTICK: "90.00"})
    untold = Advised(category="d", key="untold")
    assert [one.key for one in prioritized([cheap, untold, likely, dear])] == ["dear", "likely", "cheap", "untold"]


def test_equals_are_ordered_by_urgency_and_then_by_key() -> None:
    equals = [Advised(category="a", key=key) for key in "cba"]
    urgent = Advised(category="z", key="z", priority=Priority.CRITICAL)
    assert [one.key for one in prioritized([*equals, urgent])] == ["z", "a", "b", "c"]


def test_a_transfer_is_told_once() -> None:
    twice = [Advised(category=name, key="fund_goal:1") for name in CATEGORIES]
    assert [one.category for one in prioritized(twice)] == ["savings_strategy"]
    assert [one.category for one in prioritized(twice[:1])] == ["goal_optimization"]


@pytest.mark.parametrize("name", NASTY)
def test_actions_of_one_household_never_name_a_transfer_twice(name: str) -> None:
    ((_, actions),) = overview(facts(NASTY[name]))
    assert actions
    assert len({one.key for one in actions}) == len(actions)
    worths = [worth(one) for one in actions]
    assert worths == sorted(worths, reverse=True)


def test_a_hundredth_of_noise_hardly_moves_the_order() -> None:
    """Pairs of actions that stand in both orders, and the first action."""
    batch = draw(300, seed=3)
    before, after = overview(batch), overview(noisy(batch, seed=5))
    pairs, swapped, same_first = 0, 0, 0
    for (_, one), (_, other) in zip(before, after, strict=True):
        place = {action.key: rank for rank, action in enumerate(other)}
        ranks = np.array([place[action.key] for action in one if action.key in place])
        later = ranks[:, None] > ranks[None, :]
        pairs += len(ranks) * (len(ranks) - 1) // 2
        swapped += int(np.triu(later, 1).sum())
        same_first += one[0].key == other[0].key
    assert swapped <= 0.02 * pairs
    assert same_first >= 0.95 * len(batch)


def noisy(batch: Facts, seed: int) -> Facts:
    """All money a hundredth more or less."""
    random = np.random.default_rng(seed)

    def shaken(values: Floats) -> Floats:
        return np.asarray(values * random.normal(1.0, NOISE, values.shape), dtype=np.float64)

    profile, accounts, goals, flows = batch.profile, batch.accounts, batch.goals, batch.cash_flows
    changed: dict[Source, Profile | Accounts | Goals | CashFlows] = {
        "profile": replace(profile, annual_income=shaken(profile.annual_income)),
        "accounts": replace(accounts, balance=shaken(accounts.balance)),
        "goals": replace(goals, target_amount=shaken(goals.target_amount), saved_amount=shaken(goals.saved_amount)),
        "cash_flows": replace(flows, amount=shaken(flows.amount)),
    }
    return replace(batch, sources={**batch.sources, **changed})


def test_of_one_kind_of_spending_the_household_s_own_budget_is_told_and_not_its_peers_too() -> None:
    own = Advised(category="behavioral_insights", key="meet_budget:dining")
    peers = [Advised(category="peer_insights", key=f"spend_less:{name}") for name in ("dining", "travel")]
    assert {one.key for one in prioritized([own, *peers])} == {"meet_budget:dining", "spend_less:travel"}
    assert {one.key for one in prioritized(peers)} == {one.key for one in peers}


# --- summary --------------------------------------------------------------------------------------------------------


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


def test_a_reserve_is_told_once_and_not_again_as_what_a_job_loss_takes() -> None:
    fund = Advised(category="savings_strategy", key="raise_emergency_fund")
    job = Advised(category="life_planning", key="prepare_for_job_change")
    assert [one.key for one in prioritized([job, fund])] == ["raise_emergency_fund"]
    assert [one.key for one in prioritized([job])] == ["prepare_for_job_change"]


POT = household(
    accounts=[account("SAVINGS", 2_000.0)],
    goals=[
        goal(
            "EMERGENCY_FUND", 20_000.0, saved_amount=500.0, name="Rainy days", target_date=TODAY + timedelta(days=200)
        ),
        goal("TRAVEL", 90_000.0, name="Japan", target_date=TODAY + timedelta(days=200)),
    ],
    months=steady(4_000.0, 3_200.0),
)


def test_an_emergency_fund_and_the_goal_of_the_same_pot_are_one_story() -> None:
    """The goal's own date is told by its category; another goal keeps its advice."""
    ((answers, actions),) = overview(facts(POT))
    (fund,) = [one for one in answers["savings_strategy"].recommendations if one.key == "raise_emergency_fund"]
    assert fund.description.endswith("It counts towards your goal Rainy days.")
    of_goals = [one.title for one in answers["goal_optimization"].recommendations]
    assert [title for title in of_goals if "Rainy days" in title]
    assert [one.key for one in actions].count("raise_emergency_fund") == 1
    assert not [one.title for one in actions if "Rainy days" in one.title]
    assert [one.title for one in actions if "Japan" in one.title]


def test_the_goal_of_an_emergency_fund_is_told_where_nothing_fills_it() -> None:
    ((_, actions),) = overview(facts(POT), ["goal_optimization"])
    assert [one.title for one in actions if "Rainy days" in one.title]
    ((_, broke),) = overview(facts({**POT, "months": steady(3_000.0, 3_200.0)}))
    assert [one.title for one in broke if "Rainy days" in one.title]


def test_the_sum_of_transfers_is_not_told_beside_them() -> None:
    for answers, actions in overview(draw(60, seed=9)):
        keys = {one.key for one in actions}
        given = {one.key for one in answers["savings_strategy"].recommendations}
        assert "automate_savings" not in keys
        assert given - {"automate_savings"} <= keys
    alone = Advised(category="savings_strategy", key="automate_savings", data={"monthly_amount": "90.00"})
    assert prioritized([alone]) == [alone]


def test_to_free_money_comes_before_goals_that_wait_for_it() -> None:
    tight = household(months=steady(3_000.0, 3_000.0), goals=[goal("TRAVEL", 9_000.0, priority="CRITICAL")])
    ((_, actions),) = overview(facts(tight))
    assert actions[0].key == "free_monthly_money"


def test_a_date_decades_later_does_not_come_before_a_match() -> None:
    plan = account("EMPLOYER_PLAN", 600.0, employer_match_rate=0.5, employer_match_limit=0.06)
    one = household(
        age=25.0,
        annual_income=66_000.0,
        months=steady(4_674.0, 4_574.0),
        accounts=[plan, account("SAVINGS", 14_800.0)],
        goals=[goal("OTHER", 16_000.0, saved_amount=9_000.0, target_date=TODAY + timedelta(days=400))],
    )
    ((_, actions),) = overview(facts(one))
    assert actions[0].key.startswith("take_employer_match")


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
