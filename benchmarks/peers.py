"""Nearest peers at scale: an exact scan, faiss flat and inverted lists, and pgvector, on the same people.

OMP_NUM_THREADS=1 python -m benchmarks.peers [PEOPLE]   (200,000 where none is given; the bars are for 1,000,000)

People are synthetic: eight latent factors and noise in as many columns as the product compares, scaled and kept in the
same coarse steps. One thread throughout. pgvector runs in an embedded PostgreSQL, up to 200,000 people.
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
from numpy.typing import NDArray

from benchmarks.database import database
from engine.peers.features import FEATURES
from engine.peers.index import FLAT_BELOW, PROBED, Index, recall
from engine.peers.scaling import Units, fit_scaling
from engine.peers.weights import even

PEOPLE, SEED, FACTORS, COUNT = 200_000, 7, 8, 10
QUERIES, BATCH, NEWCOMERS = 500, 5_000, 1_000
MOST_IN_POSTGRES = 200_000
BARS = {"build_seconds": 10.0, "query_ms_p99": 5.0, "recall_at_10": 0.999, "all_pairs_minutes": 3.0}

Search = Callable[[Units], NDArray[np.int64]]


def main(people: int) -> None:
    """Prints the figures as JSON."""
    faiss.omp_set_num_threads(1)
    units = drawn(people + QUERIES)
    held, asked = units[:people], units[people:]
    found: dict[str, Any] = {"people": people, "columns": held.shape[1], "bars_at_1000000": BARS}
    found["numpy_exact"] = timed(lambda: Exact(held), held, asked)
    found["faiss_flat"] = timed(lambda: Flat(held), held, asked)
    for probed in (16, 64):
        found[f"faiss_1024_lists_{probed}_probed"] = timed(partial(Lists, held, probed), held, asked)
    found["product"] = timed(lambda: Index(held), held, asked) | newcomers(held)
    found["pgvector"] = in_postgres(held, asked) if people <= MOST_IN_POSTGRES else "only up to 200,000 people"
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")


def drawn(people: int) -> Units:
    """Unit vectors as the product makes them."""
    random = np.random.default_rng(SEED)
    mix = random.standard_normal((FACTORS, len(FEATURES)))
    columns = random.standard_normal((people, FACTORS)) @ mix + random.standard_normal((people, len(FEATURES)))
    scaling = fit_scaling(columns)
    return scaling.units(scaling.coarse(columns) * even()[None, :].astype(np.float32))


class Exact:
    """A product with all rows and a partial sort."""

    def __init__(self, units: Units) -> None:
        self.units = units

    def search(self, queries: Units, count: int) -> NDArray[np.int64]:
        return np.array([_nearest(self.units @ query, count) for query in queries])


class Flat:
    """faiss, exact."""

    def __init__(self, units: Units) -> None:
        self.index: Any = faiss.IndexFlatIP(units.shape[1])
        self.index.add(units)

    def search(self, queries: Units, count: int) -> NDArray[np.int64]:
        return np.asarray(self.index.search(queries, count)[1])


class Lists(Flat):
    """faiss, 1024 inverted lists, however few people there are."""

    def __init__(self, units: Units, probed: int) -> None:
        self.index = faiss.index_factory(units.shape[1], "IVF1024,Flat", faiss.METRIC_INNER_PRODUCT)
        self.index.nprobe = probed
        self.index.train(units)
        self.index.add(units)


def timed(make: Callable[[], Any], units: Units, asked: Units) -> dict[str, float]:
    """Seconds to build, milliseconds a question alone, and minutes for everybody, from a batch."""
    start = time.process_time()
    index = make()
    built = time.process_time() - start
    each = np.array([_seconds(partial(index.search, query[None], COUNT)) for query in asked])
    batch = units[:BATCH] if not isinstance(index, Exact) else units[:200]
    together = _seconds(lambda: index.search(batch, COUNT)) / len(batch)
    return {
        "build_seconds": round(built, 2),
        "query_ms_median": round(1e3 * float(np.median(each)), 3),
        "query_ms_p99": round(1e3 * float(np.quantile(each, 0.99)), 3),
        "recall_at_10": round(float(recall(index, units, asked[:200], COUNT).mean()), 4),
        "all_pairs_minutes": round(together * len(units) / 60, 2),
    }


def newcomers(units: Units) -> dict[str, float]:
    """How long it takes until those who came since are found."""
    index = Index(units[:-NEWCOMERS])
    seconds = _seconds(lambda: index.add(units[-NEWCOMERS:]))
    found = index.search(units[-NEWCOMERS:], 1)[:, 0]
    own = np.arange(len(units) - NEWCOMERS, len(units))
    told = np.einsum("ij,ij->i", units[found], units[own]) > 1 - 1e-5
    return {
        "add_1000_ms": round(1e3 * seconds, 1),
        "newcomers_found": float(told.mean()),
        "flat_below": FLAT_BELOW,
        "probed": PROBED,
    }


def _nearest(similarity: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    near = np.argpartition(-similarity, count)[:count]
    return np.asarray(near[np.argsort(-similarity[near])])


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def in_postgres(units: Units, asked: Units) -> dict[str, dict[str, float]]:
    """A scan, inverted lists and a graph."""
    with database() as engine, engine.begin() as connection:
        postgres: Any = connection.connection.driver_connection
        fill(postgres, units)
        found = {"scan": asked_of(postgres, units, asked[:50], "SET max_parallel_workers_per_gather = 0")}
        for kind, options, probing in (
            ("ivfflat", "lists = 1000", "SET ivfflat.probes = 32"),
            ("hnsw", "m = 16, ef_construction = 64", "SET hnsw.ef_search = 40"),
        ):
            start = time.perf_counter()
            postgres.execute(f"CREATE INDEX peers_{kind} ON peers USING {kind} (v vector_ip_ops) WITH ({options})")
            built = round(time.perf_counter() - start, 1)
            found[kind] = {"build_seconds": built} | asked_of(postgres, units, asked, probing)
            postgres.execute(f"DROP INDEX peers_{kind}")
    return found


def fill(postgres: Any, units: Units) -> None:
    """A table of vectors."""
    postgres.execute("CREATE EXTENSION vector")
    postgres.execute(f"CREATE TABLE peers (id int, v vector({units.shape[1]}))")
    with postgres.cursor() as cursor, cursor.copy("COPY peers FROM STDIN") as copy:
        for row, vector in enumerate(units.tolist()):
            copy.write_row((row, str(vector)))
    postgres.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0")


def asked_of(postgres: Any, units: Units, asked: Units, setting: str) -> dict[str, float]:
    """Milliseconds a question, and how many of the nearest it finds."""
    postgres.execute(setting)
    seconds, near = [], []
    for query in asked.tolist():
        start = time.perf_counter()
        rows = postgres.execute("SELECT id FROM peers ORDER BY v <#> %s::vector LIMIT 10", (str(query),)).fetchall()
        seconds.append(time.perf_counter() - start)
        near.append([row[0] for row in rows])
    exact = Exact(units).search(asked[:200], COUNT)
    shared = [len(set(one) & set(two)) / COUNT for one, two in zip(near[:200], exact.tolist(), strict=True)]
    return {
        "query_ms_median": round(1e3 * float(np.median(seconds)), 3),
        "query_ms_p99": round(1e3 * float(np.quantile(seconds, 0.99)), 3),
        "recall_at_10": round(float(np.mean(shared)), 4),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
