"""Jobs: what was asked for, how far it has come, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from engine.catalog import BY_NAME, TRAINERS
from schema.admin.drift import DriftReport
from schema.admin.versions import ModelVersion
from schema.answers import RecommendationCategory
from schema.connections import Walk
from schema.context import Context, Info
from schema.enums import JobKind, RunStatus, TrainingEnding
from store import tables
from store.errors import BadInput
from store.jobs import runs
from store.models import lookups
from store.models.endings import endings_in
from store.paging import check_first, read_cursor, write_cursor


def _categories(parent: strawberry.Parent[tables.Job]) -> Any:
    return [name for name in parent.arguments.get("categories", ()) if name in BY_NAME]


async def _results(parent: strawberry.Parent[tables.Job], info: Info) -> Any:
    return await info.context.loaders.load(lookups.results_of, parent.id)


async def _drift_reports(parent: strawberry.Parent[tables.Job], info: Info) -> Any:
    return await info.context.loaders.load(lookups.drift_reports_of, parent.id)


def _endings(parent: strawberry.Parent[tables.Job]) -> Any:
    told = endings_in(parent.result) if parent.kind == JobKind.TRAINING else []
    return [ending for ending in told if ending.category in BY_NAME]


@strawberry.type(description="What a training came to in one category.")
class CategoryEnding:
    """A `store.models.endings.CategoryEnding`."""

    category: RecommendationCategory
    ending: TrainingEnding
    reason: str
    version: int | None
    required: int | None
    available: int | None


@strawberry.type(description="A job: a training, a drift check, the scoring of all users, ...")
class TrainingRun:
    """A row of `jobs`."""

    id: strawberry.ID
    kind: JobKind
    status: RunStatus
    attempts: int
    categories: list[RecommendationCategory] = strawberry.field(resolver=_categories)
    progress: float = strawberry.field(description="0 to 1.")
    stage: str | None
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    results: list[ModelVersion] = strawberry.field(
        resolver=_results, description="The versions that it trained, promoted or not."
    )
    endings: list[CategoryEnding] = strawberry.field(
        resolver=_endings,
        description="Of a training: what it came to in each category that it is done with, whatever became of the run.",
    )
    drift_reports: list[DriftReport] = strawberry.field(resolver=_drift_reports)
    error_code: str | None
    error_message: str | None


async def walk_runs(context: Context, *, first: int, after: str | None) -> Walk:
    """All jobs, newest first."""
    rows = check_first(first)
    cursor = None if after is None else read_cursor(after, datetime.fromisoformat, UUID)
    return Walk(
        page=await context.run(lambda session: runs.list_runs(session, first=rows, after=cursor)),
        cursor=lambda job: write_cursor(job.requested_at, job.id),
        count=lambda: context.run(runs.count_runs),
        any_before=(lambda: context.run(lambda session: runs.any_run_until(session, cursor))) if cursor else None,
    )


def trained(categories: Sequence[RecommendationCategory] | None) -> list[str]:
    """The names of the categories, of all that train where None; raises `BadInput` for one that does not."""
    if categories is None:
        return list(TRAINERS)
    if not categories:
        raise BadInput("categories", "categories must name at least one: leave it out for all that train.")
    for place, category in enumerate(categories):
        if category.value not in TRAINERS:
            where = f"categories[{place}]"
            raise BadInput(where, f"{where} must not be {category.name}: it fits the market, not people. Leave it out.")
    return list(dict.fromkeys(category.value for category in categories))
