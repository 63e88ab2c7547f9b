"""Which pairs of features move together, and which no longer do: what no feature shows by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import special

from engine.facts import Floats
from engine.monitoring.bins import Singles, bins_of, evenly
from engine.monitoring.shares import chance

MOST_ROWS = 10_000
"""Evenly over all; a correlation is then known to a hundredth."""
LEAST_ROWS = 30
STRONGEST = 0.98
"""Of features nearer to each other than this nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Of each pair of features, (0, 1), (0, 2) ..., the correlation of its scores on so many rows.

    `spread` is the variance of its Fisher z times the rows: 1 where scores are normal, found from them where they are
    not. Scores are of bins, hence bounded: no single fortune decides.
    """

    rows: int
    correlation: Floats
    spread: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Of each pair how far it moved, and how likely that is by chance."""

    psi: Floats
    p: Floats


def pairs_of(columns: Singles, edges: Singles, scores: Floats) -> Pairs:
    """Of the columns, by the reference's edges and scores."""
    taken, above = evenly(columns, MOST_ROWS), np.triu_indices(columns.shape[1], k=1)
    if len(taken) < LEAST_ROWS:
        return Pairs(rows=len(taken), correlation=np.zeros(len(above[0])), spread=np.ones(len(above[0])))
    score = scores[np.arange(columns.shape[1]), bins_of(taken, edges)]
    centred = score - score.mean(axis=0)
    spread = centred.std(axis=0)
    z = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0.0)
    r = np.clip(z.T @ z / len(z), -STRONGEST, STRONGEST)
    return Pairs(rows=len(z), correlation=r[above], spread=np.maximum(_spread(z, r), 1.0)[above])


def moves(reference: Pairs, current: Pairs) -> Moves:
    """The divergence of two normal distributions with these correlations, which is what the PSI is by bins."""
    if min(reference.rows, current.rows) < LEAST_ROWS:
        nothing = np.zeros(len(reference.correlation))
        return Moves(psi=nothing, p=nothing + 1.0)
    a, b = reference.correlation, current.correlation
    apart = (1.0 - a * b) * (1.0 / (1.0 - a**2) + 1.0 / (1.0 - b**2)) - 2.0
    by_chance = (1.0 + a**2) * chance(reference.rows, current.rows)
    error = np.sqrt(reference.spread / (reference.rows - 3) + current.spread / (current.rows - 3))
    p = 2.0 * special.ndtr(-np.abs(np.arctanh(a) - np.arctanh(b)) / error)
    return Moves(psi=np.maximum(apart - by_chance, 0.0), p=p)


def names_of(features: Sequence[str]) -> list[str]:
    """What the pairs are called, in their order."""
    return [f"{one} with {other}" for one, other in combinations(features, 2)]


def _spread(z: Floats, r: Floats) -> Floats:
    """By the influence of each row on a correlation: z1 z2 - r (z1² + z2²) / 2."""
    rows = len(z)
    square = z * z
    both, cubic = square.T @ square / rows, (square * z).T @ z / rows
    fourth = np.diag(both)
    influence = both - r * (cubic + cubic.T) + r**2 / 4.0 * (fourth[:, None] + 2.0 * both + fourth[None, :])
    return np.asarray(influence / (1.0 - r**2) ** 2)
