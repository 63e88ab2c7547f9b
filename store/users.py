"""Who there is: users are found by our id or by the name that another system knows them by."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, or_, select

from store.paging import Page, cut
from store.tables import FinancialProfile, User


def create_user(
    session: Session, *, currency: str, profile: Mapping[str, Any], external_id: str | None = None
) -> tuple[User, bool]:
    """A new user with a profile, and True; the user that is there, unchanged, and False for a known `external_id`."""
    new = User(currency=currency, external_id=external_id)
    row = {"id": new.id, "currency": currency, "external_id": external_id, "source": new.source}
    statement = insert(User).values(**row).on_conflict_do_nothing(index_elements=["external_id"]).returning(User)
    made = session.scalars(statement).one_or_none()
    if made is None:
        return session.exec(select(User).where(User.external_id == external_id)).one(), False
    session.add(FinancialProfile(user_id=made.id, **profile))
    session.flush()
    return made, True


def find_user(session: Session, subject: str | UUID) -> User | None:
    """The user of this id, else the one of this external id; None where this transaction sees neither."""
    user_id = _as_uuid(subject)
    mine = col(User.external_id) == str(subject)
    found = session.exec(select(User).where(mine if user_id is None else or_(col(User.id) == user_id, mine))).all()
    return min(found, key=lambda user: user.id != user_id, default=None)


def users_of(session: Session, ids: Collection[UUID]) -> dict[UUID, User]:
    """The users of these ids that this transaction sees."""
    return {user.id: user for user in session.exec(select(User).where(col(User.id).in_(ids)))}


def list_users(session: Session, *, first: int, after: UUID | None = None) -> Page[User]:
    """Users by id, at most `first` behind `after`."""
    ordered = select(User).order_by(col(User.id)).limit(first + 1)
    rows: Sequence[User] = session.exec(ordered if after is None else ordered.where(col(User.id) > after)).all()
    return cut(rows, first)


def any_user_until(session: Session, cursor: UUID) -> bool:
    """Whether a page behind this cursor has users before it."""
    return session.exec(select(User.id).where(col(User.id) <= cursor).limit(1)).one_or_none() is not None


def count_users(session: Session) -> int:
    """How many users this transaction sees."""
    return session.exec(select(func.count()).select_from(User)).one()


def _as_uuid(subject: str | UUID) -> UUID | None:
    try:
        return subject if isinstance(subject, UUID) else UUID(subject)
    except ValueError:
        return None
