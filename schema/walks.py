"""The lists that are walked page by page."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from schema.connections import Walk
from schema.context import Context
from schema.overview import advised
from store import users
from store.advice import recommendations
from store.advice.recommendations import Which
from store.households import transactions
from store.pages import check_first, cut, read_cursor, write_cursor

T = TypeVar("T")


async def walk_users(context: Context, *, first: int, after: str | None) -> Walk:
    """All users by id."""
    rows = check_first(first)
    cursor = None if after is None else read_cursor(after, UUID)[0]
    return Walk(
        page=await context.run(lambda session: users.list_users(session, first=rows, after=cursor)),
        cursor=lambda user: write_cursor(user.id),
        count=lambda: context.run(users.count_users),
        any_before=(lambda: context.run(lambda session: users.any_user_until(session, cursor))) if cursor else None,
    )


async def walk_transactions(context: Context, user_id: UUID, *, first: int, after: str | None) -> Walk:
    """A user's transactions, newest first."""
    load, rows = context.loaders.load, check_first(first)
    cursor = None if after is None else read_cursor(after, date.fromisoformat, UUID)
    return Walk(
        page=await load(transactions.pages_of, user_id, first=rows, after=cursor),
        cursor=lambda row: write_cursor(row.date, row.id),
        count=lambda: load(transactions.counts_of, user_id),
        any_before=(lambda: load(transactions.any_until, user_id, cursor=cursor)) if cursor else None,
    )


async def walk_recommendations(context: Context, user_id: UUID, *, which: Which, first: int, after: str | None) -> Walk:
    """What a user was recommended, newest first; before the first page what has gone stale is computed."""
    rows = check_first(first)
    cursor = None if after is None else read_cursor(after, float, int, float, str, str)
    if cursor is None:
        await advised(context, user_id, which.categories)
    given = await context.loaders.load(
        recommendations.listed, user_id, vault=context.vault, which=which, now=context.now
    )
    behind = [one for one in given if cursor is None or recommendations.position(one) > cursor]
    return Walk(
        page=cut(behind, rows),
        cursor=lambda row: write_cursor(*recommendations.position(row)),
        count=lambda: _known(len(given)),
        any_before=lambda: _known(len(behind) < len(given)),
    )


async def _known(value: T) -> T:
    return value
