"""Workers as processes, the jobs they are given and what they wrote."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import Engine, text

from store import jobs
from store.ids import uuid7
from store.jobs import claims
from store.session import transaction
from store.tables import Job
from tests.waiting import DEADLINE_SECONDS

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("worker_process.py")
CHILD = (sys.executable, str(Path(__file__).with_name("child_process.py")))
QUICK = {"lease_seconds": 20.0, "beat_seconds": 0.3, "sweep_seconds": 0.3, "queued_seconds": 0.5}
"""A lease that no busy machine outlasts."""
HASTY = QUICK | {"lease_seconds": 1.5}
"""For workers that are to be given up."""
KEY = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI="
"""32 bytes that protect nothing."""


@dataclass(kw_only=True)
class Crew:
    """What the tests of workers need to know: services, a folder for logs, processes to end."""

    engine: Engine
    environment: dict[str, str]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def hire(self, pace: dict[str, float] | None = None) -> subprocess.Popen[bytes]:
        """A worker that is ready."""
        return self.start([sys.executable, str(WORKER), json.dumps(pace or QUICK)])

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log(len(self.processes)).open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def log(self, number: int) -> Path:
        return self.folder / f"{number}.log"

    def request(self, kind: str, **arguments: Any) -> UUID:
        with transaction(self.engine) as session:
            return jobs.request(session, kind, arguments, requested_by="test").id

    def ended(self, kind: str) -> dict[str, Any]:
        """What the real child of a new job says at its end."""
        job_id = self.request(kind)
        with transaction(self.engine) as session:
            claims.claim(session, job_id, lease_seconds=60)
        command = [sys.executable, "-m", "workers.child", str(job_id), "1"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, start_new_session=True) as child:
            assert child.stdout is not None
            said = child.stdout.read()
            assert child.wait() == 0  # before its input is closed, with which it would be killed
        return dict(json.loads(said))

    def job(self, job_id: UUID) -> Job:
        with transaction(self.engine) as session:
            return jobs.find(session, job_id)

    def expire(self, job_id: UUID) -> None:
        """Ends the lease on a job, as the time would."""
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE jobs SET lease_until = clock_timestamp() WHERE id = :id"), {"id": job_id})

    def add_users(self, count: int) -> list[UUID]:
        users = sorted(uuid7() for _ in range(count))
        with transaction(self.engine, everyone=True) as session:
            session.connection().execute(text(_ADD_USERS), {"users": users})
        return users

    def written(self) -> list[UUID]:
        """The users in the order in which they were written."""
        with self.engine.connect() as connection:
            return list(connection.execute(text("SELECT user_id FROM written ORDER BY number")).scalars())

    def fences(self) -> set[int]:
        with self.engine.connect() as connection:
            return set(connection.execute(text("SELECT fence FROM written")).scalars())

    def end(self) -> None:
        """Kills what is left, and waits until the children are gone with it."""
        for process in self.processes:
            left = descendants(process.pid)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            psutil.wait_procs(left, timeout=DEADLINE_SECONDS)


def descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has ended as well."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


WRITTEN = "CREATE TABLE written (number serial, user_id uuid NOT NULL, fence int NOT NULL)"
GRANTED = "GRANT USAGE ON SEQUENCE written_number_seq TO finrec_app"

_ADD_USERS = """
INSERT INTO users (id, source, currency, data_version, created_at)
SELECT unnest(CAST(:users AS uuid[])), 'test', 'USD', 1, now()
"""
