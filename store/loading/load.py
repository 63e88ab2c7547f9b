"""Loads the rows of one kind: checked, resolved and merged within a transaction that ends with all of them or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import polars as pl
from psycopg import IntegrityError
from sqlalchemy import Engine
from sqlmodel import Session

from store.errors import Conflict
from store.loading.check import check
from store.loading.kinds import Kind
from store.loading.read import Table, as_table
from store.loading.references import resolve
from store.loading.report import Counts
from store.loading.write import begin, finish, merge
from store.session import transaction


@contextmanager
def loading(engine: Engine) -> Iterator[Session]:
    """A transaction that may write every household; loads wait for each other."""
    try:
        with transaction(engine, everyone=True) as session:
            begin(session)
            yield session
            finish(session)
    except IntegrityError as error:
        raise Conflict("The data changed while this was being loaded: nothing was loaded, try again.") from error


def load_table(session: Session, kind: Kind, table: Table, *, today: date, source: str = "file") -> Counts:
    """Loads a table of cells within `loading`."""
    values, problems = check(kind, table, today)
    rows = resolve(session, kind, values, problems)
    problems.raise_any()
    return merge(session, kind, rows, source)


def load_columns(session: Session, kind: Kind, frame: pl.DataFrame, *, today: date, source: str) -> Counts:
    """Loads a frame with the columns of a kind within `loading`; no rows are no error."""
    if frame.is_empty():
        return Counts(read=0, new=0, changed=0)
    return load_table(session, kind, as_table(kind.name, frame), today=today, source=source)
