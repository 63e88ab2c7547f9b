"""One job from its claim to its end: starts the child, keeps lease and limits, and alone finishes."""

import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from store.jobs import claims, doorbell
from store.jobs.claims import Claim
from store.monitoring.alerts import alert_dead, alert_limit
from store.session import transaction
from workers.group import Group, Outcome, started
from workers.log import Patience
from workers.pace import LIMITS, MIB, MINUTE, Limit, Pace

CHILD = (sys.executable, "-m", "workers.child")
WATCH_SECONDS = 0.1
AGAIN_SECONDS = 1.0

PASSED = frozenset({"TIME_LIMIT", "MEMORY_LIMIT"})
STOPPED, LOST = Outcome(ended="STOPPED"), Outcome(ended="LOST")
LEVELS = {"SUCCEEDED": logging.INFO, "QUEUED": logging.WARNING, None: logging.WARNING}

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Runs jobs until `stopping` is set; then gives the running one back."""

    engine: Engine
    stopping: Event
    patience: Patience
    pace: Pace = field(default_factory=Pace)
    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)
    child: tuple[str, ...] = CHILD

    def run(self, job_id: UUID) -> None:
        """Does the job if it waits to be done; a doorbell for any other job changes nothing."""
        claim = None if self.stopping.is_set() else self._claim(job_id)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(job=str(job_id), kind=claim.kind, fence=claim.fence):
            LOG.info("job claimed", attempt=claim.attempts)
            with started(self.child, claim) as group:
                outcome = self._watch(claim, group) or group.outcome()
                used = {"seconds": round(group.seconds, 1), "peak_mib": group.peak_bytes // MIB}
            self._insist(lambda: self._end(claim, outcome, used))

    def _claim(self, job_id: UUID) -> Claim | None:
        with self.patience, transaction(self.engine) as session:
            return claims.claim(session, job_id, lease_seconds=self.pace.lease_seconds)
        return None

    def _watch(self, claim: Claim, group: Group) -> Outcome | None:
        """Why the child has to be killed; None where it ended by itself."""
        beat = time.monotonic()
        while not group.ended():
            if self.stopping.wait(WATCH_SECONDS):
                return STOPPED
            if breach := _breach(self.limits[claim.kind], group):
                return breach
            if time.monotonic() - beat > self.pace.beat_seconds:
                beat = time.monotonic()
                if not self._renew(claim):
                    return LOST
        return None

    def _renew(self, claim: Claim) -> bool:
        """While the database is away nobody else can claim the job, and the child can write nothing."""
        with self.patience, transaction(self.engine) as session:
            return claims.renew(session, claim, lease_seconds=self.pace.lease_seconds)
        return True

    def _end(self, claim: Claim, outcome: Outcome, used: Mapping[str, float]) -> None:
        with transaction(self.engine, everyone=True) as session:
            status = self._conclude(session, claim, outcome)
        _tell(outcome, status, used)
        if outcome is STOPPED and status:  # what crashed waits for a sweep, so that it does not crash in a circle
            doorbell.ring(claim.job_id)

    def _conclude(self, session: Session, claim: Claim, outcome: Outcome) -> str | None:
        """The status that the job is left in; None where the claim is lost."""
        match outcome.ended:
            case "DONE":
                return "SUCCEEDED" if claims.finish(session, claim) else None
            case "FAILED":
                if not claims.fail(session, claim, code=outcome.code, message=outcome.message):
                    return None
                if outcome.code in PASSED:
                    alert_limit(session, claim.job_id)
                return "FAILED"
            case "CRASHED":
                status = claims.retry(session, claim, code=outcome.code, message=outcome.message)
                if status == "DEAD":
                    alert_dead(session, claim.job_id)
                return status
            case "STOPPED":
                return "QUEUED" if claims.release(session, claim) else None
            case _:
                return None

    def _insist(self, write: Callable[[], None]) -> None:
        """Until the database takes it; on the way out once, since the lease ends by itself."""
        while True:
            with self.patience:
                return write()
            if self.stopping.wait(AGAIN_SECONDS):
                return None


def _breach(limit: Limit, group: Group) -> Outcome | None:
    """A limit that was passed once would be passed again: FAILED, not tried again."""
    if group.seconds > limit.seconds:
        message = f"The work took longer than {limit.seconds / MINUTE:g} minutes and was ended."
        return Outcome(ended="FAILED", code="TIME_LIMIT", message=message)
    if group.resident_bytes() > limit.memory_bytes:
        message = f"The work needed more than {limit.memory_bytes / MIB:.0f} MiB of memory and was ended."
        return Outcome(ended="FAILED", code="MEMORY_LIMIT", message=message)
    return None


def _tell(outcome: Outcome, status: str | None, used: Mapping[str, float]) -> None:
    told = {"error_code": outcome.code, "error": outcome.message} if outcome.message else dict(outcome.result)
    LOG.log(LEVELS.get(status, logging.ERROR), "job left" if status else "claim lost", status=status, **used, **told)
