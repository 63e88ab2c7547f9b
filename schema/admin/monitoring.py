"""The dashboard: drift, performance, what is due, what waits."""

from datetime import datetime
from typing import Any

import strawberry

from engine.catalog import BY_NAME
from schema.admin.alerts import Alert
from schema.admin.drift import DriftReport
from schema.admin.models import Model, upkeep
from schema.connections import known
from schema.context import Info
from store.errors import BadInput
from store.jobs import doorbell, runs
from store.models import performance
from store.monitoring import alerts


@strawberry.type(description="What was measured of a version at one time.")
class MetricPoint:
    """A row of `ml_model_performance`."""

    metric: str
    value: float
    baseline: float | None
    recorded_at: datetime
    version: int = strawberry.field(description="Of the model that was measured.")


@strawberry.type(description="Jobs that wait.")
class QueueDepth:
    """A `store.jobs.runs.QueueDepth`."""

    queue: str
    waiting: int
    delayed: int = strawberry.field(description="Waiting for another attempt.")
    dead: int = strawberry.field(description="Given up after three attempts.")


def _model(parent: strawberry.Parent[str]) -> Any:
    return parent


async def _drift(parent: strawberry.Parent[str], info: Info) -> Any:
    return (await upkeep(info, parent)).report


async def _retraining_due(parent: strawberry.Parent[str], info: Info) -> bool:
    return (await upkeep(info, parent)).retraining_due


async def _retraining_reason(parent: strawberry.Parent[str], info: Info) -> str | None:
    return (await upkeep(info, parent)).retraining_reason


async def _performance(
    parent: strawberry.Parent[str], info: Info, metric: str | None = strawberry.UNSET, last: int = 30
) -> Any:
    if not 1 <= last <= performance.MOST_POINTS:
        raise BadInput("last", f"last must be between 1 and {performance.MOST_POINTS}.")
    name = known(metric)
    rows = await info.context.run(lambda session: performance.series(session, parent, name, last))
    return [
        MetricPoint(
            metric=row.metric_name,
            value=float(row.metric_value),
            baseline=None if row.baseline_value is None else float(row.baseline_value),
            recorded_at=row.recorded_at,
            version=int(row.model_name.partition("@")[2]),
        )
        for row in rows
    ]


@strawberry.type(description="How one model does.")
class ModelMonitoring:
    """The name of a category."""

    model: Model = strawberry.field(resolver=_model)
    drift: DriftReport | None = strawberry.field(resolver=_drift, description="The last check of the version in place.")
    performance: list[MetricPoint] = strawberry.field(
        resolver=_performance, description="Of all versions, oldest first; of one metric, or of all."
    )
    retraining_due: bool = strawberry.field(resolver=_retraining_due)
    retraining_reason: str | None = strawberry.field(
        resolver=_retraining_reason,
        description="Why it is due, and why the last training left it out or failed, if so; null where none is due.",
    )


def _generated_at(info: Info) -> datetime:
    return info.context.now


def _models() -> Any:
    return list(BY_NAME)


async def _alerts(info: Info) -> Any:
    return await info.context.run(alerts.open_alerts)


async def _queues(info: Info) -> Any:
    return await info.context.run(runs.queue_depths)


async def _bells(info: Info) -> int | None:
    return await info.context.run(lambda _: doorbell.bells())


@strawberry.type(description="All that an administrator has to look after.")
class MonitoringDashboard:
    """Stands for nothing by itself."""

    generated_at: datetime = strawberry.field(resolver=_generated_at)
    models: list[ModelMonitoring] = strawberry.field(resolver=_models)
    alerts: list[Alert] = strawberry.field(
        resolver=_alerts, description="Those that nobody has acknowledged and whose cause is not over."
    )
    queues: list[QueueDepth] = strawberry.field(resolver=_queues, description="One for each kind of job.")
    bells: int | None = strawberry.field(
        resolver=_bells,
        description="Messages in Redis that no worker has fetched; null where it does not answer within a tenth of a "
        "second. They say that something waits, and may be lost or doubled: what waits is in queues.",
    )
