"""Categories by name, and what users are told in them outside of a request: for the command line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from engine.catalog import BY_NAME, TRAINERS
from schema.context import VIEW
from server.commands.people import ACTOR
from server.errors import ServerError
from store import audit
from store.advice import Outcome, advise, default_keys
from store.audit import Deed
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import transaction


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
