"""What administrators may ask."""

from typing import Any

import strawberry

from schema.admin.audit import AuditConnection, walk_audit
from schema.admin.runs import TrainingRun, walk_runs
from schema.checks import check_id
from schema.connections import Connection, known
from schema.context import Info
from store import jobs
from store.errors import NotFound


async def _training_run(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the contract's name
    wanted = check_id("id", id)
    try:
        return await info.context.run(lambda session: jobs.find(session, wanted))
    except NotFound:
        return None


async def _training_runs(info: Info, first: int = 20, after: str | None = strawberry.UNSET) -> Any:
    return await walk_runs(info.context, first=first, after=known(after))


async def _audit_log(
    info: Info, user_id: strawberry.ID | None = strawberry.UNSET, first: int = 50, after: str | None = strawberry.UNSET
) -> Any:
    return await walk_audit(info.context, user_id=known(user_id), first=first, after=known(after))


@strawberry.type(description="Model management, for administrators.")
class Admin:
    """Stands for nothing by itself; who asks was checked before it is given out."""

    training_run: TrainingRun | None = strawberry.field(resolver=_training_run, description="Null where there is none.")
    training_runs: Connection[TrainingRun] = strawberry.field(
        resolver=_training_runs, description="Every job, not trainings alone; newest first."
    )
    audit_log: AuditConnection = strawberry.field(
        resolver=_audit_log, description="Newest first; of one user, or of everything."
    )
