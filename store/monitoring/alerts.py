"""Alerts: what an administrator should know. One open alert a cause: not raised again until it is acknowledged."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from engine.enums import Severity
from store.errors import NotFound
from store.ids import uuid7
from store.jobs import find
from store.tables import Alert

MOST_SHOWN = 500


def raise_alert(
    session: Session, *, severity: Severity, category: str | None, cause: str, title: str, description: str
) -> Alert | None:
    """The new alert; None where one of this cause is open. Its texts leave the house: no personal data in them."""
    values = {
        "id": uuid7(),
        "severity": severity.value,
        "category": category,
        "cause": cause,
        "title": title,
        "description": description,
    }
    made = session.connection().execute(text(_RAISE), values).scalar()
    return None if made is None else session.get(Alert, made)


def alert_dead(session: Session, job_id: UUID) -> Alert | None:
    """That a job was given up; one alert a kind of job, without the error's text, which may say whom it was about."""
    job = find(session, job_id)
    return raise_alert(
        session,
        severity=Severity.CRITICAL,
        category=None,
        cause=f"dead/{job.kind}",
        title=f"A job of the kind {job.kind} was given up",
        description=f"Job {job.id} failed {job.attempts} times, at last with {job.error_code}.",
    )


def acknowledge(session: Session, alert_id: UUID, *, by: str) -> Alert:
    """Closes the alert; the first who acknowledged it stays. Raises `NotFound`."""
    session.connection().execute(text(_ACKNOWLEDGE), {"id": alert_id, "by": by})
    alert = session.get(Alert, alert_id, populate_existing=True)
    if alert is None:
        raise NotFound("There is no alert of this id.")
    return alert


def alerts(session: Session, acknowledged: bool | None = None) -> Sequence[Alert]:
    """The newest first; all, or those that were (not) acknowledged."""
    listed = select(Alert).order_by(col(Alert.raised_at).desc(), col(Alert.id).desc()).limit(MOST_SHOWN)
    if acknowledged is not None:
        at = col(Alert.acknowledged_at)
        listed = listed.where(at.is_not(None) if acknowledged else at.is_(None))
    return session.exec(listed).all()


_RAISE = """
INSERT INTO alerts (id, severity, category, cause, title, description, raised_at)
VALUES (:id, :severity, :category, :cause, :title, :description, clock_timestamp())
ON CONFLICT (cause) WHERE acknowledged_at IS NULL DO NOTHING
RETURNING id
"""

_ACKNOWLEDGE = """
UPDATE alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = :by
WHERE id = :id AND acknowledged_at IS NULL
"""
