"""Writes checked rows: COPY into a temporary table, then one statement that inserts what is new and changes the rest.

PostgreSQL refuses COPY into a table with row-level security, and an upsert leaves rows that are the same alone.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast

import polars as pl
from psycopg import Connection, Cursor, sql
from sqlalchemy import text
from sqlmodel import Session

from store.loading.columns import Type
from store.loading.kinds import HOUSEHOLDS, Kind, Target
from store.loading.report import Counts
from store.tables import METADATA

BATCH_ROWS = 100_000
LOCK = 0x66696E6C6F6164
"""Key of the advisory lock under which one file is loaded at a time ("finload" in ASCII)."""
FIXED = frozenset({"id", "user_id", "currency", "source", "data_version", "created_at"})
"""Columns that are written once, with a new row."""


def begin(session: Session) -> None:
    """Waits for other loads, and prepares the list of households that this one touches."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    session.connection().execute(text("CREATE TEMPORARY TABLE touched (kind text, user_id uuid) ON COMMIT DROP"))


def finish(session: Session) -> None:
    """Raises the data version of every household that was touched, once."""
    raised = "UPDATE users SET data_version = data_version + 1 WHERE id IN (SELECT user_id FROM touched)"
    session.connection().execute(text(raised))


def merge(session: Session, kind: Kind, frame: pl.DataFrame, source: str) -> Counts:
    """Brings the tables of a kind to the rows of a frame; columns that the frame lacks stay as they are."""
    complete = _completed(kind, frame, source)
    with _connection(session).cursor() as cursor:
        merged = [_merge(cursor, kind, target, complete, frame.columns) for target in kind.targets]
        last = merged[-1]
        if kind is not HOUSEHOLDS:
            return last
        new = merged[0].new
        changed = _touched(cursor, kind) - new
    return Counts(read=len(frame), new=new, changed=changed)


def forget(session: Session, kind: Kind, users: pl.Series, kept: pl.DataFrame, external_ids: Collection[str]) -> int:
    """Removes rows of these external ids that the households do not have any more."""
    owned, remaining = kept.select("user", "external_id").get_columns() if len(kept) else (pl.Series(), pl.Series())
    parameters = {
        "users": users.to_list(),
        "external_ids": list(external_ids),
        "owned": owned.to_list(),
        "remaining": remaining.to_list(),
    }
    with _connection(session).cursor() as cursor:
        names = {"table": sql.Identifier(kind.targets[0].table), "kind": sql.Literal(kind.name)}
        return _count(cursor.execute(sql.SQL(_FORGET).format(**names), parameters))[0]


