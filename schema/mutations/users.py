"""Users and what they state of themselves."""

from typing import Any

import strawberry

from schema.checks import check
from schema.connections import known
from schema.context import Info
from schema.inputs import ProfileInput, ProfilePatch, changes, columns
from schema.mutations.writing import write
from schema.permissions import administrator, household
from store import users
from store.households import profiles


async def create_user(
    info: Info,
    input: ProfileInput,  # noqa: A002 - the contract's name
    external_id: str | None = strawberry.UNSET,
) -> Any:
    """A new user, or the one that has this external id."""
    administrator(info)
    profile = columns(input, "input", info.context.today)
    currency = profile.pop("currency")
    name = check("externalId", "external_id", known(external_id), info.context.today)
    user, is_new = await write(
        info,
        name or "new user",
        lambda session: users.create_user(session, currency=currency, profile=profile, external_id=name),
    )
    if is_new:
        info.context.audit("create_user", user.id, detail=name)
    return user


async def update_profile(info: Info, user_id: strawberry.ID, input: ProfilePatch) -> Any:  # noqa: A002
    """Changes the given columns alone."""
    user = await household(info, "userId", user_id)
    patch = changes(input, "input", info.context.today, profiles.CLEARABLE)
    await write(info, user.id, lambda session: profiles.update_profile(session, user.id, patch))
    info.context.audit("update_profile", user.id, detail=",".join(patch))
    return user
