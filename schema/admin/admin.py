"""What administrators may ask."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import strawberry

from engine.catalog import BY_NAME
from schema.admin.alerts import Alert
from schema.admin.audit import AuditConnection, walk_audit
from schema.admin.experiments import Experiment
from schema.admin.models import Model
from schema.admin.monitoring import MonitoringDashboard
from schema.admin.runs import TrainingRun, walk_runs
from schema.admin.versions import ModelVersion
from schema.answers import RecommendationCategory
from schema.checks import check, check_id
from schema.connections import Connection, known
from schema.context import Info
from store import jobs
from store.audit import Sought
from store.errors import BadInput, NotFound
from store.models import experiments, registry
from store.monitoring import alerts


async def _training_run(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the contract's name
    wanted = check_id("id", id)
    try:
        return await info.context.run(lambda session: jobs.find(session, wanted))
    except NotFound:
        return None


async def _training_runs(info: Info, first: int = 20, after: str | None = strawberry.UNSET) -> Any:
    return await walk_runs(info.context, first=first, after=known(after))


def _models() -> Any:
    return list(BY_NAME)


def _model(category: RecommendationCategory) -> Any:
    return category.value


async def _served_version(
    info: Info, category: RecommendationCategory, user_id: strawberry.ID, at: datetime | None = strawberry.UNSET
) -> Any:
    user, when = check_id("userId", user_id), known(at) or info.context.now
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return await info.context.run(lambda session: registry.live_at(session, category.value, user, aware))


def _monitoring_dashboard() -> Any:
    return MonitoringDashboard()


async def _alerts(info: Info, acknowledged: bool | None = strawberry.UNSET) -> Any:
    which = known(acknowledged)
    return await info.context.run(lambda session: alerts.alerts(session, acknowledged=which))


async def _experiments(info: Info, category: RecommendationCategory | None = strawberry.UNSET) -> Any:
    which = category.value if category else None
    return await info.context.run(lambda session: experiments.experiments(session, which))


async def _audit_log(
    info: Info,
    user_id: strawberry.ID | None = strawberry.UNSET,
    first: int = 50,
    after: str | None = strawberry.UNSET,
    subject: strawberry.ID | None = strawberry.UNSET,
    actor: str | None = strawberry.UNSET,
    action: str | None = strawberry.UNSET,
) -> Any:
    user, texts = known(user_id), {"subject": known(subject), "actor": known(actor), "action": known(action)}
    sought = Sought(**{place: check(place, place, given, info.context.today) for place, given in texts.items()})
    if user is not None and sought.subject is not None:
        raise BadInput("subject", "subject must be left out where userId is given: a user is the subject.")
    if user is not None:
        sought = replace(sought, subject=str(check_id("userId", user)))
    return await walk_audit(info.context, sought, first=first, after=known(after))


@strawberry.type(description="Model management, for administrators.")
class Admin:
    """Stands for nothing by itself; who asks was checked before it is given out."""

    models: list[Model] = strawberry.field(resolver=_models, description="One for each category.")
    model: Model = strawberry.field(resolver=_model)
    served_version: ModelVersion | None = strawberry.field(
        resolver=_served_version,
        description="The version that answered a user at a time, the champion or the challenger of an experiment; now "
        "where no time is given. Null where rules answered.",
    )
    training_run: TrainingRun | None = strawberry.field(resolver=_training_run, description="Null where there is none.")
    training_runs: Connection[TrainingRun] = strawberry.field(
        resolver=_training_runs, description="Every job, not trainings alone; newest first."
    )
    monitoring_dashboard: MonitoringDashboard = strawberry.field(resolver=_monitoring_dashboard)
    alerts: list[Alert] = strawberry.field(resolver=_alerts, description="Newest first; all where not said which.")
    experiments: list[Experiment] = strawberry.field(resolver=_experiments, description="Newest first.")
    audit_log: AuditConnection = strawberry.field(
        resolver=_audit_log,
        description="Newest first; of one user or other subject (a job, an alert), one actor, one action, or of all.",
    )
