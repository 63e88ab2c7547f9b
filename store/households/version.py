"""`users.data_version`: raised once a transaction by whatever changes a household, so that kept answers go stale.

It is raised before the change: writers of one household then wait for each other at one row, and never in a circle.
"""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from store.errors import NotFound

NO_USER = "There is no user of this id."
TRANSACTION = "transaction that raised versions"
RAISED = "users whose version it raised"


def hold(session: Session, user_id: UUID) -> None:
    """Makes other changes of the household wait until this transaction ends; raises `NotFound` where it is not seen."""
    if session.connection().execute(text(_HOLD), {"user": user_id}).one_or_none() is None:
        raise NotFound(NO_USER)


def raise_version(session: Session, user_id: UUID) -> None:
    """Holds the household and raises its version, once a transaction; raises `NotFound` where it is not seen."""
    raised = _raised(session)
    if user_id in raised:
        return
    if session.connection().execute(text(_RAISE), {"user": user_id}).rowcount == 0:
        raise NotFound(NO_USER)
    raised.add(user_id)


def _raised(session: Session) -> set[UUID]:
    """Users whose version this transaction has raised; a savepoint counts for itself, since it may be rolled back."""
    session.connection()
    current = session.get_nested_transaction() or session.get_transaction()
    if session.info.get(TRANSACTION) is not current:
        session.info |= {TRANSACTION: current, RAISED: set()}
    raised: set[UUID] = session.info[RAISED]
    return raised


_HOLD = "SELECT 1 FROM users WHERE id = :user FOR NO KEY UPDATE"

_RAISE = "UPDATE users SET data_version = data_version + 1 WHERE id = :user"
