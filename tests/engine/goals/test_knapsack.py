"""Several goals under one budget: exact, within the budget, beaten by no rule."""

from itertools import product

import numpy as np
import pytest

from benchmarks.goals.cases import Budgets, budget_households
from benchmarks.goals.rivals import equal, greedy, proportional, waterfall
from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.knapsack import allocate_budget, solve_knapsacks
from engine.goals.probability import success_probability

HOUSEHOLDS = budget_households(150, seed=11)


def allocate(case: Budgets) -> np.ndarray:
    return allocate_budget(case.goals, household=case.household, weight=case.weight, budget=case.budget)


def utility(case: Budgets, paid: np.ndarray) -> np.ndarray:
    return np.bincount(case.household, case.weight * success_probability(case.goals.paying(paid)))


def test_no_rule_beats_the_knapsack() -> None:
    best = utility(HOUSEHOLDS, allocate(HOUSEHOLDS))
    most = np.bincount(HOUSEHOLDS.household, HOUSEHOLDS.weight)
    rules = (equal, proportional, waterfall, lambda c: greedy(c, envelope=False), lambda c: greedy(c, envelope=True))
    for rule in rules:
        assert (best >= utility(HOUSEHOLDS, rule(HOUSEHOLDS)) - 0.005 * most).all()


def test_the_knapsack_is_well_ahead_of_greedy_and_proportional() -> None:
    best = utility(HOUSEHOLDS, allocate(HOUSEHOLDS)).sum()
    assert best > 1.2 * utility(HOUSEHOLDS, greedy(HOUSEHOLDS, envelope=False)).sum()
    assert best > 1.2 * utility(HOUSEHOLDS, proportional(HOUSEHOLDS)).sum()


def test_no_budget_is_overspent() -> None:
    spent = np.bincount(HOUSEHOLDS.household, allocate(HOUSEHOLDS))
    assert (spent <= HOUSEHOLDS.budget * (1 + 1e-12)).all()


def test_a_household_by_itself_is_split_as_among_others() -> None:
    together = allocate(HOUSEHOLDS)
    for row in range(20):
        own = np.flatnonzero(HOUSEHOLDS.household == row)
        alone = allocate_budget(
            HOUSEHOLDS.goals.rows(own),
            household=np.zeros(len(own), dtype=np.int64),
            weight=HOUSEHOLDS.weight[own],
            budget=HOUSEHOLDS.budget[row : row + 1],
        )
        assert alone.tolist() == together[own].tolist()


def test_the_choice_is_the_best_of_all_choices() -> None:
    generator = np.random.default_rng(4)
    for _ in range(50):
        ladder = np.sort(generator.random((3, 6)), axis=1)
        weight, limit = generator.random(3), int(generator.integers(0, 16))
        chosen = np.zeros(3, dtype=np.int64)
        solve_knapsacks(ladder, np.array([0, 3]), weight, np.array([limit]), chosen)
        allowed = [pick for pick in product(range(6), repeat=3) if sum(pick) <= limit]
        best = max(sum(w * row[k] for w, row, k in zip(weight, ladder, pick, strict=True)) for pick in allowed)
        assert chosen.sum() <= limit
        assert sum(w * row[k] for w, row, k in zip(weight, ladder, chosen, strict=True)) == pytest.approx(best)


def test_money_that_adds_nothing_is_left() -> None:
    goals = Goals.of(glide=0, months=24, saved=0, target=[1_000, 2_000])
    paid = allocate_budget(goals, household=np.zeros(2, int), weight=np.ones(2), budget=np.array([10_000.0]))
    assert paid.sum() < 1_000
    assert success_probability(goals.paying(paid)) == pytest.approx([1, 1], abs=1e-3)


def test_a_budget_for_one_goes_to_one() -> None:
    """Two equal goals and money for half of each: all of it to one of them."""
    goals = Goals.of(glide=0, months=36, saved=0, target=[36_000, 36_000])
    needed = required_contribution(goals, 0.9)[0]
    paid = allocate_budget(goals, household=np.zeros(2, int), weight=np.ones(2), budget=np.array([needed]))
    assert paid.max() == pytest.approx(needed)
    assert paid.min() == 0


def test_the_weightier_of_two_goals_is_met() -> None:
    goals = Goals.of(glide=0, months=36, saved=0, target=[36_000, 36_000])
    budget = required_contribution(goals, 0.9)[:1]
    paid = allocate_budget(goals, household=np.zeros(2, int), weight=np.array([1.0, 4.0]), budget=budget)
    assert paid[1] > 0.95 * budget[0]


def test_households_without_budget_or_goals_and_twenty_goals_are_answered() -> None:
    goals = Goals.of(glide=3, months=np.arange(-2, 20) * 30, saved=0, target=1e4)
    household = np.array([0, 0] + [2] * 20)
    budget = np.array([0.0, 500.0, np.nan])
    paid = allocate_budget(goals, household=household, weight=np.ones(22), budget=budget)
    assert paid.tolist() == [0] * 22
    plenty = allocate_budget(goals, household=household, weight=np.ones(22), budget=np.array([100.0, 500.0, 3_000.0]))
    assert np.isfinite(plenty).all()
    assert 0 < plenty[2:].sum() <= 3_000
