"""One job with a real child, in all the ways that it can end."""

import json
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
import structlog
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import text

from store import jobs
from store.ids import uuid7
from store.jobs import claims, doorbell
from store.monitoring.alerts import open_alerts
from store.session import transaction
from tests.waiting import DEADLINE_SECONDS, until
from tests.workers.crew import CHILD, QUICK, Crew, is_gone
from workers.log import Patience
from workers.pace import MIB, Limit, Pace
from workers.supervisor import Supervisor

AMPLE = Limit(memory_bytes=1024 * MIB, seconds=DEADLINE_SECONDS)


@pytest.fixture(autouse=True)
def environment(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in crew.environment.items():
        monkeypatch.setenv(name, value)


def supervisor(crew: Crew, **options: Any) -> Supervisor:
    limits = {"DRIFT": AMPLE, "LEDGER": AMPLE}
    services = {"engine": crew.engine, "stopping": Event(), "patience": Patience()}
    return Supervisor(**{**services, "pace": Pace(**QUICK), "limits": limits, "child": CHILD, **options})


def run(crew: Crew, limit: Limit = AMPLE, **arguments: Any) -> UUID:
    job_id = crew.request("DRIFT", **arguments)
    supervisor(crew, limits={"DRIFT": limit}).run(job_id)
    return job_id


def run_behind(crew: Crew, job_id: UUID, at_work: Supervisor | None = None) -> Thread:
    thread = Thread(target=(at_work or supervisor(crew)).run, args=[job_id])
    thread.start()
    return thread


def numbers_told(crew: Crew, job_id: UUID) -> list[int]:
    """The process numbers that the work tells as its stage."""
    stage = until(lambda: crew.job(job_id).stage)
    return [int(number) for number in str(stage).split()]


# --- ends ------------------------------------------------------------------------------------------------------------


def test_work_that_is_done_succeeds(crew: Crew) -> None:
    job = crew.job(run(crew, do="succeed"))
    assert (job.status, job.progress, job.stage, job.attempts) == ("SUCCEEDED", 1, "half way", 1)


def test_work_that_is_cancelled_at_the_last_moment_stays_cancelled(crew: Crew) -> None:
    job = crew.job(run(crew, do="cancel_itself"))
    assert (job.status, job.attempts) == ("CANCELLED", 1)


def test_work_that_cannot_be_done_fails_at_once_with_its_reason(crew: Crew) -> None:
    job = crew.job(run(crew, do="refuse"))
    assert (job.status, job.attempts, job.error_code, job.error_message) == (
        "FAILED",
        1,
        "INFEASIBLE",
        "There is no such plan.",
    )
    assert warnings(crew) == []


def test_work_takes_one_processor_for_its_matrices_unless_told_otherwise(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert crew.job(run(crew, do="tell_threads")).stage == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    assert crew.job(run(crew, do="tell_threads")).stage == "3"


def test_a_kind_that_nobody_knows_fails(crew: Crew) -> None:
    job_id = crew.request("LEDGER")
    supervisor(crew).run(job_id)
    job = crew.job(job_id)
    assert (job.status, job.error_message) == ("FAILED", "This worker does not know jobs of the kind LEDGER.")


def test_a_crash_is_tried_again_and_the_third_is_the_death_of_a_job(crew: Crew) -> None:
    job_id, seen = crew.request("DRIFT", do="stumble"), []
    supervisor(crew).run(job_id)
    seen.append((crew.job(job_id).status, crew.job(job_id).attempts))
    with crew.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET attempts = 2"))
    for _ in range(2):
        supervisor(crew).run(job_id)
        seen.append((crew.job(job_id).status, crew.job(job_id).attempts))
    assert seen == [("QUEUED", 1), ("DEAD", 3), ("DEAD", 3)]
    assert crew.job(job_id).error_message == "The process of the work ended with exit code 1 and without a report."


def test_a_killed_child_is_tried_again(crew: Crew) -> None:
    job = crew.job(run(crew, do="die"))
    assert (job.status, job.error_code) == ("QUEUED", "CRASHED")
    assert job.error_message == "The process of the work ended with SIGKILL."


def test_a_child_without_its_database_is_tried_again(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    job = crew.job(run(crew, do="succeed"))
    assert (job.status, job.error_code) == ("QUEUED", "UNAVAILABLE")


# --- limits ----------------------------------------------------------------------------------------------------------


def test_work_that_eats_memory_is_ended_and_says_so(crew: Crew) -> None:
    job = crew.job(run(crew, replace(AMPLE, memory_bytes=300 * MIB), do="eat_memory"))
    assert (job.status, job.attempts, job.error_code) == ("FAILED", 1, "MEMORY_LIMIT")
    assert job.error_message == "The work needed more than 300 MiB of memory and was ended."
    assert warnings(crew) == [("limit/DRIFT", f"Job {job.id} is not tried again (MEMORY_LIMIT). {job.error_message}")]


def warnings(crew: Crew) -> list[tuple[str, str]]:
    """Cause and description of what an administrator is told."""
    with transaction(crew.engine) as session:
        return [(alert.cause, alert.description) for alert in open_alerts(session)]


def test_the_log_tells_what_an_attempt_used(crew: Crew) -> None:
    with structlog.testing.capture_logs() as told:
        run(crew, replace(AMPLE, memory_bytes=600 * MIB), do="eat_memory")
        run(crew, do="succeed")
    eaten, done = (line for line in told if line["event"] == "job left")
    assert (eaten["error_code"], done["status"]) == ("MEMORY_LIMIT", "SUCCEEDED")
    assert eaten["peak_mib"] >= 600 > done["peak_mib"] > 0
    assert 0 < done["seconds"] < AMPLE.seconds


def test_work_that_never_ends_is_ended_with_all_that_it_started(crew: Crew) -> None:
    job_id, limits = crew.request("DRIFT", do="hang"), {"DRIFT": AMPLE}
    thread = run_behind(crew, job_id, supervisor(crew, limits=limits))
    numbers = numbers_told(crew, job_id)
    limits["DRIFT"] = replace(AMPLE, seconds=0.6)
    thread.join(DEADLINE_SECONDS)
    job = crew.job(job_id)
    assert (job.status, job.error_code) == ("FAILED", "TIME_LIMIT")
    assert job.error_message == "The work took longer than 0.01 minutes and was ended."
    until(lambda: all(is_gone(number) for number in numbers))


# --- lost claims -----------------------------------------------------------------------------------------------------


def test_cancelling_kills_the_child(crew: Crew) -> None:
    job_id = crew.request("DRIFT", do="hang")
    thread = run_behind(crew, job_id)
    numbers = numbers_told(crew, job_id)
    with transaction(crew.engine) as session:
        jobs.cancel(session, job_id)
    thread.join(DEADLINE_SECONDS)
    until(lambda: all(is_gone(number) for number in numbers))
    assert crew.job(job_id).status == "CANCELLED"


def test_whoever_lost_the_claim_kills_its_child_and_finishes_nothing(crew: Crew) -> None:
    job_id = crew.request("DRIFT", do="hang")
    thread = run_behind(crew, job_id)
    numbers = numbers_told(crew, job_id)
    with crew.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET fence = fence + 1"))
    thread.join(DEADLINE_SECONDS)
    until(lambda: all(is_gone(number) for number in numbers))
    assert crew.job(job_id).status == "RUNNING"


def test_a_late_child_writes_nothing(crew: Crew, tmp_path: Path) -> None:
    job_id = crew.request("DRIFT", do="write_late", file=str(tmp_path / "go"))
    with transaction(crew.engine) as session:
        assert claims.claim(session, job_id, lease_seconds=-1)
    late = subprocess.Popen(
        [*CHILD, str(job_id), "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    until(lambda: crew.job(job_id).stage == "ready")
    with transaction(crew.engine) as session:
        claims.sweep(session, queued_seconds=60, grace_seconds=0)
        assert claims.claim(session, job_id, lease_seconds=60)
    (tmp_path / "go").touch()
    assert json.loads(until(lambda: late.stdout.read() if late.stdout else b"")) == {"ended": "LOST"}
    assert late.wait(DEADLINE_SECONDS) == 0
    assert crew.written() == []
    if late.stdin and late.stdout:
        late.stdin.close()
        late.stdout.close()


# --- stops -----------------------------------------------------------------------------------------------------------


def test_a_worker_that_stops_gives_the_job_back_and_rings(crew: Crew, broker: RedisBroker) -> None:
    job_id = crew.request("DRIFT", do="hang")
    at_work = supervisor(crew)
    broker.client.flushdb()
    thread = run_behind(crew, job_id, at_work)
    numbers = numbers_told(crew, job_id)
    at_work.stopping.set()
    thread.join(DEADLINE_SECONDS)
    job = crew.job(job_id)
    assert (job.status, job.attempts, job.fence, job.lease_until) == ("QUEUED", 0, 1, None)
    until(lambda: all(is_gone(number) for number in numbers))
    assert doorbell.bells_waiting(broker) == 1


def test_a_worker_that_stops_claims_nothing(crew: Crew) -> None:
    job_id, at_work = crew.request("DRIFT", do="succeed"), supervisor(crew)
    at_work.stopping.set()
    at_work.run(job_id)
    assert crew.job(job_id).fence == 0


def test_a_doorbell_for_an_unknown_or_ended_job_changes_nothing(crew: Crew) -> None:
    job_id = crew.request("DRIFT", do="succeed")
    with transaction(crew.engine) as session:
        jobs.cancel(session, job_id)
    supervisor(crew).run(job_id)
    supervisor(crew).run(uuid7())
    assert (crew.job(job_id).attempts, crew.job(job_id).status) == (0, "CANCELLED")


@pytest.mark.parametrize("deed", ["hang", "hang_stopped"])
def test_a_child_dies_with_its_parent_and_takes_all_that_it_started_along(crew: Crew, deed: str) -> None:
    job_id = crew.request("DRIFT", do=deed)
    parent = crew.hire()
    numbers = numbers_told(crew, job_id)
    parent.send_signal(signal.SIGKILL)
    until(lambda: all(is_gone(number) for number in numbers))
    assert crew.job(job_id).status == "RUNNING"
