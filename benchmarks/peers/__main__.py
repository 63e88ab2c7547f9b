"""Nearest peers at scale: an exact scan, faiss flat and inverted lists, pgvector, and what is served, on one crowd.

    OMP_NUM_THREADS=1 python -m benchmarks.peers [PEOPLE]   (200,000 where none is given; the bars are for 1,000,000)

People are synthetic: eight latent factors and noise in as many columns as the product compares, scaled and kept in the
same coarse steps. Processor time of one thread. On a shared machine compare with `faiss_flat` of the same run. What is
served is asked for everybody as the nightly scoring asks; of the others that is reckoned from the first 5,000 (200 for
numpy). pgvector runs in an embedded PostgreSQL, up to 200,000 people.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import faiss
import numpy as np

from benchmarks.peers.crowd import COUNT, Drawn, Exact, Flat, Lists, Served, drawn
from benchmarks.peers.postgres import MOST_IN_POSTGRES, in_postgres
from engine.facts import Floats
from engine.peers.index import recall
from workers.scoring import BATCH_USERS

PEOPLE = 200_000
QUERIES, BATCH, SLOW_BATCH = 500, 5_000, 200
BARS = {"build_seconds": 10.0, "query_ms_p99": 5.0, "recall_at_10": 0.999, "all_pairs_minutes": 3.0}


def main(people: int) -> None:
    """Prints the figures as JSON."""
    faiss.omp_set_num_threads(1)
    everybody = drawn(people + QUERIES)
    held, asked = everybody.take(slice(people)), everybody.take(slice(people, None)).strangers()
    served = Served(held)
    found: dict[str, Any] = {"people": people, "columns": held.units.shape[1], "bars_at_1000000": BARS}
    found["numpy_exact"] = timed(partial(Exact, held), held, asked, SLOW_BATCH)
    found["faiss_flat"] = timed(partial(Flat, held), held, asked)
    for probed in (16, 64):
        found[f"faiss_1024_lists_{probed}_probed"] = timed(partial(Lists, held, probed), held, asked)
    found["served"] = timed(partial(Served, held), held, asked) | {"all_pairs_minutes": everyone(served, held)}
    found["served"] |= newcomers(served, len(held), asked)
    found["pgvector"] = in_postgres(held, asked) if people <= MOST_IN_POSTGRES else "only up to 200,000 people"
    json.dump(found | {"load": os.getloadavg()[0]}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def timed(make: Callable[[], Any], held: Drawn, asked: Drawn, batch: int = BATCH) -> dict[str, float]:
    """Seconds to build, milliseconds a question alone, how many of the nearest are found, minutes for everybody."""
    start = time.process_time()
    index = make()
    built = time.process_time() - start
    alone = [asked.take(slice(row, row + 1)) for row in range(len(asked))]
    each = np.array([_seconds(partial(index.search, one, COUNT)) for one in alone])
    some = held.take(slice(batch))
    together = _seconds(lambda: index.search(some, COUNT)) / len(some)
    return {
        "build_seconds": round(built, 2),
        "query_ms_median": round(1e3 * float(np.median(each)), 3),
        "query_ms_p99": round(1e3 * float(np.quantile(each, 0.99)), 3),
        "recall_at_10": round(float(recalled(index, held, asked).mean()), 4),
        "all_pairs_minutes": round(together * len(held) / 60, 2),
    }


def recalled(index: Any, held: Drawn, asked: Drawn) -> Floats:
    """By question, the share of the truly nearest that is found."""
    near = index.search(asked, COUNT)
    return recall(np.einsum("qd,qkd->qk", asked.units, held.units[near]), held.units, asked.units)


def everyone(served: Served, held: Drawn) -> float:
    """Minutes to find ten peers of each, as the nightly scoring asks: so many at a time, in no order of likeness."""
    batches = [held.take(slice(start, start + BATCH_USERS)) for start in range(0, len(held), BATCH_USERS)]
    return round(_seconds(lambda: [served.search(batch, COUNT) for batch in batches]) / 60, 2)


def newcomers(served: Served, people: int, late: Drawn) -> dict[str, float]:
    """How long it takes to let those in who came since, and how many of them are found by who is like them."""
    seconds = _seconds(lambda: served.model.join(late.people))
    found = served.search(late, 1)[:, 0] >= people
    return {f"join_{len(late)}_ms": round(1e3 * seconds, 1), "newcomers_found": float(found.mean())}


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
