"""What the processes of this package have in common: settings, logging, signals, and one sentence where that fails."""

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from store.errors import Misconfigured, StoreError, Unavailable
from store.session import connect, transaction
from store.settings import Settings, load_settings
from workers.log import brief, configure

CONNECTION = {
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 5,  # seconds
    "keepalives_interval": 2,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
"""A server that vanishes without a word is noticed before the lease ends."""

LOG = structlog.get_logger()


def run(name: str, serving: Callable[[Settings], AbstractContextManager[None]]) -> None:
    """Serves until SIGTERM or Ctrl-C; exit code 1 and a sentence where it cannot start, or a thread of it crashes."""
    ends: SimpleQueue[BaseException | None] = SimpleQueue()  # safe in a signal handler, as an Event is not
    signal.signal(signal.SIGTERM, lambda *_: ends.put(None))
    signal.signal(signal.SIGINT, lambda *_: ends.put(None))
    threading.excepthook = lambda crash: ends.put(crash.exc_value)
    try:
        settings = load_settings()
        configure(settings.log_level)
        with serving(settings):
            LOG.info("process ready", name=name)
            crash = ends.get()
            LOG.info("process ends", name=name)
        if crash:
            raise crash
    except StoreError as error:
        sys.exit(f"finrec {name}: {error}")


def reach(settings: Settings) -> Engine:
    """Connections to a migrated database; raises where there is none yet. Later on it may go away for a while."""
    if settings.database_url is None:
        raise Misconfigured("DATABASE_URL is not set: postgresql://user:password@host:5432/name")
    engine = connect(settings.database_url, connect_args=CONNECTION)
    try:
        with transaction(engine) as session:
            session.connection().execute(text("SELECT FROM jobs LIMIT 1"))
    except OperationalError as error:
        raise Unavailable(f"the database of DATABASE_URL does not answer: {brief(error)}") from error
    except ProgrammingError as error:
        raise Misconfigured("the database is not migrated: run `finrec migrate`") from error
    return engine
