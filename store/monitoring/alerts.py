"""Alerts: what an administrator should know.

One open alert a cause: it is not raised again until it was acknowledged, or its cause was over in between.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from engine.enums import Severity
from store.errors import NotFound
from store.ids import uuid7
from store.jobs import find
from store.tables import Alert

MOST_SHOWN = 500
ARTIFACT = "artifact:"
"""What the causes of artifacts that cannot be used begin with."""


def raise_alert(
    session: Session,
    *,
    severity: Severity,
    category: str | None,
    cause: str,
    title: str,
    description: str,
    model_name: str | None = None,
) -> Alert | None:
    """The new alert; None where one of this cause is open. Its texts leave the house: no personal data in them.

    One about how a version does (`model_name`) is over at the latest when that version answers nobody any more.
    """
    values = {
        "id": uuid7(),
        "severity": severity.value,
        "category": category,
        "cause": cause,
        "title": title,
        "description": description,
        "model": model_name,
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


def alert_limit(session: Session, job_id: UUID) -> Alert | None:
    """That a job passed a limit of time or memory, which nobody who waits for it may see; one alert a kind of job."""
    job = find(session, job_id)
    return raise_alert(
        session,
        severity=Severity.WARNING,
        category=None,
        cause=f"limit/{job.kind}",
        title=f"A job of the kind {job.kind} passed its limit",
        description=f"Job {job.id} is not tried again ({job.error_code}). {job.error_message}",
    )


def settle(session: Session, model_name: str, *, holding: Collection[str]) -> None:
    """Of what was raised about how a version does, all but these causes is over; what is just being sent stays."""
    session.connection().execute(text(_SETTLE), {"model": model_name, "holding": list(holding)})


def settle_artifacts(session: Session, categories: Collection[str]) -> set[str]:
    """What was raised about artifacts of these categories is over; those of which an alert is just being sent stay."""
    values = {"categories": list(categories), "causes": f"{ARTIFACT}%"}
    return set(session.connection().execute(text(_SETTLE_ARTIFACTS), values).scalars())


def settle_replaced(session: Session) -> None:
    """What was raised about versions that answer nobody any more is over; what is just being sent, by the next call."""
    session.connection().execute(text(_SETTLE_REPLACED))


def acknowledge(session: Session, alert_id: UUID, *, by: str) -> Alert:
    """Closes the alert; the first who acknowledged it stays. Raises `NotFound`."""
    session.connection().execute(text(_ACKNOWLEDGE), {"id": alert_id, "by": by})
    alert = session.get(Alert, alert_id, populate_existing=True)
    if alert is None:
        raise NotFound("There is no alert of this id.")
    return alert


def open_alerts(session: Session) -> Sequence[Alert]:
    """What nobody has acknowledged and is not over, the newest first."""
    still = (col(Alert.acknowledged_at).is_(None), col(Alert.resolved_at).is_(None))
    return session.exec(_newest_first().where(*still)).all()


def alerts(session: Session, acknowledged: bool | None = None) -> Sequence[Alert]:
    """The newest first; all, or those that were (not) acknowledged."""
    listed = _newest_first()
    if acknowledged is not None:
        at = col(Alert.acknowledged_at)
        listed = listed.where(at.is_not(None) if acknowledged else at.is_(None))
    return session.exec(listed).all()


def _newest_first() -> SelectOfScalar[Alert]:
    return select(Alert).order_by(col(Alert.raised_at).desc(), col(Alert.id).desc()).limit(MOST_SHOWN)


_RAISE = """
INSERT INTO alerts (id, severity, category, cause, title, description, model_name, raised_at)
VALUES (:id, :severity, :category, :cause, :title, :description, :model, clock_timestamp())
ON CONFLICT (cause) WHERE acknowledged_at IS NULL AND resolved_at IS NULL DO NOTHING
RETURNING id
"""

_SETTLE = """
UPDATE alerts SET resolved_at = clock_timestamp() WHERE id IN (
    SELECT id FROM alerts
    WHERE acknowledged_at IS NULL AND resolved_at IS NULL AND model_name = :model AND cause <> ALL(:holding)
    FOR UPDATE SKIP LOCKED
)
"""

_SETTLE_ARTIFACTS = """
WITH wanted AS (
    SELECT id, category FROM alerts
    WHERE acknowledged_at IS NULL AND resolved_at IS NULL AND category = ANY(:categories) AND cause LIKE :causes
), closed AS (
    UPDATE alerts SET resolved_at = clock_timestamp()
    WHERE id IN (SELECT id FROM alerts WHERE id IN (SELECT id FROM wanted) FOR UPDATE SKIP LOCKED)
    RETURNING id
)
SELECT category FROM wanted WHERE id NOT IN (SELECT id FROM closed)
"""

_SETTLE_REPLACED = """
UPDATE alerts SET resolved_at = clock_timestamp() WHERE id IN (
    SELECT id FROM alerts
    WHERE acknowledged_at IS NULL AND resolved_at IS NULL AND model_name IS NOT NULL AND model_name <> ALL(
        SELECT category || '@' || version FROM model_versions WHERE stage = 'CHAMPION'
        UNION ALL
        SELECT category || '@' || challenger FROM experiments WHERE concluded_at IS NULL
    )
    FOR UPDATE SKIP LOCKED
)
"""

_ACKNOWLEDGE = """
UPDATE alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = :by
WHERE id = :id AND acknowledged_at IS NULL
"""
