"""The audit log, newest first."""

from datetime import datetime

import strawberry

from schema.connections import PageInfo, Walk
from schema.context import VIEW, Context
from store import audit, tables
from store.audit import Sought
from store.paging import check_first, read_cursor, write_cursor


def _hash(parent: strawberry.Parent[tables.AuditEntry]) -> str:
    return parent.hash.hex()


@strawberry.type(description="Who did what to whom.")
class AuditEntry:
    """A row of `audit_log`."""

    id: strawberry.ID
    at: datetime
    actor: str
    action: str
    subject: strawberry.ID
    detail: str | None
    hash: str = strawberry.field(resolver=_hash, description="Hash over this entry and the one before it.")


@strawberry.type(description="A row of a page, with the cursor of its place.")
class AuditEdge:
    """A `schema.connections.Step`."""

    node: AuditEntry
    cursor: str


@strawberry.type(description="A page of the audit log; it is not counted, since it grows with each view.")
class AuditConnection:
    """A `schema.connections.Walk`."""

    edges: list[AuditEdge]
    page_info: PageInfo


async def walk_audit(context: Context, sought: Sought, *, first: int, after: str | None) -> Walk:
    """What was done, to one subject or at all; that somebody looked is an entry too."""
    rows = check_first(first)
    cursor = None if after is None else read_cursor(after, int)[0]
    context.audit(VIEW, sought.subject or "audit_log", detail="audit_log")
    return Walk(
        page=await context.run(lambda session: audit.list_entries(session, sought, first=rows, after=cursor)),
        cursor=lambda entry: write_cursor(entry.sequence),
        any_before=None
        if cursor is None
        else lambda: context.run(lambda session: audit.any_entry_until(session, sought, cursor)),
    )
