"""What each block of columns counts: chosen so that neighbours foretell best what people hold."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.peers.features import BLOCKS, FEATURES
from engine.peers.products import NEIGHBOURS, calibrated, figures, hide, ranked, shares
from engine.peers.scaling import Coarse, Scaling

TRIED = (0.5, 2.0)
"""Times what a block counts for now."""
LEAST_GAIN = 0.001
"""Of the mean reciprocal rank; less is chance."""
MOST_PEOPLE = 3_000
ASKED_SHARE = 0.2

Try = Callable[[Scaling], float]


def fit_weights(scaling: Scaling, coarse: Coarse, held: Flags, seed: int) -> Scaling:
    """One pass over the blocks, each weight in turn, judged on people who are nobody's neighbours."""
    drawn = np.random.default_rng(seed).permutation(len(coarse))[:MOST_PEOPLE]
    asked, pool = np.split(drawn, [int(ASKED_SHARE * len(drawn))])

    def judge(candidate: Scaling) -> float:
        return _judged(candidate, coarse, held, asked, pool)

    best = replace(scaling, weights=even())
    reached = judge(best)
    for block in BLOCKS:
        best, reached = _improved(best, reached, block.columns, judge)
    return best


def even() -> Floats:
    """Every block counts alike, however many columns it has."""
    return np.concatenate([np.full(len(block.columns), 1.0 / np.sqrt(len(block.columns))) for block in BLOCKS])


def _improved(best: Scaling, reached: float, columns: tuple[str, ...], judge: Try) -> tuple[Scaling, float]:
    start = best
    for times in TRIED:
        weights = start.weights.copy()
        weights[[FEATURES.index(name) for name in columns]] *= times
        candidate = replace(start, weights=weights)
        found = judge(candidate)
        if found > reached + LEAST_GAIN:
            best, reached = candidate, found
    return best, reached


def _judged(scaling: Scaling, coarse: Coarse, held: Flags, asked: Positions, pool: Positions) -> float:
    """Mean reciprocal rank of hidden accounts, of the people asked, by neighbours in the pool."""
    units, popularity = scaling.units(coarse[pool]), held[pool].mean(axis=0)

    def nearest(rows: Coarse, people: Positions) -> Floats:  # noqa: ARG001 - none of them is in the pool
        similarity = np.asarray(scaling.units(rows) @ units.T, dtype=np.float64)
        count = min(NEIGHBOURS, len(pool))
        near = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        return shares(held[pool], near, np.take_along_axis(similarity, near, axis=1), popularity)

    mine = held[asked]
    hidden = hide(scaling, coarse[asked], mine)
    found = calibrated(coarse[asked], mine, hidden, nearest)
    return figures(ranked(found.scores(nearest(hidden.coarse, hidden.person)), mine, hidden))["mrr"]
