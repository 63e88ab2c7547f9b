"""Money that moved, newest first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, text
from sqlmodel import Session, col, select

from store.households.version import hold, raise_version
from store.ids import uuid7
from store.paging import Page, cut_each
from store.tables import Transaction

Position = tuple[date, UUID]
"""Date and id of a transaction: the key that the list is ordered by."""


def pages_of(
    session: Session, users: Collection[UUID], *, first: int, after: Position | None = None
) -> dict[UUID, Page[Row[Any]]]:
    """For each user at most `first` transactions behind `after`."""
    parameters = {"users": list(users), "rows": first + 1, "date": after and after[0], "id": after and after[1]}
    return cut_each(session.connection().execute(text(_PAGES), parameters), users, "user_id", first)


def any_until(session: Session, users: Collection[UUID], *, cursor: Position) -> dict[UUID, bool]:
    """Whether a page behind this cursor has transactions before it, by user."""
    parameters = {"users": list(users), "date": cursor[0], "id": cursor[1]}
    return {row.user_id: row.any for row in session.connection().execute(text(_ANY_UNTIL), parameters)}


def counts_of(session: Session, users: Collection[UUID]) -> dict[UUID, int]:
    """How many transactions each user has."""
    counted = select(Transaction.user_id, func.count()).where(col(Transaction.user_id).in_(users))
    return dict.fromkeys(users, 0) | dict(session.exec(counted.group_by(col(Transaction.user_id))).all())


def add_transactions(session: Session, user_id: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    """Writes what is new; a known `external_id` changes nothing. Returns how many were new."""
    hold(session, user_id)
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    parameters = {**columns, "user": user_id, "ids": [uuid7() for _ in rows]}
    new = session.connection().execute(text(_ADD), parameters).rowcount
    if new:
        raise_version(session, user_id)
    return new


_COLUMNS = ("external_id", "account_id", "date", "amount", "category", "merchant", "hour")

_PAGES = """
SELECT t.id, t.user_id, t.date, t.amount, t.category, t.merchant, t.hour
FROM unnest(CAST(:users AS uuid[])) WITH ORDINALITY AS wanted(user_id, place)
CROSS JOIN LATERAL (
    SELECT * FROM transactions
    WHERE transactions.user_id = wanted.user_id
      AND (CAST(:date AS date) IS NULL OR (date, id) < (CAST(:date AS date), CAST(:id AS uuid)))
    ORDER BY date DESC, id DESC LIMIT :rows
) AS t
ORDER BY wanted.place, t.date DESC, t.id DESC
"""

_ANY_UNTIL = """
SELECT wanted.user_id, EXISTS (
    SELECT 1 FROM transactions WHERE transactions.user_id = wanted.user_id AND (date, id) >= (:date, :id)
) AS any
FROM unnest(CAST(:users AS uuid[])) AS wanted(user_id)
"""

_ADD = """
INSERT INTO transactions (id, user_id, external_id, account_id, date, amount, category, merchant, hour)
SELECT id, :user, external_id, account_id, date, amount, category, merchant, hour
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:external_id AS text[]), CAST(:account_id AS uuid[]), CAST(:date AS date[]),
    CAST(:amount AS numeric[]), CAST(:category AS text[]), CAST(:merchant AS text[]),
    CAST(:hour AS smallint[])
) AS new (id, external_id, account_id, date, amount, category, merchant, hour)
ON CONFLICT (user_id, external_id) DO NOTHING
"""
