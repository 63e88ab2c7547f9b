"""What training costs: seconds and memory of each category that learns, and what that gives at the most users.

    OMP_NUM_THREADS=1 python -m benchmarks.training [USERS FEWER MORE]

First the job's own training on so many demo users; then its reading and fit on the same rows under other ids, until
they are `FEWER` and `MORE` people. What a user adds is the difference of these two, and from it follows the memory at
the most users that a training reads (**extrapolated**). Each in a process of its own; memory is the peak above what the
process held before. The people are synthetic.
"""

import multiprocessing
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import numpy as np
from sqlalchemy import Engine

from benchmarks.database import database
from engine.catalog import TRAINERS
from engine.learning.trainer import Sample, joined
from engine.learning.training import trained
from engine.monitoring.drift import reference
from store import jobs
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.demo import load_demo
from store.jobs import claims
from store.models.learning import MOST_USERS, gather
from store.session import connect, transaction
from workers.assignment import Assignment
from workers.pace import LIMITS, MIB
from workers.training import train

SIZES = (1_500, 7_500, 15_000)
KIB = 1024
LEASE_SECONDS = 3_600.0
LIMIT_MIB = LIMITS["TRAINING"].memory_bytes / MIB


@dataclass(slots=True, kw_only=True)
class Cost:
    """Of one process: seconds, MiB that it held before, and above that at the most."""

    seconds: float = 0.0
    base_mib: float = 0.0
    mib: float = 0.0


def main(users: int, fewer: int, more: int) -> None:
    heads = f"{'job s':>7} {'MiB':>5} {f'{fewer:,} s':>9} {'MiB':>5} {f'{more:,} s':>9} {'MiB':>5}"
    tell(f"the job: {users:,} users; at the most {MOST_USERS:,} are read, the limit is {LIMIT_MIB:,.0f} MiB")
    tell(f"{'category':20} {heads} {'KiB a user':>11} {'MiB at most':>12} {'of limit':>9}")
    with database() as engine, tempfile.TemporaryDirectory(prefix="finrec-bench-") as folder:
        url = engine.url.render_as_string(hide_password=False)
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            pool.apply(_load, (url, users))
            for name in TRAINERS:
                job = pool.apply(_worked, (url, folder, name))
                small, large = (pool.apply(_repeated, (url, name, people)) for people in (fewer, more))
                tell(f"{name:20} {_told(job, small, large, more - fewer, MOST_USERS - more)}")


def _told(job: Cost, small: Cost, large: Cost, between: int, beyond: int) -> str:
    slope = max(large.mib - small.mib, 0.0) / between
    most = large.base_mib + large.mib + slope * beyond
    figures = f"{job.seconds:7.1f} {job.mib:5.0f} {small.seconds:9.1f} {small.mib:5.0f}"
    return f"{figures} {large.seconds:9.1f} {large.mib:5.0f} {slope * KIB:11.1f} {most:12,.0f} {most / LIMIT_MIB:9.0%}"


def _load(url: str, users: int) -> None:
    load_demo(connect(url), users=users, seed=7, today=datetime.now(UTC).date())


def _worked(url: str, folder: str, name: str) -> Cost:
    """By the job, with what it writes."""
    assignment = _assignment(connect(url), folder, name)
    with _measured() as cost:
        train(assignment)
    return cost


def _repeated(url: str, name: str, people: int) -> Cost:
    """What the job reads and fits, on each household as often as makes so many."""
    trainer, reading = TRAINERS[name], partial(transaction, connect(url), everyone=True)
    with _measured() as cost:
        gathered = gather(reading, trainer, datetime.now(UTC).date(), _silent)
        times = max(people // len(gathered.columns), 1)
        trained(trainer, joined([_renamed(gathered.sample, number) for number in range(times)]), None, _silent)
        reference(trainer.features, np.tile(gathered.columns, (times, 1)))
    return cost


def _renamed(sample: Sample, number: int) -> Sample:
    return replace(sample, users=np.array([f"{user}-{number}" for user in sample.users], dtype=object))


@contextmanager
def _measured() -> Iterator[Cost]:
    cost, began = Cost(base_mib=_peak_mib()), time.perf_counter()
    yield cost
    cost.seconds, cost.mib = time.perf_counter() - began, _peak_mib() - cost.base_mib


def _silent(part: float, stage: str) -> None:
    """Nobody follows."""


def _assignment(engine: Engine, folder: str, name: str) -> Assignment:
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", {"categories": [name]}, requested_by="benchmark")
        claim = claims.claim(session, job.id, lease_seconds=LEASE_SECONDS)
    if claim is None:
        raise RuntimeError("somebody else took the job")
    archive = Archive(url=folder, keys=Keyring((secrets.token_bytes(32),)))
    return Assignment(claim=claim, engine=engine, vault=Vault((secrets.token_bytes(32),)), archive=archive)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:4]) if len(sys.argv) > 3 else SIZES))
