"""Which stated levels a prediction leaves open: a conformal interval over ordered levels.

The place of a level is the chance of lower levels and half of its own: 0.5 is the middle of what is expected. The
interval holds the levels whose place is no further from the middle than all but a few of the people left out were.
"""

import numpy as np

from engine.facts import Flags, Floats, Positions

MISSED = 0.04
"""Share of people who are like their word and still fall outside; below the 5 % that are promised, so that chance in
some thousands of people does not break the promise."""
MIDDLE = 0.5


def place(chances: Floats, level: Positions) -> Floats:
    """Of each person's level among its chances, 0 to 1: it rises with the level."""
    row = np.arange(len(level))
    return np.asarray(np.cumsum(chances, axis=1)[row, level] - chances[row, level] / 2.0, dtype=np.float64)


def reach(chances: Floats, level: Positions, missed: float = MISSED) -> float:
    """How far from the middle a place may lie, from chances and levels of people left out (split conformal)."""
    distance = np.sort(np.abs(place(chances, level) - MIDDLE))
    rank = int(np.ceil((len(distance) + 1) * (1.0 - missed)))
    return float(distance[rank - 1]) if rank <= len(distance) else MIDDLE


def above(chances: Floats, level: Positions, reach: float) -> Flags:
    """Whether the level lies above the interval."""
    return np.asarray(place(chances, level) > MIDDLE + reach, dtype=np.bool_)


def below(chances: Floats, level: Positions, reach: float) -> Flags:
    """Whether the level lies below the interval."""
    return np.asarray(place(chances, level) < MIDDLE - reach, dtype=np.bool_)
