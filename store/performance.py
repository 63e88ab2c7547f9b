"""How models do over time: one row a metric, beside the baseline that it has to beat."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from engine.metrics import Metric
from engine.retraining import Change
from store.ids import uuid7
from store.tables import MlModelPerformance

MOST_POINTS = 1000


def record(session: Session, model_name: str, metrics: Iterable[Metric]) -> None:
    """Figures of `goal_optimization@3`, as of now by the clock of the database."""
    rows = [
        {"id": uuid7(), "model": model_name, "metric": each.name, "value": each.value, "baseline": each.baseline}
        for each in metrics
    ]
    if rows:
        session.connection().execute(text(_RECORD), rows)


def series(session: Session, category: str, metric: str | None, last: int) -> Sequence[MlModelPerformance]:
    """The last figures of a category, of all its versions, oldest first; of one metric or of all."""
    points = select(MlModelPerformance).where(
        col(MlModelPerformance.model_name).startswith(f"{category}@", autoescape=True)
    )
    if metric is not None:
        points = points.where(MlModelPerformance.metric_name == metric)
    newest = points.order_by(col(MlModelPerformance.recorded_at).desc(), col(MlModelPerformance.id).desc())
    return session.exec(newest.limit(min(max(last, 0), MOST_POINTS))).all()[::-1]


def changes(session: Session, model_name: str) -> tuple[Change, ...]:
    """Of each metric that was measured more than once: what it was at first, and what it is now."""
    rows = session.connection().execute(text(_CHANGES), {"name": model_name})
    return tuple(Change(metric=row.metric_name, was=float(row.was), now=float(row.now)) for row in rows)


_CHANGES = """
SELECT metric_name,
       (array_agg(metric_value ORDER BY recorded_at, id))[1] AS was,
       (array_agg(metric_value ORDER BY recorded_at DESC, id DESC))[1] AS now
FROM ml_model_performance WHERE model_name = :name
GROUP BY metric_name HAVING count(*) > 1 ORDER BY metric_name
"""

_RECORD = """
INSERT INTO ml_model_performance (id, model_name, metric_name, metric_value, baseline_value, recorded_at)
VALUES (:id, :model, :metric, :value, :baseline, clock_timestamp())
"""
