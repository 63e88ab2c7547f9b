"""Two versions side by side: a share of the users is answered by a challenger."""

from datetime import datetime
from typing import Any

import strawberry

from schema.admin.versions import ModelVersion
from schema.answers import RecommendationCategory
from schema.context import Info
from store import tables
from store.models.lookups import versions_by_number


async def _champion(parent: strawberry.Parent[tables.Experiment], info: Info) -> Any:
    return await info.context.loaders.load(versions_by_number, (parent.category, parent.champion))


async def _challenger(parent: strawberry.Parent[tables.Experiment], info: Info) -> Any:
    return await info.context.loaders.load(versions_by_number, (parent.category, parent.challenger))


@strawberry.type(description="A comparison of two versions on users drawn by a stable hash.")
class Experiment:
    """A row of `experiments`."""

    id: strawberry.ID
    category: RecommendationCategory
    champion: ModelVersion = strawberry.field(resolver=_champion, description="The champion when it began.")
    challenger: ModelVersion = strawberry.field(resolver=_challenger)
    challenger_share: float
    started_at: datetime
    concluded_at: datetime | None
    champion_score: float | None
    challenger_score: float | None
    probability_better: float | None = strawberry.field(description="That the challenger is better.")
    samples: int = strawberry.field(description="Users of both versions of whom an outcome is known.")
