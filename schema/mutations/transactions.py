"""Transactions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry
from sqlmodel import Session

from schema.context import Info
from schema.inputs import TransactionInput, check_many
from schema.mutations.writing import write
from schema.permissions import household
from store.errors import BadInput
from store.households.accounts import accounts_of
from store.households.transactions import add_transactions as add


async def add_transactions(info: Info, user_id: strawberry.ID, transactions: list[TransactionInput]) -> int:
    """Adds what is new."""
    user = await household(info, "userId", user_id)
    rows = check_many(transactions, "transactions", info.context.today)
    new = await write(info, user.id, lambda session: _add(session, user.id, rows))
    info.context.audit("add_transactions", user.id, detail=str(new))
    return new


def _add(session: Session, user_id: UUID, rows: Sequence[Mapping[str, Any]]) -> int:
    named = {row["account_id"] for row in rows} - {None}
    own = {account.id for account in accounts_of(session, [user_id])[user_id]} if named else set()
    for index, row in enumerate(rows):
        if row["account_id"] not in {None, *own}:
            place = f"transactions[{index}].accountId"
            raise BadInput(place, f"{place} must be the id of an account of this user.")
    return add(session, user_id, rows)
