"""Transactions on PostgreSQL, each under the restricted role and with the users it may see."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from engine.enums import LifeEvent
from engine.recommender import Reach
from store.errors import Misconfigured
from store.settings import Settings

APP_ROLE = "finrec_app"
EVERYONE = "all"
REACH = "finrec_reach"
EVENTS_OFF = "finrec_life_events_off"


def connect(
    url: str, *, reach: str = Reach.PERSONAL, life_events_off: Collection[LifeEvent] = (), **options: Any
) -> Engine:
    """An engine for a `postgresql://` URL, on psycopg 3.

    What is advised on it goes as far as `reach`, and is silent on the life events that are off.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Misconfigured("DATABASE_URL is not a URL: write postgresql://user:password@host:5432/name") from error
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise Misconfigured(f"DATABASE_URL must be PostgreSQL, not {parsed.drivername}: postgresql://user@host/name")
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        execution_options={REACH: Reach(reach), EVENTS_OFF: tuple(sorted(life_events_off))},
        **options,
    )


def engine_of(settings: Settings, **options: Any) -> Engine:
    """An engine as the settings have it: where the database is, how far advice goes, and what it is silent on."""
    if settings.database_url is None:
        raise Misconfigured("DATABASE_URL is not set: write postgresql://user:password@host:5432/name")
    return connect(settings.database_url, reach=settings.advice, life_events_off=settings.life_events_off, **options)


def reach_of(session: Session) -> Reach:
    """How far advice may go on this session's connections."""
    return Reach(session.connection().get_execution_options().get(REACH, Reach.PERSONAL))


def events_off(session: Session) -> tuple[LifeEvent, ...]:
    """Life events that nothing is said of on this session's connections."""
    return tuple(session.connection().get_execution_options().get(EVENTS_OFF, ()))


@contextmanager
def transaction(engine: Engine, *, users: Collection[UUID] = (), everyone: bool = False) -> Iterator[Session]:
    """One transaction that sees the rows of `users`, or of everyone; committed at the end, rolled back on an error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        enter(session, users=users, everyone=everyone)
        yield session


def clock(session: Session) -> datetime:
    """The database's time: that of a process may be wrong."""
    now: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    return now


def enter(session: Session, *, users: Collection[UUID] = (), everyone: bool = False) -> None:
    """Switches the transaction to the restricted role; without users it sees no household at all."""
    listed = "{" + ",".join(str(user) for user in users) + "}"
    session.connection().execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
    session.connection().execute(
        text("SELECT set_config('finrec.users', :users, true), set_config('finrec.scope', :scope, true)"),
        {"users": listed, "scope": EVERYONE if everyone else ""},
    )
