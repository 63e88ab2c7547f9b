"""Several goals, one monthly budget: the split with the greatest sum of weighted probabilities.

A probability is S-shaped in its contribution, so the best split starves some goals and no greedy rule finds it. The
knapsack over a ladder of contributions is exact on its grid; a second, on a finer grid around the first, refines it.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.compiled import compiled, lookup
from engine.goals import kernels
from engine.goals.columns import Floats, Goals, Positions
from engine.goals.returns import HISTORY
from engine.goals.table import goal_tables

STEPS = 64  # of the budget
FINER = 8  # steps of the second knapsack to one of the first
CHUNK = 2_000  # households at a time, which keeps the ladders in the cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a goal gets besides, a month, and the probability beyond which it is worth no more."""

    paid: Floats
    enough: float


def allocate_budget(
    goals: Goals,
    *,
    household: Positions,
    weight: Floats,
    budget: Floats,
    terms: Terms | None = None,
    model: int = HISTORY,
) -> Floats:
    """Contribution of each goal. `household` is the position of its budget, ascending; the rest of a budget is left."""
    terms = terms or Terms(paid=np.zeros(len(goals)), enough=1.0)
    starts = np.searchsorted(household, np.arange(len(budget) + 1))
    spare = np.maximum(np.nan_to_num(budget.astype(float)), 0.0)
    worth = np.maximum(np.nan_to_num(weight.astype(float)), 0.0)
    out = np.zeros(len(goals))
    for first in range(0, len(budget), CHUNK):
        last = min(first + CHUNK, len(budget))
        rows = slice(starts[first], starts[last])
        own = starts[first : last + 1] - starts[first]
        own_terms = replace(terms, paid=terms.paid[rows])
        out[rows] = _allocate(goals.rows(rows), own, worth[rows], spare[first:last], (own_terms, model))
    return out


def _allocate(goals: Goals, starts: Positions, worth: Floats, budget: Floats, how: tuple[Terms, int]) -> Floats:
    each = np.repeat(budget, np.diff(starts))
    unit = each / STEPS
    chosen = _best(goals, np.zeros(len(goals)), unit, STEPS, (starts, worth, np.full(len(budget), STEPS)), how)
    begin = np.maximum(chosen - 1, 0) * unit
    spent = np.add.reduceat(np.append(begin, 0.0), starts[:-1]) * (np.diff(starts) > 0)
    left = np.floor(STEPS * FINER * (1 - spent / np.maximum(budget, 1e-300)) + 1e-9).astype(np.int64)
    return begin + unit / FINER * _best(goals, begin, unit / FINER, 2 * FINER, (starts, worth, left), how)


def _best(
    goals: Goals,
    begin: Floats,
    unit: Floats,
    rungs: int,
    budgets: tuple[Positions, Floats, Positions],
    how: tuple[Terms, int],
) -> Positions:
    """Rungs of each goal, where rung k costs begin + k units and at most `budgets` units are spent in all."""
    ladder = np.empty((len(goals), rungs + 1))
    terms, model = how
    kernels.ladders(goal_tables(), model, goals.columns, terms.paid + begin, unit, ladder)
    np.minimum(ladder, terms.enough, out=ladder)
    chosen = np.zeros(len(goals), dtype=np.int64)
    solve_knapsacks(ladder, *budgets, chosen)
    return chosen


@compiled
def solve_knapsacks(ladder: Floats, starts: Positions, worth: Floats, limit: Positions, chosen: Positions) -> None:
    for row in range(len(limit)):
        first, last = starts[row], starts[row + 1]
        most = min(limit[row], (last - first) * (ladder.shape[1] - 1))
        _knapsack(ladder[first:last], worth[first:last], most, chosen[first:last])


@compiled
def _knapsack(ladder: Floats, worth: Floats, limit: int, chosen: Positions) -> None:
    """By the number of units that may be spent: the best value, goal after goal; then the choices, backwards."""
    goals, rungs = ladder.shape
    value = np.zeros(limit + 1)
    choice = np.zeros((goals, limit + 1), np.int32)
    for goal in range(goals):
        better = value + worth[goal] * ladder[goal, 0]
        for k in range(1, min(limit + 1, rungs)):
            _raise(better[k:], value[: limit + 1 - k], worth[goal] * ladder[goal, k], choice[goal, k:], k)
        value = better
    units = limit
    for goal in range(goals - 1, -1, -1):
        chosen[goal] = choice[goal, units]
        units -= chosen[goal]


@lookup
def _raise(better: Floats, value: Floats, worth: float, choice: NDArray[np.int32], k: int) -> None:
    for units in range(len(better)):
        total = value[units] + worth
        if total > better[units] + 1e-12:  # of equals the cheaper
            better[units] = total
            choice[units] = k
