"""The GraphQL face of engine dataclasses: derived, so that the shape of an answer is written once.

Names, fields and docstrings carry over (a string below a field describes it); tuples become lists, words enums, and
`GoalRef` and `AccountRef` the goal and the account that they point to.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, reduce
from itertools import pairwise
from operator import or_
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from strawberry.utils.str_converters import to_camel_case

from engine.answers import AccountRef, GoalRef
from schema.context import Info
from schema.enums import words
from schema.household import Account, Goal
from store.errors import NotFound
from store.households.accounts import accounts_by_id
from store.households.goals import goals_by_id

PLACES = 6
"""Of floats: more are noise of the arithmetic, such as 0.43709999999."""
FLOATS = (float, float | None)
SCALARS = frozenset({bool, int, float, str, Decimal, date, datetime})

REFERENCES: Mapping[type, tuple[type, Callable[..., Mapping[UUID, Any]]]] = {
    AccountRef: (Account, accounts_by_id),
    GoalRef: (Goal, goals_by_id),
}


@cache
def face(shape: type) -> type:
    """The GraphQL type of an engine dataclass; its instances are shown as they are."""
    made: type = strawberry.type(type(shape.__name__, (), members(shape)), description=told(shape.__doc__))
    return made


def members(shape: type, *, besides: type | None = None, part: str | None = None) -> dict[str, Any]:
    """The fields of a dataclass as Strawberry's, without those of `besides`, read from this `part` of a parent."""
    hints, below = get_type_hints(shape), descriptions(shape)
    known = {field.name for field in fields(besides)} if besides else set()
    names = [field.name for field in fields(shape) if field.name not in known]
    return {
        name: strawberry.field(
            resolver=_resolver(name, hints[name], part), graphql_type=output(hints[name]), description=below.get(name)
        )
        for name in names
    }


def output(hint: Any) -> Any:
    """How a type of the engine is shown."""
    return translated(hint, lambda shape: REFERENCES[shape][0] if shape in REFERENCES else face(shape))


def translated(hint: Any, of_dataclass: Callable[[type], Any]) -> Any:
    """A type of the engine as Strawberry reads it; raises `TypeError` for what GraphQL cannot say."""
    if get_origin(hint) in (Union, UnionType):
        return reduce(or_, (translated(part, of_dataclass) for part in get_args(hint)))
    if get_origin(hint) is tuple and get_args(hint)[1:] == (...,):
        return list[translated(get_args(hint)[0], of_dataclass)]  # type: ignore[misc]
    if hint in SCALARS:
        return hint
    if hint is NoneType:
        return None
    return _translated_class(hint, of_dataclass)


def _translated_class(hint: Any, of_dataclass: Callable[[type], Any]) -> Any:
    if hint is UUID:
        return strawberry.ID
    if is_dataclass(hint):
        return of_dataclass(hint)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return words(hint)
    raise TypeError(f"{hint} has no face in GraphQL: use scalars, words, dataclasses, or tuples of one of them")


def descriptions(shape: type) -> dict[str, str]:
    """The strings below the fields of a class, by field."""
    body = ast.parse(textwrap.dedent(inspect.getsource(shape))).body[0].body  # type: ignore[attr-defined]
    return {
        field.target.id: told(below.value.value)
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def told(docstring: str | None) -> str:
    """A docstring in the words of GraphQL."""
    text = inspect.cleandoc(docstring or "").replace("None", "null")
    return re.sub(r"`(\w+)`", lambda name: f"`{to_camel_case(name[1])}`", text)


def _resolver(name: str, hint: Any, part: str | None) -> Any:
    """None where Strawberry's own way, an attribute of the parent, will do."""
    pointed = next((kind for kind in REFERENCES if kind in (hint, *get_args(hint))), None)
    if pointed is not None:
        return _follow(name, part, REFERENCES[pointed][1])
    if hint in FLOATS:
        return _rounded(name, part)
    return None if part is None else _attribute(name, part)


def _attribute(name: str, part: str) -> Callable[..., Any]:
    def resolve(parent: strawberry.Parent[Any]) -> Any:
        return getattr(getattr(parent, part), name)

    return resolve


def _rounded(name: str, part: str | None) -> Callable[..., Any]:
    def resolve(parent: strawberry.Parent[Any]) -> Any:
        value = getattr(parent if part is None else getattr(parent, part), name)
        return None if value is None else round(value, PLACES) + 0.0  # plus: no negative zero

    return resolve


def _follow(name: str, part: str | None, read: Callable[..., Mapping[UUID, Any]]) -> Callable[..., Any]:
    async def resolve(parent: strawberry.Parent[Any], info: Info) -> Any:
        reference = getattr(parent if part is None else getattr(parent, part), name)
        if reference is None:
            return None
        found = await info.context.loaders.find(read, reference.id)
        if found is None:
            raise NotFound("What this pointed to has been deleted.")
        return found

    return resolve
