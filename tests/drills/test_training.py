"""Trainings while workers die, sleep, go mad and lose their services: none is lost, none is finished twice."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import text

from tests.drills.conftest import WORKER
from tests.waiting import pause, until
from tests.workers.crew import HASTY, Crew, descendants, is_gone
from tests.workers.slopes import TAUGHT, add_spenders
from workers.log import Patience
from workers.pace import MIB, Limit, Pace
from workers.supervisor import Supervisor

pytestmark = pytest.mark.drill

TRAININGS = 20
KILL_SECONDS = 3.0
DEADLINE_SECONDS = 240.0
AHEAD_SECONDS = 600.0
ENDED = ("SUCCEEDED", "FAILED", "DEAD", "CANCELLED")


@pytest.fixture
def trained_crew(crew: Crew) -> Crew:
    """A crew, and households from whom something can be learned."""
    add_spenders(crew.engine, 150)
    return crew


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


def test_workers_are_killed_all_the_time(trained_crew: Crew) -> None:
    chosen = random.Random(5)
    workers = [hire(trained_crew), hire(trained_crew)]
    jobs = request(trained_crew, TRAININGS)
    rounds = 0
    while not have_ended(trained_crew, jobs):
        assert (rounds := rounds + 1) * KILL_SECONDS < DEADLINE_SECONDS, statuses(trained_crew, jobs)
        pause(KILL_SECONDS)
        victim = chosen.randrange(len(workers))
        workers[victim].send_signal(signal.SIGKILL)
        workers[victim] = hire(trained_crew)
    assert set(statuses(trained_crew, jobs)) <= {"SUCCEEDED", "DEAD"}
    assert statuses(trained_crew, jobs).count("SUCCEEDED") > TRAININGS / 2
    assert_each_counts_once(trained_crew, jobs)


def test_a_worker_sleeps_through_its_lease(trained_crew: Crew) -> None:
    sleeper = hire(trained_crew)
    jobs = request(trained_crew, 3)
    until(lambda: "RUNNING" in statuses(trained_crew, jobs))
    family = [sleeper.pid, *(child.pid for child in descendants(sleeper.pid))]
    for pid in family:
        _signal(pid, signal.SIGSTOP)
    hire(trained_crew)
    until(lambda: have_ended(trained_crew, jobs), DEADLINE_SECONDS)
    for pid in family:
        _signal(pid, signal.SIGCONT)
    pause(KILL_SECONDS)
    assert set(statuses(trained_crew, jobs)) == {"SUCCEEDED"}
    assert_each_counts_once(trained_crew, jobs)


def test_a_worker_whose_clock_is_ten_minutes_ahead_takes_nothing_from_others(trained_crew: Crew) -> None:
    hire(trained_crew)
    hire(trained_crew, str(AHEAD_SECONDS))
    jobs = request(trained_crew, 6)
    until(lambda: have_ended(trained_crew, jobs), DEADLINE_SECONDS)
    assert set(statuses(trained_crew, jobs)) == {"SUCCEEDED"}
    assert {trained_crew.job(job).attempts for job in jobs} == {1}
    assert_each_counts_once(trained_crew, jobs)


def test_a_training_that_never_ends_is_ended(trained_crew: Crew, within_environment: None) -> None:
    job = trained_crew.request("TRAINING", categories=["endless"])
    _supervise(trained_crew, job, Limit(memory_bytes=2048 * MIB, seconds=8))
    ended = trained_crew.job(job)
    assert (ended.status, ended.error_code) == ("FAILED", "TIME_LIMIT")
    assert "longer than" in str(ended.error_message)


def test_a_training_that_eats_all_memory_is_ended(trained_crew: Crew, within_environment: None) -> None:
    job = trained_crew.request("TRAINING", categories=["hungry"])
    _supervise(trained_crew, job, Limit(memory_bytes=900 * MIB, seconds=120))
    ended = trained_crew.job(job)
    assert (ended.status, ended.error_code) == ("FAILED", "MEMORY_LIMIT")
    assert "900 MiB" in str(ended.error_message)


def test_the_queue_is_emptied_again_and_again(trained_crew: Crew, redis_url: str) -> None:
    hire(trained_crew)
    jobs = request(trained_crew, 4)
    with Redis.from_url(redis_url) as client:
        while not have_ended(trained_crew, jobs):
            client.flushdb()
            pause(0.5)
    assert set(statuses(trained_crew, jobs)) == {"SUCCEEDED"}
    assert_each_counts_once(trained_crew, jobs)


def _supervise(crew: Crew, job: UUID, limit: Limit) -> None:
    child = (sys.executable, str(Path(WORKER).with_name("training_child.py")))
    Supervisor(
        engine=crew.engine,
        stopping=Event(),
        patience=Patience(),
        pace=Pace(**HASTY),
        limits={"TRAINING": limit},
        child=child,
    ).run(job)


def _signal(pid: int, number: signal.Signals) -> None:
    if not is_gone(pid):
        os.kill(pid, number)
