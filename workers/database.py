"""Connections of processes that may be paused at any moment, to a server that may vanish without a word."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from store.errors import Misconfigured, Unavailable
from store.session import engine_of, transaction
from store.settings import Settings
from workers.log import brief

PARENT_IDLE_SECONDS = 5.0  # less than a lease
CHILD_IDLE_SECONDS = 300.0  # it computes inside its transactions

NETWORK = {
    "connect_timeout": 3,  # seconds
    "keepalives_idle": 5,  # seconds
    "keepalives_interval": 2,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}


def open_engine(settings: Settings, *, idle_seconds: float) -> Engine:
    """Connections whose transactions the server ends when nothing is heard for so long.

    A process that is paused in a transaction would otherwise keep its locks, and others from taking over its job.
    """
    patience = f"-c idle_in_transaction_session_timeout={round(idle_seconds * 1000)}"
    return engine_of(settings, connect_args={**NETWORK, "options": patience}, hide_parameters=True)


def reach(settings: Settings) -> Engine:
    """Connections to a migrated database; raises where there is none yet. Later on it may go away for a while."""
    engine = open_engine(settings, idle_seconds=PARENT_IDLE_SECONDS)
    try:
        with transaction(engine) as session:
            session.connection().execute(text("SELECT FROM jobs LIMIT 1"))
    except OperationalError as error:
        raise Unavailable(f"the database of DATABASE_URL does not answer: {brief(error)}") from error
    except ProgrammingError as error:
        raise Misconfigured("the database is not migrated: run `finrec migrate`") from error
    return engine