def _completed(kind: Kind, frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """With what new rows hold where the file says nothing."""
    defaults = {column.name: column.default for column in kind.columns if column.default is not None}
    defaults |= {column.name: "{}" for column in kind.columns if column.type is Type.NAMES}
    filled = frame.with_columns(
        pl.col(name).fill_null(default) if name in frame.columns else pl.lit(default).alias(name)
        for name, default in defaults.items()
    )
    return filled.with_columns(source=pl.lit(source), data_version=pl.lit(1), created_at=pl.lit("now"))


def _merge(cursor: Cursor[Any], kind: Kind, target: Target, frame: pl.DataFrame, given: Collection[str]) -> Counts:
    names = [column.name for column in METADATA.tables[target.table].columns if column.name in frame.columns]
    rows = frame.select(names)
    if target.repeated:
        rows = rows.unique(target.key, keep="first", maintain_order=True)
    _stage(cursor, target, rows)
    removed = _remove_replaced(cursor, kind, target) if kind.replaces else 0
    changeable = [name for name in names if name in given and name not in FIXED and name not in target.key]
    new, changed = _upsert(cursor, kind, target, names, changeable)
    cursor.execute("DROP TABLE staged")
    return Counts(read=len(frame), new=new, changed=changed, removed=removed)


def _stage(cursor: Cursor[Any], target: Target, rows: pl.DataFrame) -> None:
    """The rows in a temporary table `staged` of the target's types."""
    made = "CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
    names = {"columns": _columns(rows.columns), "table": sql.Identifier(target.table)}
    cursor.execute(sql.SQL(made).format(**names))
    with cursor.copy(sql.SQL("COPY staged ({columns}) FROM STDIN (FORMAT csv)").format(**names)) as copy:
        for batch in rows.iter_slices(BATCH_ROWS):
            copy.write(batch.write_csv(include_header=False))
    cursor.execute("ANALYZE staged")


def _remove_replaced(cursor: Cursor[Any], kind: Kind, target: Target) -> int:
    names = {
        "table": sql.Identifier(target.table),
        "scope": _columns(kind.replaces),
        "kept": _columns(kind.replaces, of="kept"),
        "replaced": _columns(kind.replaces, of="replaced"),
        "kind": sql.Literal(kind.name),
    }
    return _count(cursor.execute(sql.SQL(_REMOVE_REPLACED).format(**names)))[0]


def _upsert(
    cursor: Cursor[Any], kind: Kind, target: Target, names: Sequence[str], changeable: Sequence[str]
) -> tuple[int, int]:
    """How many rows were new, and how many were changed; `xmax` is 0 of a row that was never locked or changed."""
    parts = {
        "table": sql.Identifier(target.table),
        "columns": _columns(names),
        "key": _columns(target.key),
        "action": _action(changeable),
        "owner": sql.Identifier("kept", target.owner) if target.owner else sql.SQL("NULL::uuid"),
        "kind": sql.Literal(kind.name),
    }
    new, changed = _count(cursor.execute(sql.SQL(_UPSERT).format(**parts)))
    return new, changed


def _action(changeable: Sequence[str]) -> sql.Composable:
    if not changeable:
        return sql.SQL("NOTHING")
    assigned = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("excluded", name)) for name in changeable
    )
    return sql.SQL("UPDATE SET {assigned} WHERE ({kept}) IS DISTINCT FROM ({given})").format(
        assigned=assigned, kept=_columns(changeable, of="kept"), given=_columns(changeable, of="excluded")
    )


def _touched(cursor: Cursor[Any], kind: Kind) -> int:
    touched = cursor.execute("SELECT count(DISTINCT user_id) FROM touched WHERE kind = %s", [kind.name])
    return _count(touched)[0]


def _count(cursor: Cursor[Any]) -> tuple[int, ...]:
    row: tuple[int, ...] | None = cursor.fetchone()
    return row or ()


def _columns(names: Collection[str], *, of: str | None = None) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(of, name) if of else sql.Identifier(name) for name in names)


def _connection(session: Session) -> Connection[Any]:
    return cast(Connection[Any], session.connection().connection.driver_connection)


_FORGET = """
WITH removed AS (
    DELETE FROM {table} AS kept USING users
    WHERE users.id = kept.user_id AND users.external_id = ANY(%(users)s::text[])
      AND kept.external_id = ANY(%(external_ids)s::text[])
      AND (users.external_id, kept.external_id) NOT IN (SELECT * FROM unnest(%(owned)s::text[], %(remaining)s::text[]))
    RETURNING kept.user_id
), noted AS (INSERT INTO touched SELECT DISTINCT {kind}, user_id FROM removed)
SELECT count(*) FROM removed
"""

_REMOVE_REPLACED = """
WITH removed AS (
    DELETE FROM {table} AS kept USING (SELECT DISTINCT {scope} FROM staged) AS replaced
    WHERE ({kept}) = ({replaced}) AND NOT EXISTS (SELECT FROM staged WHERE staged.id = kept.id)
    RETURNING kept.user_id
), noted AS (INSERT INTO touched SELECT DISTINCT {kind}, user_id FROM removed)
SELECT count(*) FROM removed
"""

_UPSERT = """
WITH merged AS (
    INSERT INTO {table} AS kept ({columns}) SELECT {columns} FROM staged
    ON CONFLICT ({key}) DO {action} RETURNING {owner} AS user_id, kept.xmax = 0 AS new
), noted AS (INSERT INTO touched SELECT DISTINCT {kind}, user_id FROM merged)
SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM merged
"""
