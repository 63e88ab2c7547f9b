"""Who there is and what they are told, outside of a request: for the command line."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from engine.catalog import BY_NAME, TRAINERS
from schema.context import VIEW
from server.errors import ServerError
from store import audit
from store.advice import Outcome, advise, default_keys
from store.audit import Deed
from store.crypto import Vault
from store.models.shelf import Shelf
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


def known_categories(names: Sequence[str]) -> Sequence[str]:
    """The names, or all where none is given; raises an error for one that does not exist."""
    unknown = next((name for name in names if name not in BY_NAME), None)
    if unknown is not None:
        raise ServerError(f"There is no category {unknown}: choose from {', '.join(BY_NAME)}.")
    return list(dict.fromkeys(names)) or list(BY_NAME)


def trained_categories(names: Sequence[str]) -> Sequence[str]:
    """The names, or all that train where none is given; raises an error for one that does not."""
    untrained = next((name for name in known_categories(names) if names and name not in TRAINERS), None)
    if untrained is not None:
        raise ServerError(
            f"{untrained} is not trained: it fits the market, not people. These are: {', '.join(TRAINERS)}."
        )
    return list(dict.fromkeys(names)) or list(TRAINERS)


def advice_for(
    engine: Engine, vault: Vault, shelf: Shelf, user_id: UUID, categories: Sequence[str], now: datetime
) -> dict[str, Outcome]:
    """What the user is told in each category; that it was looked at is in the audit log before it is shown."""
    with transaction(engine, users=[user_id]) as session:
        outcomes = advise(session, vault, shelf, default_keys([user_id], categories), now)
        audit.append(session, [Deed(actor=ACTOR, action=VIEW, subject=str(user_id), detail=",".join(categories))])
    return dict(zip(categories, outcomes, strict=True))
