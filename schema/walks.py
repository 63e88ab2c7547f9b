"""The lists that are walked page by page."""

from datetime import date, datetime
from uuid import UUID

from schema.connections import Walk
from schema.context import Context
from schema.overview import advised
from store import recommendations, users
from store.households import transactions
from store.pages import check_first, read_cursor, write_cursor
from store.recommendations import Which


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
    load, rows, now = context.loaders.load, check_first(first), context.now
    cursor = None if after is None else read_cursor(after, datetime.fromisoformat, UUID)
    if cursor is None:
        await advised(context, user_id, which.categories)
    return Walk(
        page=await load(
            recommendations.pages_of, user_id, vault=context.vault, which=which, first=rows, after=cursor, now=now
        ),
        cursor=lambda row: write_cursor(row.created_at, row.id),
        count=lambda: load(recommendations.counts_of, user_id, which=which, now=now),
        any_before=(lambda: load(recommendations.any_until, user_id, which=which, cursor=cursor, now=now))
        if cursor
        else None,
    )
