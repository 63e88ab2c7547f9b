"""The child of the tests: the real attempt, at work that misbehaves as its job says. Run by its path."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from engine.errors import Infeasible
from store import jobs
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import transaction
from tests.waiting import pause, until
from workers.assignment import Assignment
from workers.attempt import attempt
from workers.scoring import score_everyone

FOREVER_SECONDS = 600
MEMORY_EATER = "import sys; held = [bytearray(b'x' * 2**20) for _ in range(768)]; sys.stdin.read()"
"""More than any limit that is to be passed, and then it keeps it: a watcher that comes late finds the machine alive."""
WAITER = f"import signal; signal.alarm({FOREVER_SECONDS}); signal.pause()"
"""Does not end by itself when its parent does."""


def score_slowly(assignment: Assignment) -> Mapping[str, Any]:
    """The real scoring with advice that takes its time and leaves a row for each user it is written for.

    With `stuck_behind` the first claim comes no further than so many users, and hangs with more of them uncommitted.
    """
    arguments = assignment.claim.arguments
    write = partial(write_users, fence=assignment.claim.fence, arguments=arguments)
    return score_everyone(assignment, score=write, batch_users=arguments["batch"])


def write_users(
    session: Session,
    vault: Vault,
    shelf: Shelf,
    users: Sequence[UUID],
    now: datetime,
    *,
    fence: int,
    arguments: Mapping[str, Any],
) -> list[object]:
    session.connection().execute(text(INSERT), {"users": list(users), "fence": fence})
    written = session.connection().execute(text("SELECT count(*) FROM written")).scalar_one()
    is_stuck = fence == 1 and written > arguments.get("stuck_behind", written)
    pause(FOREVER_SECONDS if is_stuck else arguments.get("seconds", 0))
    return []


INSERT = "INSERT INTO written (user_id, fence) SELECT unnest(CAST(:users AS uuid[])), :fence"


def succeed(assignment: Assignment) -> Mapping[str, Any]:
    print("a library says something")
    assignment.report(0.5, "half way")
    return {}


def tell_threads(assignment: Assignment) -> Mapping[str, Any]:
    assignment.report(0.5, os.environ["OPENBLAS_NUM_THREADS"])
    return {}


def refuse(assignment: Assignment) -> Mapping[str, Any]:
    raise Infeasible("There is no such plan.")


def stumble(assignment: Assignment) -> Mapping[str, Any]:
    raise RuntimeError("stumbled")


def die(assignment: Assignment) -> Mapping[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def hang(assignment: Assignment) -> Mapping[str, Any]:
    """Never ends, nor does a process that it started; tells the numbers of both."""
    other = subprocess.Popen([sys.executable, "-c", WAITER], stdin=subprocess.DEVNULL)
    assignment.report(0.1, f"{os.getpid()} {other.pid}")
    pause(FOREVER_SECONDS)
    return {}


def hang_stopped(assignment: Assignment) -> Mapping[str, Any]:
    assignment.report(0.1, str(os.getpid()))
    os.kill(os.getpid(), signal.SIGSTOP)
    return {}


def eat_memory(assignment: Assignment) -> Mapping[str, Any]:
    """By a process of its own, which counts as well."""
    subprocess.run([sys.executable, "-c", MEMORY_EATER], check=True)
    return {}


def cancel_itself(assignment: Assignment) -> Mapping[str, Any]:
    with transaction(assignment.engine) as session:
        jobs.cancel(session, assignment.claim.job_id)
    return {}


def write_late(assignment: Assignment) -> Mapping[str, Any]:
    """Writes once the file that it was given exists."""
    assignment.report(0.1, "ready")
    until(Path(assignment.claim.arguments["file"]).exists)
    with assignment.step(progress=1, stage="late") as session:
        shelf, users = Shelf(assignment.archive), [assignment.claim.job_id]
        write_users(session, assignment.vault, shelf, users, datetime.min, fence=0, arguments={})  # noqa: DTZ901
    return {}


DEEDS: Mapping[str, Callable[[Assignment], Mapping[str, Any]]] = {
    deed.__name__: deed
    for deed in (
        succeed,
        tell_threads,
        refuse,
        stumble,
        die,
        hang,
        hang_stopped,
        eat_memory,
        cancel_itself,
        write_late,
    )
}


def do(assignment: Assignment) -> Mapping[str, Any]:
    return DEEDS[assignment.claim.arguments["do"]](assignment)


if __name__ == "__main__":
    attempt({"SCORING": score_slowly, "DRIFT": do})
