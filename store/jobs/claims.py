"""Claims: the right to work on a job, given to one worker at a time and for a while.

Each claim has a fence number, one more than the claim before. Every statement of its holder asks for its own fence, so
that whoever lost the claim changes nothing. All times are the database's: a worker's clock may be wrong.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from store.errors import ClaimLost

MOST_ATTEMPTS = 3
MOST_WAITING = 100  # a sweep; the rest is found by the next one
LOST = "the job was cancelled or claimed anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is to be done, how often it was tried (this time included), and how far it came."""

    job_id: UUID
    fence: int
    kind: str
    arguments: Mapping[str, Any]
    attempts: int
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep found: claims that ran out (queued again, or dead), and jobs that nobody has started yet."""

    requeued: tuple[UUID, ...] = ()
    dead: tuple[UUID, ...] = ()
    waiting: tuple[UUID, ...] = ()


# --- the parent's side: claims, keeps, ends --------------------------------------------------------------------------


def claim(session: Session, job_id: UUID, *, lease_seconds: float) -> Claim | None:
    """The claim on a queued job, its attempt counted; None where it is not queued, or somebody takes it just now."""
    row = session.connection().execute(text(_CLAIM), {"id": job_id, "lease": lease_seconds}).one_or_none()
    return None if row is None else _claim(row)


def renew(session: Session, mine: Claim, *, lease_seconds: float) -> bool:
    """Prolongs the lease; False where the claim is lost."""
    return _change(session, mine, _RENEWED, lease=lease_seconds) is not None


def finish(session: Session, mine: Claim) -> bool:
    """The work is done; False where the claim is lost. What else the work leaves belongs into the same transaction."""
    return _change(session, mine, _FINISHED) is not None


def fail(session: Session, mine: Claim, *, code: str, message: str) -> bool:
    """The work cannot be done, now or later; False where the claim is lost."""
    return _change(session, mine, _FAILED, code=code, message=message) is not None


def retry(session: Session, mine: Claim, *, code: str, message: str) -> str | None:
    """The attempt failed: QUEUED again, or DEAD after the last one; None where the claim is lost."""
    return _change(session, mine, _RETRIED, code=code, message=message, most=MOST_ATTEMPTS)


def release(session: Session, mine: Claim) -> bool:
    """Gives the job back for another worker; the attempt does not count. False where the claim is lost."""
    return _change(session, mine, _RELEASED) is not None


# --- the child's side: works -----------------------------------------------------------------------------------------


def held(session: Session, job_id: UUID, fence: int) -> Claim:
    """The claim of this fence; raises `ClaimLost` where it is not the job's any more."""
    row = session.connection().execute(text(_HELD), {"id": job_id, "fence": fence}).one_or_none()
    if row is None:
        raise ClaimLost(LOST)
    return _claim(row)


def advance(
    session: Session,
    mine: Claim,
    *,
    progress: float,
    stage: str,
    cursor: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Notes how far the work has come, as the last statement of the transaction that got it there.

    The entries of `result` come to those that the job has, in the place of what was under the same names.

    The row stays locked from here to the commit: either that work is committed under this claim, or the claim had been
    lost, `ClaimLost` is raised and nothing is written.
    """
    values = {"stage": stage, "cursor": cursor, "result": json.dumps(dict(result or {}))}
    if _change(session, mine, _ADVANCED, progress=round(min(max(progress, 0.0), 1.0), 4), **values) is None:
        raise ClaimLost(LOST)


# --- what was left behind --------------------------------------------------------------------------------------------


def sweep(session: Session, *, queued_seconds: float, grace_seconds: float) -> Swept:
    """Ends claims whose lease ran out and finds jobs that have been waiting for long; one sweep at a time.

    No lease ends within `grace_seconds` of a start of the server: while it was away nobody could renew one.
    """
    if not session.connection().execute(text(_ONE_SWEEP)).scalar():
        return Swept()
    expired = session.connection().execute(text(_EXPIRE), {"most": MOST_ATTEMPTS, "grace": grace_seconds}).all()
    waiting = session.connection().execute(text(_WAITING), {"seconds": queued_seconds, "most": MOST_WAITING})
    return Swept(
        requeued=tuple(row.id for row in expired if row.status == "QUEUED"),
        dead=tuple(row.id for row in expired if row.status == "DEAD"),
        waiting=tuple(waiting.scalars()),
    )


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        job_id=row.id,
        fence=row.fence,
        kind=row.kind,
        arguments=row.arguments,
        attempts=row.attempts,
        cursor=row.cursor,
    )


def _change(session: Session, mine: Claim, changes: str, **values: Any) -> str | None:
    """The job's status after the change; None where the claim is lost."""
    statement = f"UPDATE jobs SET {changes} WHERE {_MINE} RETURNING status"  # noqa: S608 - constants of this module
    found = session.connection().execute(text(statement), {"id": mine.job_id, "fence": mine.fence, **values})
    status: str | None = found.scalar()
    return status


# --- statements ------------------------------------------------------------------------------------------------------

_CLAIM = """
UPDATE jobs SET
    status = 'RUNNING', fence = fence + 1, attempts = attempts + 1,
    lease_until = clock_timestamp() + :lease * interval '1 second',
    started_at = coalesce(started_at, clock_timestamp())
WHERE id = (SELECT id FROM jobs WHERE id = :id AND status = 'QUEUED' FOR UPDATE SKIP LOCKED)
RETURNING id, fence, kind, arguments, attempts, cursor
"""

_MINE = "id = :id AND fence = :fence AND status = 'RUNNING'"

_HELD = f"SELECT id, fence, kind, arguments, attempts, cursor FROM jobs WHERE {_MINE}"  # noqa: S608 - as above

_RENEWED = "lease_until = clock_timestamp() + :lease * interval '1 second'"

_ADVANCED = """
    progress = :progress, stage = :stage, cursor = coalesce(:cursor, cursor), result = result || CAST(:result AS jsonb)
"""

_FINISHED = """
    status = 'SUCCEEDED', progress = 1, lease_until = NULL, finished_at = clock_timestamp(),
    error_code = NULL, error_message = NULL
"""

_FAILED = """
    status = 'FAILED', lease_until = NULL, finished_at = clock_timestamp(),
    error_code = :code, error_message = :message
"""

_TRIED = """
    status = CASE WHEN attempts < :most THEN 'QUEUED' ELSE 'DEAD' END,
    finished_at = CASE WHEN attempts < :most THEN NULL ELSE clock_timestamp() END,
    lease_until = NULL
"""

_RETRIED = f"{_TRIED}, error_code = :code, error_message = :message"

_RELEASED = "status = 'QUEUED', attempts = attempts - 1, lease_until = NULL"

_ONE_SWEEP = "SELECT pg_try_advisory_xact_lock(hashtext('finrec.sweep'))"

_EXPIRE = f"""
UPDATE jobs SET {_TRIED},
    error_code = 'LEASE_EXPIRED', error_message = 'The worker of attempt ' || attempts || ' stopped answering.'
WHERE id IN (
    SELECT id FROM jobs
    WHERE status = 'RUNNING' AND lease_until < clock_timestamp()
      AND pg_postmaster_start_time() < clock_timestamp() - :grace * interval '1 second'
    FOR UPDATE SKIP LOCKED
)
RETURNING id, status
"""  # noqa: S608 - as above

_WAITING = """
SELECT id FROM jobs
WHERE status = 'QUEUED' AND requested_at < clock_timestamp() - :seconds * interval '1 second'
ORDER BY requested_at, id LIMIT :most
"""
