"""How likely a goal is to be reached, and how much the choice of return model matters."""

import numpy as np

from engine.goals import kernels
from engine.goals.columns import Floats, Goals
from engine.goals.returns import HISTORY, LOGNORMAL
from engine.goals.table import goal_tables


def success_probability(goals: Goals, model: int = HISTORY) -> Floats:
    """That wealth at the date is at least the target.

    A goal whose date is past counts what is saved. One whose savings already exceed the target is not certain: they
    stay invested in the goal's glide until the date.
    """
    out = np.empty(len(goals))
    kernels.probabilities(goal_tables(), model, goals.columns, out)
    return out


def success_range(goals: Goals) -> tuple[Floats, Floats]:
    """The lower and the upper of both models: history in blocks, and independent lognormal months."""
    blocks, independent = success_probability(goals, HISTORY), success_probability(goals, LOGNORMAL)
    return np.minimum(blocks, independent), np.maximum(blocks, independent)


def marginal_probability(goals: Goals, step: float = 100.0) -> Floats:
    """What the next `step` a month in each goal would add to its probability; never below zero."""
    more = success_probability(goals.paying(np.maximum(goals.contribution, 0.0) + step))
    return np.maximum(more - success_probability(goals), 0.0)
