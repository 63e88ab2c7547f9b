"""What a bias is here: a habit that a count or an amount shows, which chance alone would hardly show, and its price.

Each has a test that can fail. Without enough to count it is not judged; where the count is what chance brings, it is
absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.enums import BiasKind
from engine.facts import Flags, Floats

SURE = 2.58
"""Standard errors: one household in two hundred without the habit shows as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """One entry a user; strength and cost are 0 where the bias is absent."""

    judged: Flags
    """Whether there is enough to count: the habit, if it is there, would probably show."""
    present: Flags
    strength: Floats
    """0 to 1: the share of occasions on which the habit shows, beyond what chance brings."""
    cost: Floats
    """Money a year, as the evidence says."""
    shown: Mapping[str, Floats]
    """The numbers that the evidence is told with."""


Biases = Mapping[BiasKind, Bias]


def bias(judged: Flags, found: Flags, strength: Floats, cost: Floats, **shown: Floats) -> Bias:
    """With nothing where it is not judged or not found."""
    present = judged & found
    return Bias(
        judged=judged,
        present=present,
        strength=np.where(present, np.clip(strength, 0.0, 1.0), 0.0),
        cost=np.where(present, np.maximum(cost, 0.0), 0.0),
        shown=shown,
    )


def beyond_chance(hits: Floats, tries: Floats, chance: Floats) -> tuple[Floats, Floats]:
    """The share of tries that hit beyond chance, and in how many standard errors of chance (0 without tries)."""
    share = hits / np.maximum(tries, 1.0)
    error = np.sqrt(np.maximum(chance * (1.0 - chance), 1e-9) / np.maximum(tries, 1.0))
    known = tries > 0
    return (
        np.where(known, (share - chance) / np.maximum(1.0 - chance, 1e-9), 0.0),
        np.where(known, (share - chance) / error, 0.0),
    )
