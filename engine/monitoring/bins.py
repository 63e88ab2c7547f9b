"""Values by bins with fixed edges: counted by comparisons, since a search or a histogram takes twenty times as long."""

import numpy as np
from numpy.typing import NDArray

from engine.compiled import compiled
from engine.facts import Positions

Singles = NDArray[np.float32]

DECILES = np.arange(1, 10) / 10
EDGES = len(DECILES)
BINS = EDGES + 2
"""Nine edges make ten bins, and what is not known is one more, the last."""
EDGE_ROWS = 100_000
BLOCK_ROWS = 2048
"""Of 30 columns a quarter of a megabyte: they stay in the second cache while they are compared."""


def edges_of(columns: Singles) -> Singles:
    """Of each feature at most nine, ascending, NaN behind the last; a bin holds its lower edge."""
    edges = np.full((columns.shape[1], EDGES), np.nan, dtype=np.float32)
    for feature, column in enumerate(evenly(columns, EDGE_ROWS).T):
        found = _edges(column[~np.isnan(column)])
        edges[feature, : len(found)] = found
    return edges


def counts_of(columns: Singles, edges: Singles) -> Positions:
    """Features x bins."""
    at_least = np.zeros((len(edges), BINS), dtype=np.int64)
    _count(columns, edges, at_least)
    counts: Positions = at_least.copy()
    counts[:, :EDGES] -= at_least[:, 1:-1]
    counts[:, -1] = len(columns) - at_least[:, 0]
    return counts


def bins_of(columns: Singles, edges: Singles) -> Positions:
    """Rows x features: the bin of each value."""
    reached = np.zeros(columns.shape, dtype=np.int64)
    for edge in edges.T:
        reached += columns >= edge
    return np.where(np.isnan(columns), BINS - 1, reached)


def evenly(columns: Singles, most: int) -> Singles:
    """At most so many of the rows, at even distances: the same ones every time."""
    return columns[:: max(-(-len(columns) // most), 1)]


def _edges(known: Singles) -> Singles:
    """The deciles. A value that is two of them has a bin of its own: zero where most have nothing."""
    if not len(known):
        return known
    deciles = np.quantile(known, DECILES, method="inverted_cdf").astype(np.float32)
    repeated = deciles[1:][deciles[1:] == deciles[:-1]]
    return np.unique(np.concatenate([deciles, np.nextafter(repeated, np.float32(np.inf))]))


@compiled
def _count(columns: Singles, edges: Singles, at_least: Positions) -> None:
    """How many of each feature are known, and how many reach each edge; one pass over the memory."""
    block = np.empty(BLOCK_ROWS, dtype=np.float32)
    for begin in range(0, columns.shape[0], BLOCK_ROWS):
        rows = min(BLOCK_ROWS, columns.shape[0] - begin)
        for feature in range(columns.shape[1]):
            for row in range(rows):
                block[row] = columns[begin + row, feature]
            for place, count in enumerate(_reach(block[:rows], edges[feature])):
                at_least[feature, place] += count


@compiled
def _reach(part: Singles, edges: Singles) -> tuple[int, ...]:
    """Counters of their own and positions, not arrays and iterators: only so does one instruction compare many."""
    e1, e2, e3, e4, e5, e6, e7, e8, e9 = edges
    known = n1 = n2 = n3 = n4 = n5 = n6 = n7 = n8 = n9 = 0
    for row in range(len(part)):
        value = part[row]
        known += value == value  # noqa: PLR0124 - NaN is not itself
        n1 += value >= e1
        n2 += value >= e2
        n3 += value >= e3
        n4 += value >= e4
        n5 += value >= e5
        n6 += value >= e6
        n7 += value >= e7
        n8 += value >= e8
        n9 += value >= e9
    return known, n1, n2, n3, n4, n5, n6, n7, n8, n9
