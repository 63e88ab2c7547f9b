"""What gives where the budget cannot reach a goal: the date, the target, or half of each."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from engine.goals import kernels
from engine.goals.columns import Floats, Goals, Positions, scores
from engine.goals.contribution import DEFAULT_PROBABILITY
from engine.goals.projection import wealth_reached
from engine.goals.returns import HISTORY, MAX_MONTHS
from engine.goals.table import goal_tables

NEVER = -1


def earliest_months(goals: Goals, probability: ArrayLike = DEFAULT_PROBABILITY, model: int = HISTORY) -> Positions:
    """The fewest months, not before the goal's own date, at which its contribution suffices; NEVER within 60 years."""
    out = np.empty(len(goals), dtype=np.int64)
    kernels.first_months(goal_tables(), model, goals.columns, scores(probability, len(goals)), out)
    return out


def affordable_target(goals: Goals, probability: ArrayLike = DEFAULT_PROBABILITY, model: int = HISTORY) -> Floats:
    """The most that savings and contribution reach by the date with this probability; never more than the target."""
    return np.minimum(wealth_reached(goals, probability, model), np.maximum(goals.target, 0.0))


def halfway(
    goals: Goals, probability: ArrayLike = DEFAULT_PROBABILITY, model: int = HISTORY
) -> tuple[Positions, Floats]:
    """Both: half of the delay that would be needed, and the target that is affordable then."""
    earliest = earliest_months(goals, probability, model)
    last = np.where(earliest == NEVER, MAX_MONTHS, earliest)
    months = np.maximum(goals.months + (last - goals.months + 1) // 2, goals.months)
    return months, affordable_target(replace(goals, months=months), probability, model)
