"""What was sold of an account's securities, the latest sale first."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, text
from sqlmodel import Session, col, select

from store.households.accounts import holder_of_securities
from store.households.version import hold, raise_version
from store.ids import uuid7
from store.paging import Page, cut_each
from store.tables import Account, Sale

Position = tuple[date, UUID]
"""Day and id of a sale: the key that the list is ordered by."""


def pages_of(
    session: Session, accounts: Collection[UUID], *, first: int, after: Position | None = None
) -> dict[UUID, Page[Row[Any]]]:
    """For each account at most `first` sales behind `after`."""
    parameters = {"accounts": list(accounts), "rows": first + 1, "sold": after and after[0], "id": after and after[1]}
    return cut_each(session.connection().execute(text(_PAGES), parameters), accounts, "account_id", first)


def any_until(session: Session, accounts: Collection[UUID], *, cursor: Position) -> dict[UUID, bool]:
    """Whether a page behind this cursor has sales before it, by account."""
    parameters = {"accounts": list(accounts), "sold": cursor[0], "id": cursor[1]}
    return {row.id: row.any for row in session.connection().execute(text(_ANY_UNTIL), parameters)}


def counts_of(session: Session, accounts: Collection[UUID]) -> dict[UUID, int]:
    """How many sales each account has."""
    counted = select(Sale.account_id, func.count()).where(col(Sale.account_id).in_(accounts))
    return dict.fromkeys(accounts, 0) | dict(session.exec(counted.group_by(col(Sale.account_id))).all())


def add_sales(session: Session, account_id: UUID, rows: Sequence[Mapping[str, Any]]) -> Account:
    """Writes what is new to an account; an `external_id` that the household has used changes nothing."""
    account = holder_of_securities(session, account_id)
    hold(session, account.user_id)
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    parameters = {**columns, "user": account.user_id, "account": account_id, "ids": [uuid7() for _ in rows]}
    if session.connection().execute(text(_ADD), parameters).rowcount:
        raise_version(session, account.user_id)
    return account


_COLUMNS = ("external_id", "symbol", "quantity", "cost_basis", "proceeds", "acquired", "sold")

_PAGES = """
SELECT s.id, s.account_id, s.symbol, s.quantity, s.cost_basis, s.proceeds, s.proceeds - s.cost_basis AS gain,
       s.acquired, s.sold
FROM accounts AS a
CROSS JOIN LATERAL (
    SELECT * FROM sales
    WHERE sales.user_id = a.user_id AND sales.account_id = a.id
      AND (CAST(:sold AS date) IS NULL OR (sold, id) < (CAST(:sold AS date), CAST(:id AS uuid)))
    ORDER BY sold DESC, id DESC LIMIT :rows
) AS s
WHERE a.id = ANY(CAST(:accounts AS uuid[]))
ORDER BY a.id, s.sold DESC, s.id DESC
"""

_ANY_UNTIL = """
SELECT a.id, EXISTS (
    SELECT 1 FROM sales WHERE sales.user_id = a.user_id AND sales.account_id = a.id AND (sold, sales.id) >= (:sold, :id)
) AS any
FROM accounts AS a WHERE a.id = ANY(CAST(:accounts AS uuid[]))
"""

_ADD = """
INSERT INTO sales (id, user_id, account_id, external_id, symbol, quantity, cost_basis, proceeds, acquired, sold)
SELECT id, :user, :account, external_id, symbol, quantity, cost_basis, proceeds, acquired, sold
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:external_id AS text[]), CAST(:symbol AS text[]), CAST(:quantity AS numeric[]),
    CAST(:cost_basis AS numeric[]), CAST(:proceeds AS numeric[]), CAST(:acquired AS date[]), CAST(:sold AS date[])
) AS new (id, external_id, symbol, quantity, cost_basis, proceeds, acquired, sold)
ON CONFLICT (user_id, external_id) DO NOTHING
"""
