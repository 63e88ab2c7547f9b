"""Trainings while workers die, sleep, go mad and lose their services: none is lost, none is finished twice."""

import os
import random
import signal
import sys
import time
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from redis import Redis

from tests.drills.trainings import WORKER, assert_each_counts_once, have_ended, hire, request, statuses
from tests.waiting import pause, until
from tests.workers.crew import HASTY, Crew, descendants, is_gone
from workers.log import Patience
from workers.pace import MIB, Limit, Pace
from workers.supervisor import Supervisor

pytestmark = pytest.mark.drill

TRAININGS = 20
KILL_SECONDS = 3.0
MOST_KILLS = 80
DEADLINE_SECONDS = 240.0
AHEAD_SECONDS = 600.0


def test_workers_are_killed_all_the_time(trained_crew: Crew) -> None:
    """Every three seconds; on a machine so busy that a training takes longer, as often as one takes."""
    chosen = random.Random(5)
    began = time.monotonic()
    workers = [hire(trained_crew), hire(trained_crew)]
    first = request(trained_crew, 1)
    until(lambda: have_ended(trained_crew, first))
    seconds = max(KILL_SECONDS, time.monotonic() - began)
    jobs = first + request(trained_crew, TRAININGS)
    rounds = 0
    while not have_ended(trained_crew, jobs):
        assert (rounds := rounds + 1) < MOST_KILLS, statuses(trained_crew, jobs)
        pause(seconds)
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
