"""Assets and debts."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from engine.features.balance_sheet import DEBTS
from store.errors import BadInput, Conflict, NotFound
from store.households.profiles import state
from store.households.version import raise_version
from store.tables import Account

NO_ACCOUNT = "There is no account of this id."


def accounts_of(session: Session, users: Collection[UUID]) -> dict[UUID, list[Account]]:
    """All accounts of the users, in the order in which they were made known."""
    found: dict[UUID, list[Account]] = {user: [] for user in users}
    for account in session.exec(select(Account).where(col(Account.user_id).in_(users)).order_by(col(Account.id))):
        found[account.user_id].append(account)
    return found


def accounts_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Account]:
    """The accounts of these ids that this transaction sees."""
    return {account.id: account for account in session.exec(select(Account).where(col(Account.id).in_(ids)))}


def holder_of_securities(session: Session, account_id: UUID) -> Account:
    """The account of this id; raises an error where the transaction does not see it, or where it is a debt."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(NO_ACCOUNT)
    if account.kind in DEBTS:
        raise BadInput(
            "accountId", f"accountId must name an account that holds securities: this one is a {account.kind}."
        )
    return account


def save_account(session: Session, user_id: UUID, account_id: UUID | None, columns: Mapping[str, Any]) -> Account:
    """Writes an account whole: the one of this id, else the one of this `external_id`, else a new one."""
    raise_version(session, user_id)
    stated = {name: value for name, value in columns.items() if (name, value) != ("external_id", None)}
    account = _known(session, user_id, account_id, stated.get("external_id")) or Account(user_id=user_id, **stated)
    state(account, stated)
    session.add(account)
    session.flush()
    return account


def delete_account(session: Session, account_id: UUID) -> UUID:
    """Forgets an account with its holdings and sales; its transactions stay. Returns whose it was."""
    account = accounts_by_id(session, [account_id]).get(account_id)
    if account is None:
        raise NotFound(NO_ACCOUNT)
    raise_version(session, account.user_id)
    if session.exec(delete(Account).where(col(Account.id) == account_id)).rowcount == 0:
        raise NotFound(NO_ACCOUNT)
    return account.user_id


def _known(session: Session, user_id: UUID, account_id: UUID | None, external_id: str | None) -> Account | None:
    mine = select(Account).where(Account.user_id == user_id)
    named = session.exec(mine.where(Account.external_id == external_id)).one_or_none() if external_id else None
    if account_id is None:
        return named
    account = session.exec(mine.where(Account.id == account_id)).one_or_none()
    if account is None:
        raise NotFound(NO_ACCOUNT)
    if named not in (None, account):
        raise Conflict("Another account of this user has this externalId: choose another one, or save that account.")
    return account
