"""The sweeps of a process: which bells they ring, and that an outage does not end them."""

from threading import Event

import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from store import jobs
from store.jobs import claims, doorbell
from store.session import transaction
from store.settings import Settings
from tests.waiting import DEADLINE_SECONDS, pause, until
from workers.database import open_engine
from workers.log import Patience, is_absence
from workers.pace import Pace
from workers.sweeper import repeated, sweep

NOWHERE = "redis://127.0.0.1:1/0"
AT_ONCE = Pace(lease_seconds=0, queued_seconds=0)


def request_many(engine: Engine, count: int) -> None:
    with transaction(engine) as session:
        for _ in range(count):
            jobs.request(session, "SCORING", {}, requested_by="test")


def swept(engine: Engine) -> claims.Swept:
    with transaction(engine) as session:
        return claims.sweep(session, queued_seconds=0, grace_seconds=0)


def test_busy_workers_are_not_buried_under_bells(engine: Engine, broker: RedisBroker) -> None:
    request_many(engine, 3)
    broker.client.flushdb()
    for _ in range(10):
        sweep(engine, broker, AT_ONCE)
    assert doorbell.bells_waiting(broker) == 3


def test_a_job_whose_worker_died_is_rung_for_at_once(engine: Engine, broker: RedisBroker) -> None:
    with transaction(engine) as session:
        job = jobs.request(session, "SCORING", {}, requested_by="test")
        claims.claim(session, job.id, lease_seconds=-1)
    broker.client.flushdb()
    sweep(engine, broker, Pace(lease_seconds=0, queued_seconds=60))
    assert doorbell.bells_waiting(broker) == 1


def test_a_sweep_survives_that_redis_is_away(engine: Engine, broker: RedisBroker) -> None:
    request_many(engine, 1)
    sweep(engine, doorbell.open_broker(NOWHERE), AT_ONCE)
    assert swept(engine).waiting


def test_a_process_that_is_paused_in_a_sweep_does_not_stop_the_others(engine: Engine, database_url: str) -> None:
    paused = open_engine(Settings(database_url=database_url), idle_seconds=1.0)
    request_many(engine, 1)
    with paused.connect() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('finrec.sweep'))"))
        assert not swept(engine).waiting
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout TO DEFAULT"))
        until(lambda: swept(engine).waiting)
        with pytest.raises(DBAPIError) as lost:
            connection.execute(text("SELECT 1"))
    assert is_absence(lost.value)
    paused.dispose()


def test_steps_go_on_after_an_outage_of_the_database() -> None:
    steps: list[int] = []
    done = Event()

    def step() -> None:
        steps.append(len(steps))
        if len(steps) < 3:
            raise OperationalError("SELECT 1", {}, ConnectionError("the server closed the connection"))
        done.set()

    with repeated(step, seconds=0.01, stopping=Event(), patience=Patience()):
        assert done.wait(DEADLINE_SECONDS)


def test_no_step_is_taken_after_the_block() -> None:
    steps: list[int] = []
    stopping = Event()
    with repeated(lambda: steps.append(1), seconds=0.01, stopping=stopping, patience=Patience()):
        until(lambda: len(steps) > 2)
    seen = len(steps)
    pause(0.1)
    assert stopping.is_set()
    assert len(steps) == seen


def test_any_other_error_is_not_borne() -> None:
    with pytest.raises(ZeroDivisionError), Patience():
        raise ZeroDivisionError
