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
PROBED = 128
CANDIDATES, OF_CROWDED = 6.0, 64.0
"""Times as many as asked for that are found in four bits a column, then ordered in half precision."""
CROWDED = 0.02
"""Between the first and the last that are found: four bits do not tell people apart who are closer."""
TRAINING_ROUNDS, TRAINED_ON = 6, 64
"""Of k-means, and people a list: more make the lists no better."""
SEED = 1234
NOBODY = -1
TIE = 1e-6
LANES = 16
"""Numbers that a processor looks up or multiplies at once."""


class Index:
    """Rows of unit vectors, among many in half precision: who needs the very nearest orders some more exactly."""

    def __init__(self, units: Units) -> None:
        _alone()
        wide = _wide(units)
        self._index: Any = _exact(wide) if len(units) < FLAT_BELOW else _by_lists(wide)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, queries: Units, count: int) -> Positions:
        """The nearest rows of each query, the nearest first; `NOBODY` where there are fewer."""
        if not len(queries):
            return np.zeros((0, count), dtype=np.int64)
        _alone()
        asked = _wide(queries)
        likeness, near = self._index.search(asked, count)
        is_crowded = likeness[:, 0] - likeness[:, -1] < CROWDED
        if isinstance(self._index, faiss.IndexRefine) and is_crowded.any():
            more = faiss.IndexRefineSearchParameters()
            more.k_factor = OF_CROWDED
            near[is_crowded] = self._index.search(asked[is_crowded], count, params=more)[1]
        return np.asarray(near, dtype=np.int64)


def recall(similarity: Floats, units: Units, queries: Units) -> Floats:
    """By query, how many of the similarities found are among the greatest of its row; equal ones count alike."""
    count = min(similarity.shape[1], len(units))
    least = np.array([np.partition(units @ query, -count)[-count] - TIE for query in queries])
    return np.asarray((similarity[:, :count] >= least[:, None]).mean(axis=1), dtype=np.float64)


def _exact(units: Units) -> faiss.Index:
    made = faiss.IndexFlatIP(units.shape[1])
    made.add(units)
    return made


def _by_lists(units: Units) -> faiss.Index:
    """Codes of four bits a column, of what parts a row from its list's mean; beside them all rows in half precision."""
    lists, width = 2 ** round(np.log2(LISTS_FOR_ROOT * np.sqrt(len(units)))), units.shape[1]
    made: Any = faiss.index_factory(width, f"IVF{lists},PQ{width}x4fsr,Refine(SQfp16)", faiss.METRIC_INNER_PRODUCT)
    inverted = faiss.extract_index_ivf(made)
    means = inverted.cp
    means.seed, means.niter, means.max_points_per_centroid = SEED, TRAINING_ROUNDS, TRAINED_ON
    made.k_factor, inverted.nprobe = CANDIDATES, PROBED
    made.train(units)
    made.add(units)
    return cast(faiss.Index, made)


def _alone() -> None:
    """One thread: a server has as many processes as cores. faiss keeps the number thread by thread."""
    faiss.omp_set_num_threads(1)


def _wide(units: Units) -> Units:
    """With columns of zeros, which change no product, so that no lane is left over."""
    held = np.zeros((len(units), -(-units.shape[1] // LANES) * LANES), dtype=np.float32)
    held[:, : units.shape[1]] = units
    return held
