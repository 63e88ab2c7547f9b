"""Nearest neighbours by cosine: exact among some tens of thousands, by inverted lists among more."""

import faiss
import numpy as np

from engine.facts import Floats, Positions
from engine.peers.scaling import Units

FLAT_BELOW = 50_000
"""An exact scan of fewer takes under half a millisecond (`make bench ARGS=peers`)."""
LISTS, PROBED = 1024, 64
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
    quantizer = faiss.IndexFlatIP(units.shape[1])
    made = faiss.IndexIVFFlat(quantizer, units.shape[1], LISTS, faiss.METRIC_INNER_PRODUCT)
    made.cp.seed, made.nprobe = SEED, PROBED
    made.train(units)
    made.add(units)
    return made
