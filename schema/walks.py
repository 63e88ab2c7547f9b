"""The lists of what is known that are walked page by page."""

from datetime import date
from uuid import UUID

from schema.connections import Walk
from schema.context import Context
from store import users
from store.households import sales, transactions
from store.paging import check_first, read_cursor, write_cursor


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


async def walk_sales(context: Context, account_id: UUID, *, first: int, after: str | None) -> Walk:
    """What was sold of an account's securities, the latest first."""
    load, rows = context.loaders.load, check_first(first)
    cursor = None if after is None else read_cursor(after, date.fromisoformat, UUID)
    return Walk(
        page=await load(sales.pages_of, account_id, first=rows, after=cursor),
        cursor=lambda row: write_cursor(row.sold, row.id),
        count=lambda: load(sales.counts_of, account_id),
        any_before=(lambda: load(sales.any_until, account_id, cursor=cursor)) if cursor else None,
    )
