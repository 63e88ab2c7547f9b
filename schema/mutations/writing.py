"""How every change is made."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from schema.context import Info
from store.errors import NotFound

T = TypeVar("T")


async def write(info: Info, subject: UUID | str, work: Callable[[Session], T]) -> T:
    """Runs a change; what was read before it is forgotten, and a subject that is not to be found is a refusal."""
    try:
        return await info.context.run(work)
    except NotFound:
        info.context.refuse(info.field_name, subject, NotFound.code)
        raise
    finally:
        info.context.forget()
