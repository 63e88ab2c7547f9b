"""One order of what to do over all categories, in which nothing is told twice."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.random_households import draw
from engine.enums import Priority
from engine.facts import Accounts, CashFlows, Facts, Floats, Goals, Profile, Source
from engine.overview.actions import YARDSTICK, prioritized, worth
from tests.engine.facts_factory import NASTY, TODAY, account, facts, goal, household, steady
from tests.engine.overview.drawn import CATEGORIES, Advised, overview

NOISE = 0.01


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
