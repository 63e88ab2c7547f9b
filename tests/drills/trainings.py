"""Trainings that drills request, and what is left of them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from tests.workers.crew import Crew
from tests.workers.slopes import TAUGHT

WORKER = Path(__file__).with_name("training_worker.py")
ENDED = ("SUCCEEDED", "FAILED", "DEAD", "CANCELLED")


def hire(crew: Crew, *arguments: str) -> subprocess.Popen[bytes]:
    return crew.start([sys.executable, str(WORKER), *arguments])


def request(crew: Crew, count: int) -> list[UUID]:
    return [crew.request("TRAINING", categories=[TAUGHT], retrain=True) for _ in range(count)]


def statuses(crew: Crew, jobs: Sequence[UUID]) -> list[str]:
    return [crew.job(job).status for job in jobs]


def have_ended(crew: Crew, jobs: Sequence[UUID]) -> bool:
    return all(status in ENDED for status in statuses(crew, jobs))


def versions(crew: Crew) -> list[UUID]:
    """The job of each version that was registered."""
    with crew.engine.connect() as connection:
        return list(connection.execute(text("SELECT job_id FROM model_versions ORDER BY version")).scalars())


def champions(crew: Crew) -> int:
    with crew.engine.connect() as connection:
        return int(
            connection.execute(text("SELECT count(*) FROM model_versions WHERE stage = 'CHAMPION'")).scalar_one()
        )


def assert_each_counts_once(crew: Crew, jobs: Sequence[UUID]) -> None:
    """One version of each that succeeded, and at most one of each that was given up: it may have got that far."""
    made, ended = versions(crew), {job: crew.job(job).status for job in jobs}
    assert len(made) == len(set(made))
    assert {job for job in jobs if ended[job] == "SUCCEEDED"} <= set(made)
    assert {ended[job] for job in made} <= {"SUCCEEDED", "DEAD"}
    assert champions(crew) == 1
