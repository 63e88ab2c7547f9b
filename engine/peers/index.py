"""Nearest neighbours by cosine: exact among some tens of thousands, by inverted lists among more."""

from typing import Any, cast

import faiss
import numpy as np

from engine.facts import Floats, Positions
from engine.peers.scaling import Units

FLAT_BELOW = 50_000
"""An exact scan of fewer takes under half a millisecond (`make bench ARGS=peers`)."""
LISTS_FOR_ROOT = 2.0
"""Inverted lists for each unit of the square root of the people: 512 for 50,000, 2048 for a million."""
PROBED = 64
TRAINING_ROUNDS, TRAINED_ON = 6, 64
"""Of k-means, and people a list: more make the lists no better."""
SEED = 1234
NOBODY = -1
TIE = 1e-6


class Index:
    """Rows of unit vectors; a search gives the same answer on any machine and in any process."""

    def __init__(self, units: Units) -> None:
        faiss.omp_set_num_threads(1)  # a server has as many processes as cores
        self._index = _exact(units) if len(units) < FLAT_BELOW else _by_lists(units)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, units: Units) -> None:
        """More rows, after those that are there."""
        self._index.add(units)

    def search(self, queries: Units, count: int) -> Positions:
        """The nearest rows of each query, the nearest first; `NOBODY` where there are fewer."""
        if not len(queries):
            return np.zeros((0, count), dtype=np.int64)
        return np.asarray(self._index.search(np.ascontiguousarray(queries), count)[1], dtype=np.int64)


def recall(index: Index, units: Units, queries: Units, count: int) -> Floats:
    """By query, the share of its true nearest rows that the index finds; rows equally near count alike."""
    count = min(count, len(units))
    found = index.search(queries, count)
    told = np.zeros(len(queries))
    for row, query in enumerate(queries):
        similarity = units @ query
        least = np.partition(similarity, -count)[-count] - TIE
        told[row] = (similarity[found[row][found[row] != NOBODY]] >= least).sum() / count
    return told


def _exact(units: Units) -> faiss.Index:
    made = faiss.IndexFlatIP(units.shape[1])
    made.add(units)
    return made


def _by_lists(units: Units) -> faiss.Index:
    lists = 2 ** round(np.log2(LISTS_FOR_ROOT * np.sqrt(len(units))))
    made: Any = faiss.index_factory(units.shape[1], f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
    made.cp.seed, made.cp.niter, made.cp.max_points_per_centroid = SEED, TRAINING_ROUNDS, TRAINED_ON
    made.nprobe = PROBED
    made.train(units)
    made.add(units)
    return cast(faiss.Index, made)
