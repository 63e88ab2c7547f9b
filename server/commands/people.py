"""Who there is, for the command line."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from server.errors import ServerError
from store.session import transaction
from store.tables import User
from store.users import find_user, list_users

ACTOR = "command line"
PAGE_USERS = 1000


def everybody(session: Session) -> Iterator[User]:
    """All users in the order of their ids, read in pages."""
    after: UUID | None = None
    while True:
        page = list_users(session, first=PAGE_USERS, after=after)
        yield from page.rows
        if not page.has_next:
            return
        after = page.rows[-1].id


def identified(engine: Engine, name: str) -> UUID:
    """The user of this id, or of this external id."""
    with transaction(engine, everyone=True) as session:
        user = find_user(session, name)
        if user is None:
            raise ServerError(f"There is no user {name}: `finrec users` lists them.")
        return user.id
