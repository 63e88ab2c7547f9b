"""Signals that ask a process to stop."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import Engine, text

from server.processes import stops_held, until_stopped
from tests.waiting import DEADLINE_SECONDS, until


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_held_until_the_work_waits(asked: signal.Signals) -> None:
    done = []
    with until_stopped(), stops_held() as wait:
        wait(0)
        signal.raise_signal(asked)
        done.append("the statement behind the signal")
        wait(60)
        done.append("the statement behind the wait")
    assert done == ["the statement behind the signal"]


def test_a_stop_that_nobody_waited_for_comes_behind_the_block() -> None:
    done = []
    with until_stopped():
        with stops_held():
            signal.raise_signal(signal.SIGINT)
            done.append("the block")
        done.append("what is behind it")
    assert done == ["the block"]


def test_a_second_stop_does_not_disturb_the_cleaning_up() -> None:
    done = []
    with until_stopped():
        try:
            with stops_held() as wait:
                signal.raise_signal(signal.SIGINT)
                wait(60)
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append("cleaned up")
    assert done == ["cleaned up"]


def test_a_stop_in_the_middle_of_a_statement_ends_it(engine: Engine) -> None:
    asleep = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")

    def stop_it() -> None:
        with engine.connect() as watcher:
            until(lambda: watcher.execute(asleep).scalar_one())
        os.kill(os.getpid(), signal.SIGINT)

    with ThreadPoolExecutor() as pool, closing(engine.raw_connection()) as connection:
        with until_stopped():
            stopping = pool.submit(stop_it)
            connection.cursor().execute(f"SELECT pg_sleep({DEADLINE_SECONDS})")
        stopping.result()
        connection.rollback()
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchall() == [(1,)]
