"""Long lists, page by page: Relay's connections over keyset cursors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from store.paging import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row and the name of its place."""

    node: Any
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A page on its way out; what costs another statement is asked only where it is selected."""

    page: Page[Any]
    cursor: Callable[[Any], str]
    any_before: Callable[[], Awaitable[bool]] | None
    """None on a first page."""
    count: Callable[[], Awaitable[int]] | None = None
    """None for a list that is not counted."""

    @property
    def edges(self) -> list[Step]:
        return [Step(node=row, cursor=self.cursor(row)) for row in self.page.rows]

    @property
    def page_info(self) -> "Walk":
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.cursor(self.page.rows[0]) if self.page.rows else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursor(self.page.rows[-1]) if self.page.rows else None

    @property
    def has_next_page(self) -> bool:
        return self.page.has_next


async def _has_previous_page(parent: strawberry.Parent[Walk]) -> bool:
    return parent.any_before is not None and await parent.any_before()


async def _total_count(parent: strawberry.Parent[Walk]) -> int:
    return 0 if parent.count is None else await parent.count()


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """A `Walk`."""

    has_next_page: bool
    has_previous_page: bool = strawberry.field(resolver=_has_previous_page)
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A row of a page, with the cursor of its place.")
class Edge(Generic[T]):
    """A `Step`."""

    node: T
    cursor: str


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A `Walk`."""

    edges: list[Edge[T]]
    page_info: PageInfo
    total_count: int = strawberry.field(resolver=_total_count)


def known(value: T | None) -> T | None:
    """None where an argument was left out."""
    return None if value is strawberry.UNSET else value
