"""How models do over time: one row a metric, beside the baseline that it has to beat."""

import math
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from engine.learning.metrics import Metric
from engine.monitoring.retraining import Change
from store.ids import uuid7
from store.tables import MlModelPerformance

MOST_POINTS = 1000
LARGEST = 9_999_999.99999999  # NUMERIC(15,8)
LEAST_JUDGED = 100
NO_MERIT = ["ledger_judged", "ledger_unknown", "ledger_followed"]
"""Figures that say nothing of how good the model is."""


def record(session: Session, model_name: str, metrics: Iterable[Metric]) -> None:
    """Figures of `goal_optimization@3`, as of now by the clock of the database; what is no number is left out."""
    rows = [
        {"id": uuid7(), "model": model_name, "metric": each.name, "value": value, "baseline": _kept(each.baseline)}
        for each in metrics
        if (value := _kept(each.value)) is not None
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
    """Of each metric that was measured more than once: what it was at first, and what it is now.

    Figures of the ledger begin with the day on which it had judged enough promises to tell.
    """
    rows = session.connection().execute(text(_CHANGES), {"name": model_name, "least": LEAST_JUDGED, "not": NO_MERIT})
    return tuple(Change(metric=row.metric_name, was=float(row.was), now=float(row.now)) for row in rows)


def _kept(value: float | None) -> float | None:
    """What the column can hold."""
    return None if value is None or not math.isfinite(value) else min(max(value, -LARGEST), LARGEST)


_CHANGES = r"""
SELECT metric_name,
       (array_agg(metric_value ORDER BY recorded_at, id))[1] AS was,
       (array_agg(metric_value ORDER BY recorded_at DESC, id DESC))[1] AS now
FROM ml_model_performance
WHERE model_name = :name AND metric_name <> ALL(:not) AND (metric_name NOT LIKE 'ledger\_%' OR recorded_at >= (
    SELECT min(recorded_at) - interval '1 minute' FROM ml_model_performance
    WHERE model_name = :name AND metric_name = 'ledger_judged' AND metric_value >= :least
))
GROUP BY metric_name HAVING count(*) > 1 ORDER BY metric_name
"""

_RECORD = """
INSERT INTO ml_model_performance (id, model_name, metric_name, metric_value, baseline_value, recorded_at)
VALUES (:id, :model, :metric, :value, :baseline, clock_timestamp())
"""
