"""Waiting for a condition, with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

import psutil
from sqlalchemy import Engine, text

T = TypeVar("T")

POLL_SECONDS = 0.02
DEADLINE_SECONDS = 180.0
"""Only a test that fails waits for so long: on a busy machine a process may need a minute to begin."""


def until(condition: Callable[[], T], seconds: float = DEADLINE_SECONDS) -> T:
    """The first true value of the condition; fails where there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not in {seconds} s: {condition}, last {value!r}"
        pause(POLL_SECONDS)
    return value


def has_ended(process: psutil.Process) -> bool:
    """Whether it does nothing more; a zombie only waits for its parent to take notice, who may never do so."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def is_locked_out(engine: Engine) -> bool:
    """Whether somebody in this database waits for another's row."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return bool(connection.execute(text(asked)).scalar_one())


def pause(seconds: float) -> None:
    """Lets other processes get on."""
    Event().wait(seconds)
