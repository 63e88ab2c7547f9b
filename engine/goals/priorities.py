"""What a household's own ranking of its goals counts for."""

from collections.abc import Mapping

import numpy as np

from engine.enums import Priority
from engine.goals.columns import Floats


def by_priority(table: Mapping[Priority, float]) -> Floats:
    """In the order of `Priority`; the last is what `UNKNOWN` points to: a goal without a rank counts as medium."""
    return np.array([*(table[level] for level in Priority), table[Priority.MEDIUM]])


WEIGHTS = by_priority({Priority.CRITICAL: 8.0, Priority.HIGH: 4.0, Priority.MEDIUM: 2.0, Priority.LOW: 1.0})
"""Of a goal's probability, where several goals share one budget."""
