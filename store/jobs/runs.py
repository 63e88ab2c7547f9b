"""Jobs as administrators see them: page by page, and how many wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text, tuple_
from sqlmodel import Session, col, select

from store.paging import Page, cut
from store.tables import Job
from store.tables.operations import JobKind

Position = tuple[datetime, UUID]
"""When a job was requested, and its id: the key that the list is ordered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """How many jobs of a kind wait for their first attempt, for another one, or were given up."""

    queue: str
    waiting: int
    delayed: int
    dead: int


def list_runs(session: Session, *, first: int, after: Position | None = None) -> Page[Job]:
    """The newest first, at most `first` behind `after`."""
    ordered = select(Job).order_by(col(Job.requested_at).desc(), col(Job.id).desc()).limit(first + 1)
    place = tuple_(col(Job.requested_at), col(Job.id))
    rows: Sequence[Job] = session.exec(ordered if after is None else ordered.where(place < after)).all()
    return cut(rows, first)


def any_run_until(session: Session, cursor: Position) -> bool:
    """Whether a page behind this cursor has jobs before it."""
    place = tuple_(col(Job.requested_at), col(Job.id))
    return session.exec(select(Job.id).where(place >= cursor).limit(1)).one_or_none() is not None


def count_runs(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Job)).one()


def queue_depths(session: Session) -> list[QueueDepth]:
    """One for each kind of job."""
    found = session.connection().execute(text(_DEPTHS), {"kinds": [kind.value for kind in JobKind]})
    return [
        QueueDepth(queue=row.kind.lower(), waiting=row.waiting, delayed=row.delayed, dead=row.dead) for row in found
    ]


_DEPTHS = """
SELECT wanted.kind,
       count(*) FILTER (WHERE status = 'QUEUED' AND attempts = 0) AS waiting,
       count(*) FILTER (WHERE status = 'QUEUED' AND attempts > 0) AS delayed,
       count(*) FILTER (WHERE status = 'DEAD') AS dead
FROM unnest(CAST(:kinds AS text[])) WITH ORDINALITY AS wanted (kind, place) LEFT JOIN jobs ON jobs.kind = wanted.kind
GROUP BY wanted.kind, wanted.place ORDER BY wanted.place
"""
