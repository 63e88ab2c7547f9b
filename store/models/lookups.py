"""What is known of many models and jobs at once, each read one statement, for the loaders of the API."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text, tuple_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from engine.learning.metrics import Metric
from store.models.versions import name_of
from store.tables import DriftReport, ModelVersion

Number = tuple[str, int | None]
"""A category and the number of one of its versions; None is the rule that answers without one."""

Made = TypeVar("Made", ModelVersion, DriftReport)


def versions_of(session: Session, categories: Collection[str]) -> dict[str, list[ModelVersion]]:
    """All versions of each category, the newest first."""
    found: dict[str, list[ModelVersion]] = {category: [] for category in categories}
    listed = select(ModelVersion).where(col(ModelVersion.category).in_(categories))
    for version in session.exec(listed.order_by(col(ModelVersion.version).desc())):
        found[version.category].append(version)
    return found


def versions_by_number(session: Session, numbers: Collection[Number]) -> dict[Number, ModelVersion]:
    """The versions of these numbers."""
    place = tuple_(col(ModelVersion.category), col(ModelVersion.version))
    found = session.exec(select(ModelVersion).where(place.in_(numbers)))
    return {(version.category, version.version): version for version in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Since when a version answers, or the rules do (None), who put it in place, and whether for the first time."""

    version: int | None
    at: datetime
    actor: str
    is_first: bool

    @property
    def told(self) -> str:
        """For the audit log."""
        if self.version is None:
            return "rules"
        return f"version {self.version}{', never in place before' if self.is_first else ''}"


def placements(session: Session, categories: Collection[str]) -> dict[str, Placement]:
    """What was put in place last, by category; nothing where rules have answered ever since."""
    found = session.connection().execute(text(_PLACEMENTS), {"categories": list(categories)})
    return {
        row.category: Placement(version=row.version, at=row.at, actor=row.actor, is_first=row.is_first) for row in found
    }


def results_of(session: Session, runs: Collection[UUID]) -> dict[UUID, list[ModelVersion]]:
    """The versions that each job made, by category."""
    return _made_by(session, runs, ModelVersion, col(ModelVersion.version))


def drift_reports_of(session: Session, runs: Collection[UUID]) -> dict[UUID, list[DriftReport]]:
    """The reports that each job made, by category."""
    return _made_by(session, runs, DriftReport, col(DriftReport.checked_at))


def figures_of(session: Session, versions: Collection[Number]) -> dict[Number, list[Metric]]:
    """What was measured last of each version, by the name of the metric."""
    names = {name_of(*version): version for version in versions}
    found: dict[Number, list[Metric]] = {version: [] for version in versions}
    for row in session.connection().execute(text(_FIGURES), {"names": list(names)}):
        baseline = None if row.baseline_value is None else float(row.baseline_value)
        found[names[row.model_name]].append(
            Metric(name=row.metric_name, value=float(row.metric_value), baseline=baseline)
        )
    return found


def _made_by(session: Session, runs: Collection[UUID], table: type[Made], order: Mapped[Any]) -> dict[UUID, list[Made]]:
    listed = select(table).where(col(table.job_id).in_(runs)).order_by(col(table.category), order)
    found: dict[UUID, list[Made]] = {run: [] for run in runs}
    for row in session.exec(listed):
        if row.job_id is not None:
            found[row.job_id].append(row)
    return found


_PLACEMENTS = """
SELECT DISTINCT ON (category) category, version, at, actor, version IS NOT NULL AND NOT EXISTS (
    SELECT FROM model_promotions AS other
    WHERE other.category = this.category AND other.version = this.version AND (other.at, other.id) < (this.at, this.id)
) AS is_first
FROM model_promotions AS this WHERE category = ANY(:categories) ORDER BY category, at DESC, id DESC
"""

_FIGURES = """
SELECT DISTINCT ON (model_name, metric_name) model_name, metric_name, metric_value, baseline_value
FROM ml_model_performance WHERE model_name = ANY(:names)
ORDER BY model_name, metric_name, recorded_at DESC, id DESC
"""
