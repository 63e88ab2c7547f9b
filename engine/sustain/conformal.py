"""Promises that hold: a level of the predicted distribution, moved until people not trained on keep it often enough.

Levels rather than amounts are moved (distributional conformal prediction: Chernozhukov, Wuethrich and Zhu, PNAS 118,
2021), so households whose year is less certain get more room. Zeros make ties: a promise of p is kept with y >= p, and
nothing is kept by everybody. So the level is found among those whom something is promised, a group by features alone.
"""

import numpy as np

from engine.facts import Flags, Floats, Positions

WORTH_PROMISING = 0.005
"""Of income: a promise of less is none."""
SHARES = np.array(
    (WORTH_PROMISING, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.19, 0.22, 0.26, 0.3, 0.4)
)
"""At which a distribution is known: people x shares, the chance of less than each, rising."""
EDGES = np.array((0.0, *SHARES, 1.0))


def share_at(below: Floats, level: float) -> Floats:
    """The share of which less is put aside with the chance `level`; what is not worth promising is 0."""
    chances = _bounded(below)
    right = np.clip((chances <= level).sum(axis=1), 1, len(EDGES) - 1)
    row = np.arange(len(chances))
    low, high = chances[row, right - 1], chances[row, right]
    part = np.clip((level - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    share = EDGES[right - 1] + part * (EDGES[right] - EDGES[right - 1])
    return np.where(share < WORTH_PROMISING, 0.0, share)


def reached_level(below: Floats, share: Floats) -> Floats:
    """The highest level whose promise the share keeps."""
    chances, kept = _bounded(below), np.clip(share, WORTH_PROMISING, 1.0)
    right: Positions = np.clip(np.searchsorted(EDGES, kept, side="right"), 1, len(EDGES) - 1)
    row = np.arange(len(chances))
    part = (kept - EDGES[right - 1]) / (EDGES[right] - EDGES[right - 1])
    low, high = chances[row, right - 1], chances[row, right]
    return np.asarray(low + part * (high - low), dtype=np.float64)


def kept_level(reached: Floats, broken: float) -> float:
    """The level at which at most a share `broken` of new people falls short.

    `reached` are levels of people who were not trained on; 0, no promise at all, where they are too few.
    """
    rank = int(np.floor(broken * (len(reached) + 1) + 1e-9))
    return float(np.sort(reached)[rank - 1]) if rank else 0.0


def is_promised(below: Floats, level: float) -> Flags:
    """Whom something worth promising is left at the level, before correction."""
    return np.asarray(share_at(below, level) > 0, dtype=np.bool_)


def _bounded(below: Floats) -> Floats:
    """Nobody puts aside less than nothing, everybody less than all."""
    return np.column_stack([np.zeros(len(below)), below, np.ones(len(below))])
