"""What commands share: settings whose services answer, a migrated database, output."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_core import to_jsonable_python
from rich.console import Console
from sqlalchemy import Engine

from server.embedded import services
from server.errors import ServerError
from store.migrate import is_current, migrate
from store.session import engine_of
from store.settings import Settings, load_settings

TERMINAL = Console(stderr=True, highlight=False)


@contextmanager
def database(*, lasting: bool = False) -> Iterator[tuple[Settings, Engine]]:
    """Settings whose services answer, and connections to a database at the newest migration."""
    with services(load_settings(), lasting=lasting) as settings:
        engine = engine_of(settings)
        try:
            _ensure_current(engine, settings)
            yield settings, engine
        finally:
            engine.dispose()


def url_of(settings: Settings) -> str:
    """The database's URL, which `services` has set."""
    if settings.database_url is None:
        raise ServerError("DATABASE_URL is not set.")
    return settings.database_url


def say(text: str) -> None:
    """For people: on standard error."""
    TERMINAL.print(text, markup=False)


def show(text: str) -> None:
    """Data: on standard output."""
    sys.stdout.write(f"{text}\n")


def show_json(value: Any) -> None:
    """Data for a program: dataclasses, dates and amounts become JSON."""
    show(json.dumps(to_jsonable_python(value), indent=2))


def _ensure_current(engine: Engine, settings: Settings) -> None:
    """Migrates in development; in production that is somebody's decision."""
    with engine.connect() as connection:
        current = is_current(connection)
    if not current and settings.environment == "production":
        raise ServerError("The database is not at the newest migration: run `finrec migrate`.")
    if not current:
        migrate(url_of(settings))
