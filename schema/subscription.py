"""What can be followed."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import strawberry

from schema.admin.runs import TrainingRun
from schema.checks import check_id
from schema.context import Info
from schema.enums import RunStatus
from schema.permissions import administrator
from store import jobs, tables

POLL_SECONDS = 0.5

GOING_ON = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})


async def _training_run(info: Info, id: strawberry.ID) -> AsyncGenerator[Any, None]:  # noqa: A002 - the contract's name
    """The job each time that it has changed; the last one has ended."""
    administrator(info)
    wanted = check_id("id", id)
    shown = None
    while True:
        run = await info.context.run(lambda session: jobs.find(session, wanted))
        if (state := _state(run)) != shown:
            shown = state
            info.context.forget()
            yield run
        if run.status not in GOING_ON:
            return
        await asyncio.sleep(POLL_SECONDS)


def _state(run: tables.Job) -> tuple[object, ...]:
    return run.status, run.attempts, run.progress, run.stage, run.error_code


@strawberry.type
class Subscription:
    """The root of all that is followed, over WebSocket alone."""

    training_run: Any = strawberry.subscription(
        resolver=_training_run, graphql_type=TrainingRun, description="Each change of a run until it ends."
    )
