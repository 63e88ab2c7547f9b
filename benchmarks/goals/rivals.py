"""What a budget or a pool is usually split by, and the dynamic program as a textbook writes it."""

from itertools import pairwise

import numpy as np

from benchmarks.goals.cases import Budgets, PoolCase
from engine.goals import kernels
from engine.goals.columns import Floats, Goals, Positions
from engine.goals.contribution import required_contribution
from engine.goals.pool import Pools, joint_plans
from engine.goals.probability import success_probability
from engine.goals.table import frontier, goal_tables

GREEDY_STEPS = 100


def fenton_wilkinson(goals: Goals, model: int) -> Floats:
    """The lognormal with the exact mean and variance of wealth, without the table's correction."""
    out = np.empty(len(goals))
    tables = goal_tables()
    for row, (glide, months, saved, contribution, target, growth, shift) in enumerate(zip(*goals.columns, strict=True)):
        one = kernels.moments(tables, model, glide, months, growth, shift)
        lump = saved * one.lump
        mean = lump + contribution * one.stream
        width = kernels.spread(one, lump / mean)
        out[row] = kernels.normal(np.log(mean / target) / width - width / 2)
    return out


def proportional(case: Budgets) -> Floats:
    """The same part of what each goal needs."""
    needed = np.bincount(case.household, case.needed, len(case.budget))
    part = np.minimum(case.budget / np.maximum(needed, 1e-9), 1.0)
    return case.needed * part[case.household]


def equal(case: Budgets) -> Floats:
    return (case.budget / np.bincount(case.household, minlength=len(case.budget)))[case.household]


def waterfall(case: Budgets) -> Floats:
    """The weightiest goal to 90 per cent, then the next."""
    needed = required_contribution(case.goals, 0.9)
    order = np.lexsort((-case.weight, case.household))
    left = case.budget.copy()
    out = np.zeros(len(needed))
    for goal in order:
        out[goal] = min(needed[goal], left[case.household[goal]])
        left[case.household[goal]] -= out[goal]
    return out


def greedy(case: Budgets, *, envelope: bool) -> Floats:
    """The next hundredth of the budget goes where it adds most; or most a step, over any number of steps ahead."""
    ladder = _ladder(case)
    out = np.zeros(len(case.weight), dtype=np.int64)
    starts = np.searchsorted(case.household, np.arange(len(case.budget) + 1))
    for first, last in pairwise(starts):
        out[first:last] = _greedy(ladder[first:last], GREEDY_STEPS if envelope else 1)
    return out * (case.budget / GREEDY_STEPS)[case.household]


def _ladder(case: Budgets) -> Floats:
    unit = (case.budget / GREEDY_STEPS)[case.household]
    rungs = [success_probability(case.goals.paying(k * unit)) for k in range(GREEDY_STEPS + 1)]
    return np.stack(rungs, axis=1) * case.weight[:, None]


def _greedy(value: Floats, furthest: int) -> Positions:
    at = np.zeros(len(value), dtype=np.int64)
    left = value.shape[1] - 1
    while left > 0:
        ahead = np.arange(1, min(furthest, left) + 1)
        reach = np.minimum(at[:, None] + ahead, value.shape[1] - 1)
        gain = (np.take_along_axis(value, reach, 1) - value[np.arange(len(value)), at][:, None]) / ahead
        goal, steps = np.unravel_index(gain.argmax(), gain.shape)
        at[goal] += ahead[steps]
        left -= int(ahead[steps])
    return at


def split_pool(case: PoolCase, share: Floats) -> float:
    """Utility of separate accounts, one a goal, each run by its own dynamic program."""
    count = len(share)
    own = Pools(
        wealth=case.wealth * share,
        contribution=case.contribution * share,
        growth=np.zeros(count),
        return_shift=np.zeros(count),
    )
    plans = joint_plans(own, household=np.arange(count), months=case.months, target=case.target, weight=case.weight)
    return float(plans.utility.sum())


def proportional_shares(case: PoolCase) -> Floats:
    worth = case.target * 1.03 ** (-case.months / 12)
    share: Floats = worth / worth.sum()
    return share


def waterfall_shares(case: PoolCase) -> Floats:
    """The weightiest goal to 90 per cent, then the next: shares found by halving."""
    share, left = np.zeros(len(case.months)), 1.0
    for goal in np.argsort(-case.weight, kind="stable"):
        share[goal] = _least_share(case, int(goal), left)
        left -= share[goal]
    return share


def _least_share(case: PoolCase, goal: int, left: float) -> float:
    low, high = 0.0, left
    for _ in range(12):
        middle = (low + high) / 2
        alone = np.eye(len(case.months))[goal] * middle
        if split_pool(case, alone) >= 0.9 * case.weight[goal]:
            high = middle
        else:
            low = middle
    return high


def textbook_plan(case: PoolCase, points: int = 475) -> float:
    """The same dynamic program in numpy: for each step and mix the matrix of transition probabilities."""
    mixes = frontier()
    total = case.target.sum()
    wealth = np.exp(np.linspace(np.log(total * 1e-4), np.log(4 * total), points))
    value = np.zeros(points)
    for start, until, due in reversed(_schedule(case)):
        for goal in reversed(due):
            taken = np.interp(np.log(np.maximum(wealth - case.target[goal], wealth[0])), np.log(wealth), value)
            value = np.where(wealth >= case.target[goal], np.maximum(value, case.weight[goal] + taken), value)
        years, paid = (until - start) / 12, case.contribution * (until - start)
        later = np.log(wealth)[None, :] - np.log(wealth + paid / 2)[:, None]
        paid_last = np.interp(np.log(wealth + paid / 2), np.log(wealth), value)
        best = np.zeros(points)
        for drift, volatility in zip(mixes.drift, mixes.volatility, strict=True):
            density = np.exp(-0.5 * ((later - drift * years) / (volatility * np.sqrt(years))) ** 2)
            best = np.maximum(best, density @ paid_last / np.maximum(density.sum(axis=1), 1e-300))
        value = best
    return float(np.interp(np.log(max(case.wealth, wealth[0])), np.log(wealth), value))


def _schedule(case: PoolCase) -> list[tuple[float, float, list[int]]]:
    """Start, end and the goals due at the end of each step."""
    steps: list[tuple[float, float, list[int]]] = []
    now = 0.0
    for date in np.unique(case.months):
        ends = np.linspace(now, date, int(np.ceil((date - now) / 12 - 1e-9)) + 1)
        steps += [(a, b, []) for a, b in pairwise(ends)]
        steps[-1][2].extend(np.flatnonzero(case.months == date).tolist())
        now = float(date)
    return steps
