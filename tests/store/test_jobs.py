"""Rows of jobs and the doorbell, on real PostgreSQL and Redis."""

import socket
import time
from collections.abc import Iterator
from threading import Barrier, Thread

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine
from sqlmodel import Session

from store import jobs
from store.errors import Misconfigured, NotFound
from store.ids import uuid7
from store.session import transaction
from tests.store.job_rows import found, requested

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def broker(redis_url: str) -> Iterator[RedisBroker]:
    opened = jobs.open_broker(redis_url)
    yield opened
    opened.client.close()
    dramatiq.set_broker(None)  # type: ignore[arg-type]


def test_a_new_job_is_queued_with_its_arguments(engine: Engine) -> None:
    job = found(engine, requested(engine))
    assert (job.kind, job.arguments, job.status, job.attempts, job.fence, job.progress) == (
        "SCORING",
        {"batch": 5},
        "QUEUED",
        0,
        0,
        0,
    )


def test_a_repeated_key_returns_the_job_that_is_there(engine: Engine) -> None:
    first, again, other = requested(engine, "one"), requested(engine, "one"), requested(engine, "two")
    assert first == again != other


def test_requests_with_one_key_at_the_same_time_make_one_job(engine: Engine) -> None:
    barrier, made = Barrier(4), []

    def ask() -> None:
        barrier.wait()
        made.append(requested(engine, "same"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_the_bell_rings_after_the_commit_and_not_before(engine: Engine, broker: RedisBroker) -> None:
    with transaction(engine) as session:
        jobs.request(session, "SCORING", {}, requested_by="test")
        with session.begin_nested():
            jobs.request(session, "RETENTION", {}, requested_by="test")
        assert jobs.bells_waiting(broker) == 0
    assert jobs.bells_waiting(broker) == 2


def test_a_request_that_is_rolled_back_rings_no_bell(engine: Engine, broker: RedisBroker) -> None:
    with Session(engine) as session:
        jobs.request(session, "SCORING", {}, requested_by="test")
        session.rollback()
    assert jobs.bells_waiting(broker) == 0


def test_a_request_stands_where_redis_is_down(engine: Engine) -> None:
    try:
        jobs.open_broker(NOWHERE)
        assert found(engine, requested(engine)).status == "QUEUED"
    finally:
        dramatiq.set_broker(None)  # type: ignore[arg-type]


def test_a_request_waits_for_no_redis_that_hangs(engine: Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, jobs.ringing(f"redis://127.0.0.1:{silent.getsockname()[1]}"):
        began = time.monotonic()
        assert found(engine, requested(engine)).status == "QUEUED"
        assert jobs.bells() is None
        assert time.monotonic() - began < 2 * jobs.ANSWER_SECONDS, "both looks waited as long as a worker does"


def test_a_request_stands_in_a_process_without_a_broker(engine: Engine) -> None:
    assert found(engine, requested(engine)).status == "QUEUED"


@pytest.mark.parametrize("url", [None, "postgres://localhost/0"])
def test_a_broker_needs_the_url_of_a_redis(url: str | None) -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        jobs.open_broker(url)


def test_an_unknown_job_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound), transaction(engine) as session:
        jobs.cancel(session, uuid7())
