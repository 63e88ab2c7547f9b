"""The doorbell: it rings after the commit, and whether it does changes no job; on real PostgreSQL and Redis."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine
from sqlmodel import Session

from store import jobs
from store.errors import Misconfigured
from store.jobs import doorbell
from store.session import transaction
from tests.store.jobs.rows import found, requested
from tests.waiting import DEADLINE_SECONDS

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def broker(redis_url: str) -> Iterator[RedisBroker]:
    opened = doorbell.open_broker(redis_url, answer_seconds=DEADLINE_SECONDS)
    yield opened
    opened.client.close()
    dramatiq.set_broker(None)  # type: ignore[arg-type]


def test_the_bell_rings_after_the_commit_and_not_before(engine: Engine, broker: RedisBroker) -> None:
    with transaction(engine) as session:
        jobs.request(session, "SCORING", {}, requested_by="test")
        with session.begin_nested():
            jobs.request(session, "RETENTION", {}, requested_by="test")
        assert doorbell.bells_waiting(broker) == 0
    assert doorbell.bells_waiting(broker) == 2


def test_a_request_that_is_rolled_back_rings_no_bell(engine: Engine, broker: RedisBroker) -> None:
    with Session(engine) as session:
        jobs.request(session, "SCORING", {}, requested_by="test")
        session.rollback()
    assert doorbell.bells_waiting(broker) == 0


def test_a_request_stands_where_redis_is_down(engine: Engine) -> None:
    try:
        doorbell.open_broker(NOWHERE)
        assert found(engine, requested(engine)).status == "QUEUED"
    finally:
        dramatiq.set_broker(None)  # type: ignore[arg-type]


def test_a_request_waits_for_no_redis_that_hangs(engine: Engine) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        doorbell.ringing(f"redis://127.0.0.1:{silent.getsockname()[1]}"),
    ):
        assert patience() == {doorbell.RING_SECONDS}
        assert found(engine, requested(engine)).status == "QUEUED"
        assert doorbell.bells() is None
        assert callers(silent) == 2, "each look is one call: nobody waits twice"


def patience() -> set[float]:
    """For how long this process waits for Redis."""
    given = dramatiq.get_broker().client.connection_pool.connection_kwargs  # type: ignore[attr-defined]
    return {given["socket_timeout"], given["socket_connect_timeout"]}


def callers(silent: socket.socket) -> int:
    """How many have called a server that takes no call."""
    silent.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            silent.accept()[0].close()
            count += 1
    return count


def test_a_request_stands_in_a_process_without_a_broker(engine: Engine) -> None:
    assert found(engine, requested(engine)).status == "QUEUED"


@pytest.mark.parametrize("url", [None, "postgres://localhost/0"])
def test_a_broker_needs_the_url_of_a_redis(url: str | None) -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        doorbell.open_broker(url)
