"""The audit log: who did what to whom, in a chain of hashes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, select

from store.ids import uuid7
from store.paging import Page, cut
from store.tables import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be written down: `subject` is the id of the user (or model, job) that it was done to."""

    actor: str
    action: str
    subject: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries are asked for: all that agree with what is given."""

    subject: str | None = None
    actor: str | None = None
    action: str | None = None


def append(session: Session, deeds: Sequence[Deed]) -> None:
    """Chains the deeds to the log; the last statement before the commit, since others wait for it until then."""
    if not deeds:
        return
    entries = [{"id": str(uuid7()), **asdict(deed)} for deed in deeds]
    session.connection().execute(text("SELECT audit_append(CAST(:entries AS jsonb))"), {"entries": json.dumps(entries)})


def list_entries(session: Session, sought: Sought, *, first: int, after: int | None = None) -> Page[AuditEntry]:
    """The newest first, at most `first` before the number `after`."""
    listed = select(AuditEntry).where(*_is(sought)).order_by(col(AuditEntry.sequence).desc()).limit(first + 1)
    if after is not None:
        listed = listed.where(col(AuditEntry.sequence) < after)
    return cut(session.exec(listed).all(), first)


def any_entry_until(session: Session, sought: Sought, cursor: int) -> bool:
    """Whether a page behind this cursor has entries before it."""
    found = select(AuditEntry.sequence).where(*_is(sought), col(AuditEntry.sequence) >= cursor).limit(1)
    return session.exec(found).one_or_none() is not None


def _is(sought: Sought) -> list[ColumnElement[bool]]:
    wanted = {"subject": sought.subject, "actor": sought.actor, "action": sought.action}
    return [getattr(AuditEntry, name) == value for name, value in wanted.items() if value is not None]


def newest(session: Session) -> AuditEntry | None:
    """The last entry; its hash, noted elsewhere, shows later whether the log was cut behind it."""
    return session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc()).limit(1)).one_or_none()


def first_broken(session: Session, last: int | None = None) -> UUID | None:
    """The first entry whose hash or number does not follow from the one before; None where the chain holds.

    Among all entries, or the last so many.
    """
    return session.connection().execute(text(_FIRST_BROKEN), {"last": last}).scalar()


_FIRST_BROKEN = """
WITH bounds AS (SELECT max(sequence) - coalesce(CAST(:last AS bigint), max(sequence)) AS before FROM audit_log)
SELECT id FROM (
    SELECT entry.id, entry.sequence, entry.hash, audit_hash(lag(entry.hash) OVER chain, entry) AS expected,
           coalesce(lag(entry.sequence) OVER chain, 0) + 1 AS number
    FROM audit_log AS entry WHERE entry.sequence >= (SELECT before FROM bounds)
    WINDOW chain AS (ORDER BY entry.sequence)
) AS checked
WHERE sequence > (SELECT before FROM bounds) AND (hash <> expected OR sequence <> number)
ORDER BY sequence LIMIT 1
"""
