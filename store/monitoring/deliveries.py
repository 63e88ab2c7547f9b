"""Which alerts are to be sent where, and which were: each once to each place, whoever sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from store.jobs.slots import latest_time

DIGEST_AT = timedelta(hours=8)
WARNINGS_EVERY = timedelta(days=1)
"""At eight in the morning, so at most a day after they were raised."""
DIGEST_EVERY = timedelta(days=7)
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An alert that is to be sent."""

    id: UUID
    severity: str
    title: str
    description: str


def take_due(session: Session, place: str, now: datetime) -> Sequence[Pending]:
    """What is to be sent to a place now: critical alerts at once, warnings daily, the rest weekly; locked.

    Nobody else sends them until this transaction ends; what was acknowledged or is over need not be told any more.
    """
    values = {
        "place": place,
        "daily": latest_time(WARNINGS_EVERY, DIGEST_AT, now),
        "weekly": latest_time(DIGEST_EVERY, DIGEST_AT, now),
        "most": MOST_AT_ONCE,
    }
    return [
        Pending(id=row.id, severity=row.severity, title=row.title, description=row.description)
        for row in session.connection().execute(text(_DUE), values)
    ]


def note_sent(session: Session, sent: Sequence[Pending], place: str, places: Sequence[str]) -> None:
    """These went to a place; delivered is what went to all of them."""
    values = {"ids": [each.id for each in sent], "place": place, "places": list(places)}
    session.connection().execute(text(_SENT), values)


_DUE = """
SELECT id, severity, title, description FROM alerts
WHERE delivered_at IS NULL AND acknowledged_at IS NULL AND resolved_at IS NULL AND :place <> ALL(delivered_to)
  AND (severity = 'CRITICAL' OR raised_at < CASE severity WHEN 'WARNING' THEN :daily ELSE :weekly END)
ORDER BY raised_at, id LIMIT :most FOR UPDATE SKIP LOCKED
"""

_SENT = """
UPDATE alerts SET
    delivered_to = array_append(delivered_to, CAST(:place AS text)),
    delivered_at = CASE
        WHEN array_append(delivered_to, CAST(:place AS text)) @> CAST(:places AS text[]) THEN clock_timestamp()
    END
WHERE id = ANY(:ids)
"""
