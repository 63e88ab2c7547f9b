"""How many of the nearest are found in a crowd: the demo's households, as they are and with half of them told in brief.

    OMP_NUM_THREADS=1 python -m benchmarks.peers.crowded [HOUSEHOLDS]   (60,000 where none is given)

Who is told in brief has no accounts, goals or transactions: few columns, and thousands who are nearly alike.
"""

import json
import sys

import numpy as np

from benchmarks.peers.crowd import COUNT, MARK_BITS, kept
from benchmarks.peers.patterns import drawn
from engine.facts import Floats
from engine.peers.crowd import Asked, Crowd
from engine.peers.features import BLOCKS, FEATURES

HOUSEHOLDS, QUERIES = 60_000, 1_000
PROFILE = ("age", "income", "household", "work")
"""Blocks of columns that are known without accounts, goals and transactions."""


def main(households: int) -> None:
    """Prints recall at ten as JSON, asked by a thousand who are not among the households."""
    columns = np.vstack([sample.X for sample in drawn(households)])
    told = {"as_they_are": found(columns), "half_in_brief": found(half_in_brief(columns))}
    json.dump({"households": len(columns) - QUERIES, "recall_at_10": told}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def half_in_brief(columns: Floats) -> Floats:
    """Every other household with its profile alone."""
    untold = [FEATURES.index(name) for block in BLOCKS if block.name not in PROFILE for name in block.columns]
    brief = columns.copy()
    brief[np.arange(0, len(columns), 2)[:, None], untold] = np.nan
    return brief


def found(columns: Floats) -> float:
    """Of the truly nearest, by the index that is served."""
    everybody = kept(columns)
    held, asked = everybody.take(slice(QUERIES, None)), everybody.take(slice(QUERIES))
    currency = asked.people.currency.astype(np.int64)
    crowd = Crowd(held.scaling, held.people, MARK_BITS)
    return round(crowd.recall(Asked(coarse=asked.people.coarse, currency=currency, mark=asked.mark), COUNT), 4)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
