"""How models do over time: one row a metric, beside the baseline that it has to beat."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlmodel import Session

from engine.metrics import Metric
from store.ids import uuid7


def record(session: Session, model_name: str, metrics: Iterable[Metric]) -> None:
    """Figures of `goal_optimization@3`, as of now by the clock of the database."""
    rows = [
        {"id": uuid7(), "model": model_name, "metric": each.name, "value": each.value, "baseline": each.baseline}
        for each in metrics
    ]
    if rows:
        session.connection().execute(text(_RECORD), rows)


_RECORD = """
INSERT INTO ml_model_performance (id, model_name, metric_name, metric_value, baseline_value, recorded_at)
VALUES (:id, :model, :metric, :value, :baseline, clock_timestamp())
"""
