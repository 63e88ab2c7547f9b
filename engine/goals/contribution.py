"""The least monthly contribution that makes a goal likely enough."""

import numpy as np
from numpy.typing import ArrayLike

from engine.goals import kernels
from engine.goals.columns import Floats, Goals, scores
from engine.goals.returns import HISTORY
from engine.goals.table import goal_tables

DEFAULT_PROBABILITY = 0.80


def required_contribution(goals: Goals, probability: ArrayLike = DEFAULT_PROBABILITY, model: int = HISTORY) -> Floats:
    """A month, growing at the goal's `growth`; 0 where the savings suffice, the whole gap where the date is past."""
    out = np.empty(len(goals))
    kernels.contributions(goal_tables(), model, goals.columns, scores(probability, len(goals)), out)
    return out
