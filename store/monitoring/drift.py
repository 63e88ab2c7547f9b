"""Drift reports: what each check found of the version that was in place."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from engine.monitoring.drift import Drift, FeatureDrift
from store.tables import DriftReport


def write_report(
    session: Session, *, category: str, version: int, drift: Drift, at: datetime, job_id: UUID | None
) -> DriftReport:
    """The report of a check: all features, then the pairs that no longer move together as they did."""
    report = DriftReport(
        job_id=job_id,
        category=category,
        version=version,
        checked_at=at,
        score=drift.score,
        severity=drift.severity.value,
        features=[_entry(each) for each in (*drift.features, *drift.pairs)],
        reference_rows=drift.reference_rows,
        current_rows=drift.current_rows,
    )
    session.add(report)
    session.flush()
    return report


def latest_reports(session: Session, versions: Collection[tuple[str, int]]) -> dict[str, DriftReport]:
    """The last report of each of these versions, by category; one that was never checked has none."""
    place = tuple_(col(DriftReport.category), col(DriftReport.version))
    listed = (
        select(DriftReport)
        .ext(distinct_on(col(DriftReport.category)))
        .where(place.in_(versions))
        .order_by(col(DriftReport.category), col(DriftReport.checked_at).desc(), col(DriftReport.id).desc())
    )
    return {report.category: report for report in session.exec(listed)}


def _entry(each: FeatureDrift) -> dict[str, object]:
    return {"feature": each.feature, "psi": each.psi, "sure": each.sure, "severity": each.severity.value}
