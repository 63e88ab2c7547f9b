"""Compiles every kernel once, so that nobody's first question waits for it."""

import numpy as np

from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.knapsack import allocate_budget
from engine.goals.pool import Pools, joint_plans
from engine.goals.probability import success_probability
from engine.goals.projection import fan
from engine.goals.timeline import earliest_months


def warm_up() -> None:
    """Some ten seconds where no compiled kernels are kept on disk, else a few tenths of a second."""
    goals = Goals.of(glide=3, months=24, saved=1e3, target=1e4, contribution=100)
    one, first = np.ones(1), np.zeros(1, dtype=np.int64)
    success_probability(goals)
    required_contribution(goals)
    earliest_months(goals)
    fan(goals)
    allocate_budget(goals, household=first, weight=one, budget=one)
    pools = Pools(wealth=one, contribution=one, growth=0 * one, return_shift=0 * one)
    joint_plans(pools, household=first, months=goals.months, target=goals.target, weight=one)
