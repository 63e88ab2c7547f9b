"""Jobs: asked for, and stopped."""

from collections.abc import Sequence
from typing import Any

import strawberry

from schema.admin.runs import trained
from schema.answers import RecommendationCategory
from schema.connections import known
from schema.context import Info
from schema.enums import JobKind, RunStatus
from schema.mutations.writing import write
from schema.permissions import administrator, row_id
from store import jobs, tables
from store.errors import Conflict


async def train_models(
    info: Info, categories: list[RecommendationCategory] | None = strawberry.UNSET, retrain: bool = False
) -> Any:
    """Asks for a training."""
    return await _request(info, JobKind.TRAINING, known(categories), retrain=retrain)


async def detect_drift(info: Info, categories: list[RecommendationCategory] | None = strawberry.UNSET) -> Any:
    """Asks for a drift check."""
    return await _request(info, JobKind.DRIFT, known(categories))


async def cancel_run(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the contract's name
    """Stops a job that has not ended."""
    administrator(info)
    wanted = row_id(info, "id", id)
    run = await write(info, wanted, lambda session: jobs.cancel(session, wanted))
    if run.status != RunStatus.CANCELLED:
        raise Conflict(f"This run has ended before: it is {run.status}.")
    info.context.audit("cancel_run", run.id)
    return run


async def _request(
    info: Info, kind: JobKind, categories: Sequence[RecommendationCategory] | None, **more: Any
) -> tables.Job:
    actor = administrator(info).subject
    names = trained(categories)
    arguments = {"categories": names, **more}
    run = await write(info, kind, lambda session: jobs.request(session, kind, arguments, requested_by=actor))
    info.context.audit(_ACTIONS[kind], run.id, detail=",".join(names))
    return run


_ACTIONS = {JobKind.TRAINING: "train_models", JobKind.DRIFT: "detect_drift"}
