"""The model of each category: how it does, and its versions."""

from datetime import datetime
from typing import Any

import strawberry

from engine.catalog import TRAINERS
from engine.enums import VersionStage
from schema.admin.rules import Rule
from schema.admin.versions import ModelVersion
from schema.answers import RecommendationCategory
from schema.context import Info
from schema.enums import ModelHealth
from store import tables
from store.models.lookups import placements, versions_of
from store.models.manifest import verdict
from store.monitoring.upkeep import Upkeep, upkeep_of


def _category(parent: strawberry.Parent[str]) -> Any:
    return parent


async def _health(parent: strawberry.Parent[str], info: Info) -> Any:
    return (await upkeep(info, parent)).health


async def _last_trained_at(parent: strawberry.Parent[str], info: Info) -> datetime | None:
    return (await upkeep(info, parent)).last_trained_at


async def _next_training_at(parent: strawberry.Parent[str], info: Info) -> datetime | None:
    return (await upkeep(info, parent)).next_training_at


async def _versions(parent: strawberry.Parent[str], info: Info) -> Any:
    return await info.context.loaders.load(versions_of, parent)


async def _champion(parent: strawberry.Parent[str], info: Info) -> Any:
    return await _in_place(info, parent)


async def _sentence(parent: strawberry.Parent[str], info: Info) -> str:
    if parent not in TRAINERS:
        return "It fits the market, not people: there is nothing to train."
    version, listed = await _in_place(info, parent), await info.context.loaders.load(versions_of, parent)
    placed = await info.context.loaders.find(placements, parent)
    if version is None or placed is None:
        taken = f", taken out by {placed.actor} on {placed.at:%Y-%m-%d}" if placed else ""
        waits = listed and listed[0].stage == VersionStage.CHALLENGER
        told = f" {_waiting(listed[0])}" if waits else ""
        return f"No version is in place{taken}: rules, solvers and base rates answer.{told}"
    first = " and never before" if placed.is_first and not version.proven else ""
    skill = "it has proven its skill on people held out" if version.proven else "it has not proven its skill"
    return f"Version {version.version} answers, put in place by {placed.actor} on {placed.at:%Y-%m-%d}{first}: {skill}."


def _waiting(version: tables.ModelVersion) -> str:
    why = verdict(version.manifest)
    return f"Version {version.version} was trained. {why}" if why else f"Version {version.version} waits."


@strawberry.type(description="What a category has learned; one model a category, whose name it bears.")
class Model:
    """The name of a category."""

    category: RecommendationCategory = strawberry.field(resolver=_category)
    health: ModelHealth = strawberry.field(
        resolver=_health, description="The worst that holds; portfolio rebalancing fits the market and has no versions."
    )
    champion: ModelVersion | None = strawberry.field(
        resolver=_champion, description="The version in place; null where rules, solvers and base rates answer."
    )
    sentence: str = strawberry.field(resolver=_sentence, description="Who answers, and why.")
    rule: Rule = strawberry.field(resolver=_category)
    versions: list[ModelVersion] = strawberry.field(resolver=_versions, description="The newest first.")
    last_trained_at: datetime | None = strawberry.field(resolver=_last_trained_at)
    next_training_at: datetime | None = strawberry.field(resolver=_next_training_at)


async def _in_place(info: Info, category: str) -> tables.ModelVersion | None:
    listed = await info.context.loaders.load(versions_of, category)
    return next((version for version in listed if version.stage == VersionStage.CHAMPION), None)


async def upkeep(info: Info, category: str) -> Upkeep:
    """How a category's model does; all of a request are read together."""
    return await info.context.loaders.load(upkeep_of, category)
