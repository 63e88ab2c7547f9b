"""Keyset pages: a cursor names the row that a page ended with, so rows that come and go shift nothing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Row

from store.errors import BadInput

T = TypeVar("T")

PAGE_ROWS = 100
"""The most rows of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list, and whether more follow."""

    rows: tuple[T, ...]
    has_next: bool


def cut(rows: Sequence[T], first: int) -> Page[T]:
    """A page of rows of which one more than `first` was asked for."""
    return Page(rows=tuple(rows[:first]), has_next=len(rows) > first)


def cut_each(rows: Iterable[Row[Any]], owners: Collection[UUID], owner: str, first: int) -> dict[UUID, Page[Row[Any]]]:
    """A page an owner, named by this column, of rows of which one more than `first` was asked for of each."""
    found: dict[UUID, list[Row[Any]]] = {each: [] for each in owners}
    for row in rows:
        found[getattr(row, owner)].append(row)
    return {each: cut(own, first) for each, own in found.items()}


def check_first(first: int) -> int:
    """How many rows are asked for; raises `BadInput` outside 1 to 100."""
    if not 1 <= first <= PAGE_ROWS:
        raise BadInput("first", f"first must be between 1 and {PAGE_ROWS}.")
    return first


def write_cursor(*key: object) -> str:
    """An opaque name for the row with this key."""
    return urlsafe_b64encode(json.dumps([str(part) for part in key]).encode()).decode()


def read_cursor(cursor: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The key behind a cursor, read with one kind a part; raises `BadInput` for what is no cursor of this list."""
    try:
        parts = json.loads(urlsafe_b64decode(cursor.encode()))
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput("after", "after is no cursor of this list: pass the endCursor of the page before.") from error
