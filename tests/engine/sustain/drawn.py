"""Drawn households whose year is known in law: some never save, others are more or less certain."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats
from engine.sustain.model import SustainableContribution
from engine.sustain.trees import SHALLOW, Candidate

RECORDS = (0, 1, 2)
NAMES = ("last", "before", "usual", "uneven", "nothing")
QUICK = Candidate(parameters=SHALLOW.parameters, trees=60, stops_early=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Features and the share kept."""

    X: Floats
    y: Floats


def drawn(people: int, seed: int) -> Drawn:
    """A third never saves, a tenth of the others stops, noise grows with the habit; three records and two more."""
    random = np.random.default_rng(seed)
    habit = np.where(random.random(people) < 1 / 3, 0.0, random.uniform(0.02, 0.3, people))
    noise = random.standard_normal((4, people))
    records = np.maximum(habit * (1.0 + 0.4 * noise[:3]), 0.0)
    uneven = random.random(people)
    year = habit * (1.0 + (0.1 + 0.6 * uneven) * noise[3]) * (random.random(people) > 0.1)
    X = np.column_stack([*records, uneven, random.random(people)])
    return Drawn(X=X, y=np.clip(year, 0.0, 1.0))


def quick(people: int, seed: int) -> SustainableContribution:
    """A model fitted in a second."""
    rows = drawn(people, seed)
    return SustainableContribution(candidates=(QUICK,), records=RECORDS, names=NAMES).fit(rows.X, rows.y)
