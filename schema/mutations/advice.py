"""Advice computed anew, and what users do with it."""

from typing import Any

import strawberry

from engine.catalog import BY_NAME
from engine.enums import RecommendationStatus
from engine.errors import EngineError
from schema.answers import RecommendationCategory
from schema.connections import known
from schema.context import Info
from schema.enums import Interaction
from schema.mutations.writing import write
from schema.permissions import household, row_id
from store import advice
from store.advice import recommendations


async def refresh_recommendations(
    info: Info, user_id: strawberry.ID, categories: list[RecommendationCategory] | None = strawberry.UNSET
) -> Any:
    """Computes all categories, or those named; one that cannot be told is an error only where it is named."""
    user = await household(info, "userId", user_id)
    named = known(categories)
    names = list(BY_NAME) if named is None else [category.value for category in named]
    keys = advice.default_keys([user.id], names)
    vault, shelf, now = info.context.vault, info.context.shelf, info.context.now
    outcomes = await write(info, user.id, lambda session: advice.refresh(session, vault, shelf, keys, now))
    for outcome in outcomes:
        if isinstance(outcome, Exception) and (named or not isinstance(outcome, EngineError)):
            raise outcome
    info.context.audit("refresh_recommendations", user.id, detail=",".join(names))
    return user


async def record_interaction(info: Info, recommendation_id: strawberry.ID, interaction: Interaction) -> Any:
    """Notes what the user did with a recommendation."""
    wanted = row_id(info, "recommendationId", recommendation_id)
    vault, status = info.context.vault, RecommendationStatus(interaction.value)
    given = await write(
        info, wanted, lambda session: recommendations.record_interaction(session, vault, wanted, status)
    )
    info.context.audit("record_interaction", given.user_id, detail=f"{interaction.value} {wanted}")
    return given
