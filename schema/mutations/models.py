"""Versions put in place, compared, and alerts acknowledged."""

from typing import Any

import strawberry
from sqlmodel import Session

from schema.answers import RecommendationCategory
from schema.context import Info
from schema.mutations.writing import write
from schema.permissions import administrator, row_id
from store.models import experiments, registry
from store.models.lookups import Placement, placements
from store.monitoring import alerts

BY_HAND = "by hand"


async def promote_model(info: Info, category: RecommendationCategory, version: int) -> Any:
    """Puts a version in place."""
    actor, name = administrator(info).subject, category.value
    placed = await write(
        info, name, lambda session: registry.promote(session, name, version, actor=actor, reason=BY_HAND)
    )
    info.context.audit("promote_model", placed.category, detail=f"version {placed.version}")
    return placed.category


async def rollback_model(info: Info, category: RecommendationCategory, version: int) -> Any:
    """Puts an earlier version in place."""
    actor, name = administrator(info).subject, category.value

    def go_back(session: Session) -> Placement:
        registry.rollback(session, name, version, actor=actor, reason=BY_HAND)
        return placements(session, [name])[name]

    placed = await write(info, name, go_back)
    info.context.audit("rollback_model", name, detail=placed.told)
    return name


async def serve_rules(info: Info, category: RecommendationCategory) -> Any:
    """Takes the version out of place."""
    actor, name = administrator(info).subject, category.value
    await write(info, name, lambda session: registry.serve_rules(session, name, actor=actor, reason=BY_HAND))
    info.context.audit("rollback_model", name, detail="rules")
    return name


async def start_experiment(
    info: Info, category: RecommendationCategory, challenger_version: int, challenger_share: float
) -> Any:
    """Sends a share of the users to a challenger."""
    actor, name = administrator(info).subject, category.value
    made = await write(
        info,
        name,
        lambda session: experiments.start(session, name, challenger_version, challenger_share, actor=actor),
    )
    told = f"{made.id}: version {made.challenger} against {made.champion} for {made.challenger_share:g}"
    info.context.audit("start_experiment", made.category, detail=told)
    return made


async def conclude_experiment(info: Info, id: strawberry.ID, promote: bool) -> Any:  # noqa: A002 - the contract's name
    """Ends an experiment."""
    actor = administrator(info).subject
    wanted = row_id(info, "id", id)
    ended = await write(info, wanted, lambda session: experiments.conclude(session, wanted, promote, actor=actor))
    info.context.audit("conclude_experiment", ended.category, detail=f"{ended.id}: {ended.conclusion}")
    return ended


async def acknowledge_alert(info: Info, id: strawberry.ID) -> Any:  # noqa: A002 - the contract's name
    """Closes an alert; its cause may raise another one."""
    actor = administrator(info).subject
    wanted = row_id(info, "id", id)
    alert = await write(info, wanted, lambda session: alerts.acknowledge(session, wanted, by=actor))
    info.context.audit("acknowledge_alert", alert.id, detail=alert.cause)
    return alert
