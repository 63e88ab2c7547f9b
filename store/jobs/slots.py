"""Schedule slots: each due time of a schedule is a row, so that it happens once, whoever finds it due."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from store import jobs
from store.tables import Job

EPOCH = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday, so that weeks begin on one


def latest_time(every: timedelta, at: timedelta, now: datetime) -> datetime:
    """The latest slot up to now, of slots `at` after the beginning of each period in UTC."""
    return EPOCH + at + (now - EPOCH - at) // every * every


def next_time(every: timedelta, at: timedelta, now: datetime) -> datetime:
    """The first slot behind now."""
    return latest_time(every, at, now) + every


def last_slot(session: Session, name: str) -> datetime | None:
    """The latest slot of the schedule that was taken; None where there is none yet."""
    slot: datetime | None = session.connection().execute(text(_LAST), {"name": name}).scalar()
    return slot


def take(session: Session, name: str, slot: datetime, kind: str, arguments: Mapping[str, Any]) -> Job | None:
    """Requests the job of a slot, in one transaction with the slot; None where another scheduler has the slot.

    Where that one has not committed yet, this waits for its end: a slot of a scheduler that dies is free again.
    """
    taken = session.connection().execute(text(_TAKE), {"name": name, "slot": slot})
    if taken.rowcount == 0:
        return None
    job = jobs.request(session, kind, arguments, requested_by="schedule", idempotency_key=f"{name}@{slot.isoformat()}")
    session.connection().execute(text(_TAKEN_FOR), {"name": name, "slot": slot, "job": job.id})
    return job


_LAST = "SELECT max(slot) FROM schedule_slots WHERE name = :name"

_TAKE = """
INSERT INTO schedule_slots (name, slot, created_at) VALUES (:name, :slot, clock_timestamp())
ON CONFLICT (name, slot) DO NOTHING
"""

_TAKEN_FOR = "UPDATE schedule_slots SET job_id = :job WHERE name = :name AND slot = :slot"
