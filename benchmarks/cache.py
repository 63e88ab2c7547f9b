"""What a cache of kept answers in Redis could save of a request that is answered from one.

    python -m benchmarks.cache [ROUNDS]

The request is `savings, kept` of `benchmarks.serving`. A cache would stand in for the statement that reads the kept
answer. What says whether that still holds (the household's data version, the versions in place, the basis), the
recommendations with what the user did about them, decryption and audit row stay; the data version, which comes with the
kept answer today, would be read by itself. Milliseconds of a call: the clock, undisturbed, and the processor time of
PostgreSQL. The households are synthetic.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil
from redis import Redis
from sqlalchemy import Engine, text

from benchmarks.database import database
from benchmarks.serving import USERS, asked, client_of, ids_of, settings_of
from server.app import create_app
from server.embedded import redis_server
from store.advice.answers import _FRESH as FRESH
from store.demo import load_demo
from store.session import transaction

ROUNDS = 1_000
CATEGORY = "savings_strategy"
VERSION = "SELECT id, data_version FROM users WHERE id = ANY(:users)"
UNDISTURBED = 0.05
"""The quickest twentieth: what a call takes while no other process is on the core."""

Call = Callable[[], Awaitable[object]]


def main(rounds: int) -> None:
    with database() as engine, tempfile.TemporaryDirectory(prefix="finrec-bench-") as folder:
        load_demo(engine, users=USERS, seed=7, today=datetime.now(UTC).date())
        with redis_server(Path(folder)) as cache:
            asyncio.run(_measure(engine, cache.url, rounds))


async def _measure(engine: Engine, url: str, rounds: int) -> None:
    settings, users, cache = settings_of(engine), ids_of(engine), Redis.from_url(url)
    async with client_of(create_app(settings, engine)) as client:
        request = asked(client, settings, users)["savings, kept"]
        for _ in users:
            await request()
        whole = await _timed(engine, request, rounds)
        with transaction(engine, users=[UUID(users[0])]) as session:
            given = {"users": [UUID(users[0])], "categories": [CATEGORY], "now": datetime.now(UTC)}
            connection = session.connection()
            (kept,) = connection.execute(text(FRESH), given).all()
            cache.set("kept", kept.payload)
            read = await _timed(engine, _called(lambda: connection.execute(text(FRESH), given).all()), rounds)
            version = await _timed(engine, _called(lambda: connection.execute(text(VERSION), given).all()), rounds)
        found = await _timed(engine, _called(lambda: cache.get("kept")), rounds)
    _tell("the request", whole, whole)
    _tell("its read of the kept answer", read, whole)
    _tell("  its data version alone", version, whole)
    _tell("  the same from the cache", found, whole)
    _tell("a cache saves", read - version - found, whole)


async def _timed(engine: Engine, call: Call, rounds: int) -> np.ndarray:
    """The clock of a call, and what PostgreSQL's processes used for it."""
    before, taken = _used(engine), []
    for _ in range(rounds):
        began = time.perf_counter()
        await call()
        taken.append(time.perf_counter() - began)
    return 1e3 * np.array([np.quantile(taken, UNDISTURBED), (_used(engine) - before) / rounds])


def _called(work: Callable[[], object]) -> Call:
    async def call() -> object:
        return work()

    return call


def _used(engine: Engine) -> float:
    """Seconds of the processes that serve this database."""
    with engine.connect() as connection:
        asked = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        processes = [psutil.Process(pid).cpu_times() for pid in connection.execute(text(asked)).scalars()]
    return sum(one.user + one.system for one in processes)


def _tell(what: str, used: np.ndarray, whole: np.ndarray) -> None:
    shares = used / whole
    sys.stdout.write(f"{what:30} {used[0]:7.2f} ms {shares[0]:5.0%}   PostgreSQL {used[1]:6.2f} ms {shares[1]:5.0%}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
