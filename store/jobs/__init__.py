"""Jobs: rows that say what is to be done; how one is worked on is in `store.jobs.claims`.

The row is what counts, and all times are the database's. Workers hear of it by a doorbell (`store.jobs.doorbell`).
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from store.errors import NotFound
from store.ids import uuid7
from store.jobs.doorbell import ring_after_commit
from store.tables import Job


def request(
    session: Session,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    requested_by: str,
    idempotency_key: str | None = None,
    job_id: UUID | None = None,
) -> Job:
    """A new job, or the one that was requested with this key before; the doorbell rings after the commit."""
    values = {
        "id": job_id or uuid7(),
        "kind": kind,
        "arguments": json.dumps(dict(arguments)),
        "key": idempotency_key,
        "requested_by": requested_by,
    }
    made = session.connection().execute(text(_REQUEST), values).scalar()
    if made is None:
        made = session.connection().execute(text(_REQUESTED), {"key": idempotency_key}).scalar_one()
    ring_after_commit(session, made)
    return find(session, made)


def find(session: Session, job_id: UUID) -> Job:
    """The job as it stands; raises `NotFound`."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFound("There is no job of this id.")
    return job


def cancel(session: Session, job_id: UUID) -> Job:
    """Ends a job that has not ended yet; whoever works on it is stopped within a beat and finishes nothing."""
    session.connection().execute(text(_CANCEL), {"id": job_id})
    return find(session, job_id)


_REQUEST = """
INSERT INTO jobs (id, kind, arguments, idempotency_key, status, attempts, fence, progress, requested_by, requested_at)
VALUES (:id, :kind, CAST(:arguments AS jsonb), :key, 'QUEUED', 0, 0, 0, :requested_by, clock_timestamp())
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING id
"""

_REQUESTED = "SELECT id FROM jobs WHERE idempotency_key = :key"

_CANCEL = """
UPDATE jobs SET status = 'CANCELLED', lease_until = NULL, finished_at = clock_timestamp()
WHERE id = :id AND status IN ('QUEUED', 'RUNNING')
"""
