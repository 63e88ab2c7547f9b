"""What has had its time: answers to repeated requests, recommendations no longer valid, artifacts that do not count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from store.artifacts import Archive

RESPONSE_HOURS = 24
FORECAST_DAYS = 730
"""After it was judged; what it says of its model stays in the sums (`store.ledger.scores`)."""
AT_ONCE = 5000
"""Rows a transaction, so that none is locked for longer than a moment."""


def forget_responses(session: Session, now: datetime) -> int:
    """Deletes some of the answers that no repeated request gets any more; how many, 0 where none are left."""
    values = {"now": now, "hours": RESPONSE_HOURS, "most": AT_ONCE}
    return session.connection().execute(text(_FORGET), values).rowcount


def expire_recommendations(session: Session, now: datetime) -> int:
    """Ends some of the recommendations behind their validity; what the user decided on stays. 0 where none are left."""
    return session.connection().execute(text(_EXPIRE), {"now": now, "most": AT_ONCE}).rowcount


def forget_forecasts(session: Session, now: datetime) -> int:
    """Deletes some of the promises that were judged long ago; how many, 0 where none are left."""
    values = {"now": now, "days": FORECAST_DAYS, "most": AT_ONCE}
    return session.connection().execute(text(_FORGET_FORECASTS), values).rowcount


def remove_artifacts(session: Session, archive: Archive) -> int:
    """Deletes what attempts at a training left behind that did not count; how many."""
    paths = {path: _job(path) for path in archive.paths()}
    written = {path: job for path, job in paths.items() if job}
    values = {"paths": list(written), "jobs": list(written.values())}
    left = session.connection().execute(text(_LEFT), values).scalars().all()
    for path in left:
        archive.remove(path)
    return len(left)


def _job(path: str) -> UUID | None:
    """The job that an artifact is named for."""
    try:
        return UUID(path.partition("/")[2].rpartition("-")[0])
    except ValueError:
        return None


_FORGET = """
DELETE FROM idempotent_responses WHERE (viewer, key) IN (
    SELECT viewer, key FROM idempotent_responses
    WHERE created_at < :now - :hours * interval '1 hour' LIMIT :most FOR UPDATE SKIP LOCKED
)
"""

_EXPIRE = """
UPDATE ml_recommendations SET status = 'EXPIRED' WHERE id IN (
    SELECT id FROM ml_recommendations
    WHERE status IN ('ACTIVE', 'VIEWED') AND valid_until <= :now LIMIT :most FOR UPDATE SKIP LOCKED
)
"""

_FORGET_FORECASTS = """
DELETE FROM forecasts WHERE id IN (
    SELECT id FROM forecasts
    WHERE judged_at < :now - :days * interval '1 day' LIMIT :most FOR UPDATE SKIP LOCKED
)
"""

_LEFT = """
SELECT written.path FROM unnest(CAST(:paths AS text[]), CAST(:jobs AS uuid[])) AS written (path, job_id)
WHERE NOT EXISTS (SELECT FROM jobs WHERE id = written.job_id AND status IN ('QUEUED', 'RUNNING'))
  AND NOT EXISTS (SELECT FROM model_versions WHERE path = written.path)
"""
