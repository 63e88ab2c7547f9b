"""Rows of jobs, on real PostgreSQL."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from store import jobs
from store.errors import NotFound
from store.ids import uuid7
from store.session import transaction
from tests.store.jobs.rows import found, requested


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


def test_an_unknown_job_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound), transaction(engine) as session:
        jobs.cancel(session, uuid7())
