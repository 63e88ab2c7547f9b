"""The same people in pgvector: a scan, inverted lists and a graph, asked by a client."""

import time
from typing import Any

import numpy as np

from benchmarks.database import database
from benchmarks.peers.crowd import COUNT, Drawn, Exact
from engine.peers.scaling import Units

MOST_IN_POSTGRES = 200_000
SCANNED, RECALLED = 50, 200
INDICES = (
    ("ivfflat", "lists = 1000", "SET ivfflat.probes = 32"),
    ("hnsw", "m = 16, ef_construction = 64", "SET hnsw.ef_search = 40"),
)


def in_postgres(held: Drawn, asked: Drawn) -> dict[str, dict[str, float]]:
    """Figures of each, by the clock."""
    with database() as engine, engine.begin() as connection:
        postgres: Any = connection.connection.driver_connection
        fill(postgres, held.units)
        alone = "SET max_parallel_workers_per_gather = 0"
        found = {"scan": asked_of(postgres, held, asked.take(slice(SCANNED)), alone)}
        for kind, options, probing in INDICES:
            start = time.perf_counter()
            postgres.execute(f"CREATE INDEX peers_{kind} ON peers USING {kind} (v vector_ip_ops) WITH ({options})")
            built = round(time.perf_counter() - start, 1)
            found[kind] = {"build_seconds": built} | asked_of(postgres, held, asked, probing)
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


def asked_of(postgres: Any, held: Drawn, asked: Drawn, setting: str) -> dict[str, float]:
    """Milliseconds a question, and how many of the nearest it finds."""
    postgres.execute(setting)
    seconds, near = [], []
    for query in asked.units.tolist():
        start = time.perf_counter()
        rows = postgres.execute("SELECT id FROM peers ORDER BY v <#> %s::vector LIMIT 10", (str(query),)).fetchall()
        seconds.append(time.perf_counter() - start)
        near.append([row[0] for row in rows])
    exact = Exact(held).search(asked.take(slice(RECALLED)), COUNT)
    shared = [len(set(one) & set(two)) / COUNT for one, two in zip(near[:RECALLED], exact.tolist(), strict=True)]
    return {
        "query_ms_median": round(1e3 * float(np.median(seconds)), 3),
        "query_ms_p99": round(1e3 * float(np.quantile(seconds, 0.99)), 3),
        "recall_at_10": round(float(np.mean(shared)), 4),
    }
