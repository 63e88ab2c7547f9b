"""The arguments of a category's field: derived from the options of its recommender."""

import inspect
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_type_hints

import strawberry
from strawberry.utils.str_converters import to_camel_case

from schema.checks import check
from schema.face import descriptions, told, translated
from store.errors import BadInput


def parameters(options: type) -> list[inspect.Parameter]:
    """What a resolver takes, as Strawberry reads it from a signature."""
    hints = get_type_hints(options)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=_input(hints[field.name])
        )
        for field in fields(options)
    ]


def chosen(options: type, given: Mapping[str, Any], today: date, place: str = "") -> Any:
    """The options as the recommender takes them, checked; raises `BadInput` for what it refuses."""
    named = {name: value for name, value in given.items() if value is not strawberry.UNSET}
    hints = get_type_hints(options)
    try:
        return options(**{name: _taken(hints[name], name, value, today, place) for name, value in named.items()})
    except ValueError as error:
        where = place or to_camel_case(next(iter(named), ""))
        said = f"{where} {error}" if str(error).startswith("must ") else str(error)
        raise BadInput(where, f"{said}.") from error


@cache
def _asked(shape: type) -> type:
    hints, below = get_type_hints(shape), descriptions(shape)
    members = {
        field.name: strawberry.field(
            graphql_type=_input(hints[field.name]), default=_default(field), description=below.get(field.name)
        )
        for field in fields(shape)
    }
    return strawberry.input(type(shape.__name__, (), members), description=told(shape.__doc__))


def _input(hint: Any) -> Any:
    return translated(hint, _asked)


def _default(field: Field[Any]) -> Any:
    """What is not required but has no value of its own is left unset, so that GraphQL shows no default."""
    return strawberry.UNSET if field.default in (None, MISSING) else field.default


def _taken(hint: Any, name: str, value: Any, today: date, place: str) -> Any:
    where = ".".join(filter(None, (place, to_camel_case(name))))
    shape = next((part for part in (hint, *getattr(hint, "__args__", ())) if is_dataclass(part)), None)
    if value is not None and isinstance(shape, type):
        return chosen(shape, {field.name: getattr(value, field.name) for field in fields(shape)}, today, where)
    return check(where, name, value, today) if isinstance(value, Decimal) else value
