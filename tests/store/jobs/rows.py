"""Jobs in the states that tests need."""

from uuid import UUID

from sqlalchemy import Engine

from store import jobs
from store.jobs import claims
from store.jobs.claims import Claim
from store.session import transaction
from store.tables import Job


def requested(engine: Engine, key: str | None = None) -> UUID:
    with transaction(engine) as session:
        return jobs.request(session, "SCORING", {"batch": 5}, requested_by="test", idempotency_key=key).id


def claimed(engine: Engine, job_id: UUID, lease_seconds: float = 60) -> Claim:
    with transaction(engine) as session:
        claim = claims.claim(session, job_id, lease_seconds=lease_seconds)
    assert claim is not None
    return claim


def swept(engine: Engine, queued_seconds: float = 0, grace_seconds: float = 0) -> claims.Swept:
    with transaction(engine) as session:
        return claims.sweep(session, queued_seconds=queued_seconds, grace_seconds=grace_seconds)


def found(engine: Engine, job_id: UUID) -> Job:
    with transaction(engine) as session:
        return jobs.find(session, job_id)
