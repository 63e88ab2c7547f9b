"""Sums over people of about the same age within a group, so that few people do not make a law of their own."""

import numpy as np

from engine.facts import Floats, Positions

FIRST_AGE, AGES = 18, 83
SPREAD_YEARS = 2.0
OTHERS = 0.02
"""How much people of the other groups count."""


class Alike:
    """People by group and age."""

    def __init__(self, group: Positions, age: Floats) -> None:
        self.group = group.astype(np.int64)
        self.year = np.clip(age.astype(np.int64) - FIRST_AGE, 0, AGES - 1)
        years = np.arange(AGES)
        self.kernel = np.exp(-0.5 * ((years[:, None] - years) / SPREAD_YEARS) ** 2)

    def sum(self, values: Floats) -> Floats:
        """For each person, of the values of those alike."""
        groups = int(self.group.max(initial=0)) + 1
        cells = np.bincount(self.group * AGES + self.year, values, minlength=groups * AGES).reshape(groups, AGES)
        near = (cells + OTHERS * cells.sum(axis=0)) @ self.kernel
        return np.asarray(near[self.group, self.year], dtype=np.float64)
