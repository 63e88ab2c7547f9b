"""Who may do what. "Not yours" and "not there" are one answer, and every refusal is noted for the audit log."""

from uuid import UUID

from schema.checks import check_id
from schema.context import Info
from schema.errors import Forbidden, Unauthenticated
from schema.viewer import Viewer
from store.errors import NotFound
from store.households.version import NO_USER
from store.tables import User
from store.users import users_of


def viewer(info: Info) -> Viewer:
    """Who asks; raises `Unauthenticated` where nobody is named."""
    if info.context.viewer is None:
        raise Unauthenticated("Send a token, as Authorization: Bearer <token>.")
    return info.context.viewer


def administrator(info: Info) -> Viewer:
    """Who asks, an administrator; raises `Forbidden` for users."""
    asking = viewer(info)
    if not asking.is_admin:
        info.context.refuse(info.field_name, str(asking.user_id), Forbidden.code)
        raise Forbidden("Only administrators may ask for this.")
    return asking


async def household(info: Info, place: str, given: str) -> User:
    """The user of the id given at `place`, where the viewer may see and change it; raises `NotFound` otherwise."""
    asking = viewer(info)
    user_id = check_id(place, given)
    found = await info.context.loaders.find(users_of, user_id) if asking.may_read(user_id) else None
    if found is None:
        info.context.refuse(info.field_name, user_id, NotFound.code)
        raise NotFound(NO_USER)
    return found


def row_id(info: Info, place: str, given: str) -> UUID:
    """The id of a row; whether it is there for this viewer, the database says."""
    viewer(info)
    return check_id(place, given)
