"""Worker processes that are killed, paused, stopped, woken twice or not at all: nothing is lost and nothing doubled."""

import signal
import subprocess
import sys
import time
from uuid import UUID

import psutil
import pytest
from dramatiq.brokers.redis import RedisBroker

from store.jobs import doorbell
from tests.waiting import DEADLINE_SECONDS, until
from tests.workers.crew import Crew, descendants, is_gone
from workers.pace import Pace

pytestmark = pytest.mark.usefixtures("broker")

USERS = 60
RESUME_SECONDS = 30


def scoring(crew: Crew, **arguments: float) -> UUID:
    """Twelve batches of five users, of a tenth of a second unless told otherwise."""
    return crew.request("SCORING", **{"batch": 5, "seconds": 0.1, **arguments})


def ended(crew: Crew, job_id: UUID) -> str:
    until(lambda: crew.job(job_id).finished_at)
    return crew.job(job_id).status


def child_of(worker: subprocess.Popen[bytes]) -> psutil.Process:
    return until(lambda: descendants(worker.pid))[0]


def test_work_of_a_killed_worker_goes_on_and_no_user_is_written_twice(crew: Crew) -> None:
    users = crew.add_users(USERS)
    job_id = scoring(crew, stuck_behind=10)
    first = crew.hire()
    until(lambda: len(crew.written()) == 10)
    first.kill()
    first.wait()
    crew.expire(job_id)
    crew.hire()
    assert ended(crew, job_id) == "SUCCEEDED"
    assert crew.written() == users
    assert crew.fences() == {1, 2}
    assert crew.job(job_id).attempts == 2


@pytest.mark.soak
def test_at_the_pace_of_production_it_goes_on_within_thirty_seconds(crew: Crew) -> None:
    users = crew.add_users(USERS)
    job_id = scoring(crew, stuck_behind=10)
    pace = {name: getattr(Pace(), name) for name in Pace.__slots__}
    first = crew.hire(pace)
    until(lambda: len(crew.written()) == 10)
    first.kill()
    killed = time.monotonic()
    crew.hire(pace)
    until(lambda: 2 in crew.fences(), RESUME_SECONDS)
    assert time.monotonic() - killed < RESUME_SECONDS
    assert ended(crew, job_id) == "SUCCEEDED"
    assert crew.written() == users


@pytest.mark.soak
def test_work_of_a_killed_child_goes_on_behind_what_it_wrote(crew: Crew) -> None:
    users = crew.add_users(USERS)
    job_id = scoring(crew, stuck_behind=10)
    worker = crew.hire()
    until(lambda: len(crew.written()) == 10)
    child_of(worker).kill()
    assert ended(crew, job_id) == "SUCCEEDED"
    assert crew.written() == users
    assert (crew.fences(), crew.job(job_id).attempts) == ({1, 2}, 2)


@pytest.mark.soak
def test_a_worker_paused_beyond_its_lease_writes_and_finishes_nothing_more(crew: Crew) -> None:
    users = crew.add_users(USERS)
    workers = [crew.hire(), crew.hire()]
    job_id = scoring(crew, seconds=0.5)
    until(crew.written)
    paused = next(number for number, worker in enumerate(workers) if descendants(worker.pid))
    workers[paused].send_signal(signal.SIGSTOP)
    crew.expire(job_id)
    until(lambda: crew.job(job_id).fence == 2)
    workers[paused].send_signal(signal.SIGCONT)
    until(lambda: "claim lost" in crew.log(paused).read_text())
    assert ended(crew, job_id) == "SUCCEEDED"
    assert crew.written() == users


def test_told_to_stop_it_gives_the_job_back_and_leaves(crew: Crew, broker: RedisBroker) -> None:
    crew.add_users(USERS)
    job_id = scoring(crew, stuck_behind=5)
    first = crew.hire()
    until(crew.written)
    child = child_of(first)
    first.terminate()
    assert first.wait(DEADLINE_SECONDS) == 0
    assert is_gone(child.pid)
    job = crew.job(job_id)
    assert (job.status, job.attempts) == ("QUEUED", 0)
    assert doorbell.bells_waiting(broker) >= 1


def test_bells_that_are_lost_when_redis_is_flushed_are_rung_again_by_a_sweep(crew: Crew, broker: RedisBroker) -> None:
    users = crew.add_users(USERS)
    first, second = scoring(crew), crew.request("DRIFT", do="succeed")
    crew.hire()
    until(crew.written)
    broker.client.flushdb()
    assert ended(crew, first) == ended(crew, second) == "SUCCEEDED"
    assert crew.written() == users


def test_a_bell_that_rings_three_times_or_for_nothing_wakes_one_worker_once(crew: Crew) -> None:
    users = crew.add_users(USERS)
    doorbell.ring(UUID(int=1))
    job_id = scoring(crew)
    doorbell.ring(job_id)
    doorbell.ring(job_id)
    crew.hire()
    crew.hire()
    assert ended(crew, job_id) == "SUCCEEDED"
    assert crew.written() == users
    job = crew.job(job_id)
    assert (job.attempts, job.stage, job.cursor) == (1, "60 of 60 users", str(users[-1]))


@pytest.mark.parametrize(
    ("module", "name", "value", "sentence"),
    [
        ("workers", "DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "does not answer"),
        ("workers", "REDIS_URL", "somewhere", "REDIS_URL is not a URL"),
        ("workers.schedule", "FINREC_ENCRYPTION_KEYS", "short", "FINREC_ENCRYPTION_KEYS"),
    ],
)
def test_what_cannot_start_says_why_in_one_sentence(
    crew: Crew, module: str, name: str, value: str, sentence: str
) -> None:
    crew.environment[name] = value
    process = crew.start([sys.executable, "-m", module])
    assert process.wait(DEADLINE_SECONDS) == 1
    said = crew.log(0).read_text()
    assert sentence in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
