"""What can be asked."""

from typing import Any

import strawberry

from schema.admin.admin import Admin
from schema.connections import Connection, known
from schema.context import VIEW, Info
from schema.permissions import administrator, household, viewer
from schema.user import User
from schema.walks import walk_users


async def _viewer(info: Info) -> Any:
    asking = viewer(info)
    return None if asking.user_id is None else await household(info, "viewer", str(asking.user_id))


async def _user(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the contract's name
    return await household(info, "id", id)


async def _users(info: Info, first: int = 20, after: str | None = strawberry.UNSET) -> Any:
    administrator(info)
    walk = await walk_users(info.context, first=first, after=known(after))
    info.context.audit(VIEW, "users", detail="list")
    return walk


async def _admin(info: Info) -> Any:
    administrator(info)
    return Admin()


@strawberry.type
class Query:
    """The root of all questions."""

    viewer: User | None = strawberry.field(
        resolver=_viewer,
        description="The user whom the token speaks for; null for a token of an administrator without a user.",
    )
    user: User | None = strawberry.field(
        resolver=_user,
        description="One user. A user may read only itself; an administrator may read any. FORBIDDEN and NOT_FOUND "
        "look the same to a user.",
    )
    users: Connection[User] | None = strawberry.field(resolver=_users, description="All users, for administrators.")
    admin: Admin | None = strawberry.field(
        resolver=_admin, description="Model management, for administrators (null and FORBIDDEN otherwise)."
    )
