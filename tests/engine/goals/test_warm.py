"""After warming up, no question compiles anything."""

import numpy as np

from engine.goals import dynamic, kernels, knapsack
from engine.goals.columns import Goals
from engine.goals.contribution import required_contribution
from engine.goals.knapsack import allocate_budget
from engine.goals.projection import fan
from engine.goals.timeline import halfway
from engine.goals.warm import warm_up


def compiled_versions() -> int:
    modules = (dynamic, kernels, knapsack)
    kept = [value for module in modules for value in vars(module).values() if hasattr(value, "signatures")]
    return sum(len(kernel.signatures) for kernel in kept)


def test_a_question_after_warming_up_compiles_nothing() -> None:
    warm_up()
    before = compiled_versions()
    saved = np.array([1e3, 2e3])
    saved.flags.writeable = False
    goals = Goals.of(glide=[1, 6], months=[12, 200], saved=saved, target=1e5, contribution=[10, 20], growth=0.02)
    required_contribution(goals, [0.5, 0.9])
    halfway(goals)
    fan(goals)
    allocate_budget(goals, household=np.array([0, 0]), weight=np.ones(2), budget=np.array([500.0]))
    assert compiled_versions() == before > 0
