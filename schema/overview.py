"""Over all categories: a summary, what to do next, and the list of what was recommended."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import strawberry

from engine.catalog import BY_NAME
from engine.enums import RecommendationStatus
from engine.errors import EngineError
from engine.overview.actions import once, prioritized
from engine.overview.summary import ExecutiveSummary, summary
from schema.answers import Recommendation, RecommendationCategory
from schema.connections import Walk
from schema.context import Context
from schema.enums import Priority
from store.advice import default_keys, health, recommendations
from store.advice.answers import Advice
from store.advice.recommendations import GivenRecommendation, Which
from store.errors import NotFound
from store.paging import check_first, cut, read_cursor, write_cursor

T = TypeVar("T")

SETTLED = frozenset({RecommendationStatus.DISMISSED, RecommendationStatus.COMPLETED, RecommendationStatus.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAction:
    """A recommendation and its place."""

    rank: int
    recommendation: GivenRecommendation

    @property
    def title(self) -> str:
        return self.recommendation.title

    @property
    def category(self) -> str:
        return self.recommendation.category

    @property
    def priority(self) -> Priority:
        return self.recommendation.priority

    @property
    def annual_impact(self) -> Decimal | None:
        return self.recommendation.annual_impact


@strawberry.type(description="A recommendation in its place among all, the worthiest first.")
class PrioritizedAction:
    """A `RankedAction`."""

    rank: int
    title: str
    category: RecommendationCategory
    priority: Priority
    annual_impact: Decimal | None = strawberry.field(
        description="Money a year that this is worth, where it can be told."
    )
    recommendation: Recommendation


async def actions(context: Context, user_id: UUID, categories: Sequence[str] | None, first: int) -> list[RankedAction]:
    """What to do next, from the chosen categories or all."""
    rows = check_first(first)
    ranked = prioritized(_open(await advised(context, user_id, categories)))
    return [RankedAction(rank=rank, recommendation=one) for rank, one in enumerate(ranked[:rows], start=1)]


async def glance(context: Context, user_id: UUID, categories: Sequence[str] | None) -> ExecutiveSummary:
    """The household at a glance, from the chosen categories or all."""
    found = await advised(context, user_id, categories)
    score = await context.loaders.find(health, user_id, today=context.today)
    if score is None:
        raise NotFound("There is no such user.")
    return summary(score, {one.category: one.answer for one in found}, prioritized(_open(found)))


async def advised(context: Context, user_id: UUID, categories: Iterable[str] | None) -> list[Advice]:
    """Advice of the categories or all; one for which there is too little data is left out, and no error here."""
    keys = default_keys([user_id], BY_NAME if categories is None else categories)
    outcomes = await asyncio.gather(*map(context.loaders.advice.load, keys), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, EngineError):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Advice)]


async def walk_recommendations(context: Context, user_id: UUID, *, which: Which, first: int, after: str | None) -> Walk:
    """What a user was recommended, newest first; before the first page what has gone stale is computed."""
    rows = check_first(first)
    cursor = None if after is None else read_cursor(after, float, int, float, str, str)
    if cursor is None:
        await advised(context, user_id, which.categories)
    given = await context.loaders.load(
        recommendations.listed, user_id, vault=context.vault, which=which, now=context.now
    )
    behind = [one for one in given if cursor is None or recommendations.position(one) > cursor]
    return Walk(
        page=cut(behind, rows),
        cursor=lambda row: write_cursor(*recommendations.position(row)),
        count=lambda: _known(len(given)),
        any_before=lambda: _known(len(behind) < len(given)),
    )


def _open(found: Iterable[Advice]) -> list[GivenRecommendation]:
    """Without what the user has settled, and without its doubles: what was dismissed is not told by another."""
    given = once([one for advice in found for one in advice.recommendations])
    return [one for one in given if one.status not in SETTLED]


async def _known(value: T) -> T:
    return value
