"""Several goals under one budget, and dated goals out of one pool: against rules, a fine grid and a textbook."""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from benchmarks.goals.cases import Budgets, PoolCase, budget_households, pool_cases
from benchmarks.goals.rivals import (
    equal,
    greedy,
    proportional,
    proportional_shares,
    split_pool,
    textbook_plan,
    waterfall,
    waterfall_shares,
)
from engine.goals import dynamic
from engine.goals.columns import Floats
from engine.goals.knapsack import allocate_budget
from engine.goals.pool import GRID, JointPlans, joint_plans
from engine.goals.probability import success_probability
from engine.goals.table import frontier

Case = TypeVar("Case", Budgets, PoolCase)

HOUSEHOLDS = 20_000
CASES = 66
FINE = 8192


def budgets() -> None:
    case = budget_households(HOUSEHOLDS, seed=3)
    small = budget_households(2_000, seed=3)
    print(f"Several goals, one budget: share of the possible utility, {HOUSEHOLDS:,} households, us a household")
    knapsack(small)
    line("exact knapsack, 64 steps, refined to 512", case, knapsack)
    line("concave-envelope greedy (2,000 households)", small, lambda c: greedy(c, envelope=True))
    line("marginal greedy (2,000 households)", small, lambda c: greedy(c, envelope=False))
    line("weightiest first, to 90 per cent", case, waterfall)
    line("proportional to need", case, proportional)
    line("equal", case, equal)
    one = single(small)
    print(f"  one household by itself: {1e6 * fastest(knapsack, one):.0f} us")


def knapsack(case: Budgets) -> Floats:
    return allocate_budget(case.goals, household=case.household, weight=case.weight, budget=case.budget)


def single(case: Budgets) -> Budgets:
    own = case.household == 0
    return Budgets(
        goals=case.goals.rows(np.flatnonzero(own)),
        household=case.household[own],
        weight=case.weight[own],
        budget=case.budget[:1],
        needed=case.needed[own],
    )


def line(what: str, case: Budgets, split: Callable[[Budgets], Floats]) -> None:
    began = time.thread_time()
    paid = split(case)
    took = time.thread_time() - began
    met = case.weight * success_probability(case.goals.paying(paid))
    share = np.bincount(case.household, met) / np.bincount(case.household, case.weight)
    print(f"  {what:45s} {share.mean():.4f}  {1e6 * took / len(case.budget):8.1f} us")


def fastest(call: Callable[[Case], object], case: Case, rounds: int = 7) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.thread_time()
        call(case)
        seconds.append(time.thread_time() - began)
    return min(seconds)


def pools() -> None:
    cases = pool_cases(CASES, seed=5)
    total = np.array([case.weight.sum() for case in cases])
    fine = np.array([plan(case, FINE).utility[0] for case in cases])
    print(f"Dated goals out of one pool, {CASES} generated cases: share of the utility of a grid of {FINE:,} points")
    for grid in (192, GRID, 512, 1024):
        said = np.array([plan(case, grid).utility[0] for case in cases])
        kept = np.array([followed(case, grid) for case in cases])
        off = np.sqrt((((said - fine) / total) ** 2).mean())
        print(f"  grid {grid:5d}: followed mean {(kept / fine).mean():.5f} worst {(kept / fine).min():.5f}", end="")
        print(f"   stated utility off by {100 * off:.3f} % of all weights (rms)")
    rivals(cases, fine, total)
    pool_times(cases, fine, total)


def plan(case: PoolCase, grid: int = GRID) -> JointPlans:
    return joint_plans(
        case.pools(),
        household=np.zeros(len(case.months), dtype=np.int64),
        months=case.months,
        target=case.target,
        weight=case.weight,
        grid=grid,
    )


def followed(case: PoolCase, grid: int) -> float:
    """Utility where the decisions of a coarse grid are followed among the wealths of a fine one."""
    mixes = frontier()
    about = (mixes.stock_share, mixes.drift, mixes.volatility)
    goals = (case.months.astype(float), case.target, case.weight)
    steps = dynamic.steps_of(goals[0], case.contribution, 0.0)
    coarse, fine = (dynamic.scale_of(case.wealth, case.target, count) for count in (grid, FINE))
    decided = (np.zeros((len(steps[0]), grid + 1), np.int16), np.zeros((len(goals[0]), grid + 1)))
    dynamic.backward(steps, coarse, about, goals, decided)
    (low, step, _), levels = coarse[0], fine[1]
    nearest = np.rint((np.log(np.maximum(levels, 1e-9)) - low) / step).clip(0, grid - 1).astype(int) + 1
    affordable = np.searchsorted(coarse[1], case.target).clip(1, grid)
    take = np.stack([row[np.maximum(nearest, first)] > 0.5 for row, first in zip(decided[1], affordable, strict=True)])
    take &= levels >= case.target[:, None] * (1 - 1e-9)
    taken = np.zeros(len(case.target))
    carried = (np.ascontiguousarray(decided[0][:, nearest]), take.astype(float))
    dynamic.forward(case.wealth, steps, fine, about, goals, carried, taken)
    return float(taken @ case.weight)


def rivals(cases: list[PoolCase], fine: Floats, total: Floats) -> None:
    print("  utility as a share of all weights (mean over the cases)")
    print(f"    joint plan                                {(fine / total).mean():.4f}")
    for name, rule in (("proportional to cost", proportional_shares), ("weightiest first to 90 %", waterfall_shares)):
        reached = np.array([split_pool(case, rule(case)) for case in cases])
        print(f"    separate accounts, {name:24s} {(reached / total).mean():.4f}")


def pool_times(cases: list[PoolCase], fine: Floats, total: Floats) -> None:
    took = np.array([fastest(plan, case, 5) for case in cases])
    some = cases[:6]
    began = time.thread_time()
    textbook = np.array([textbook_plan(case) for case in some])
    slow = (time.thread_time() - began) / len(some)
    off = np.sqrt((((textbook - fine[:6]) / total[:6]) ** 2).mean())
    quick = took[:6].mean()
    print(f"  processor time: median {1e3 * np.median(took):.2f} ms, p95 {1e3 * np.quantile(took, 0.95):.2f} ms")
    print(f"  textbook in numpy, 475 points, 6 of the cases: {1e3 * slow:.0f} ms, off by {100 * off:.2f} %", end="")
    print(f"; ours on the same {1e3 * quick:.2f} ms: ratio {slow / quick:,.0f}")
