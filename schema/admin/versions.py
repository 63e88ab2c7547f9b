"""A trained version of a model: where it stands, how well it does, and what it looks at."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import strawberry

from schema.context import Info
from schema.enums import VersionStage
from store.ledger.scores import calibrations
from store.models.lookups import figures_of, versions_by_number
from store.models.manifest import importance, metrics, verdict

CALIBRATION = "Ten bins, of what the ledger has judged in the last year: what was said, and how often it came."


async def _metrics(parent: strawberry.Parent[Any], info: Info) -> Any:
    """What was measured last under each name; the bars, and what was never measured again, are the training's."""
    trained = {one.name: one for one in metrics(parent.manifest)}
    measured = await info.context.loaders.load(figures_of, (parent.category, parent.version))
    bars = {name: one.bar for name, one in trained.items()}
    return list((trained | {one.name: replace(one, bar=bars.get(one.name)) for one in measured}).values())


async def _calibration(parent: strawberry.Parent[Any], info: Info) -> Any:
    return await info.context.loaders.load(calibrations, (parent.category, parent.version), info.context.today)


def _feature_importance(parent: strawberry.Parent[Any]) -> Any:
    shares = importance(parent.manifest)
    return [FeatureImportance(feature=feature, importance=share) for feature, share in shares.items()]


async def _verdict(parent: strawberry.Parent[Any], info: Info) -> str | None:
    """From the row: an answer's version has the manifest of the artifact, which was written before the verdict."""
    row = await info.context.loaders.load(versions_by_number, (parent.category, parent.version))
    return verdict(row.manifest)


@strawberry.type(description="One figure of a model, beside what it has to beat.")
class Metric:
    """An `engine.learning.metrics.Metric`."""

    name: str
    value: float
    baseline: float | None
    bar: float | None = strawberry.field(description="The bar that the model must meet.")
    meets_bar: bool | None


@strawberry.type(description="A tenth of the chances that can be said, and what came of those that were.")
class CalibrationBin:
    """An `engine.ledger.score.CalibrationBin`."""

    low: float
    high: float
    number: int = strawberry.field(description="How often a chance from low to high was said and could be judged.")
    said: float | None = strawberry.field(description="The mean of these chances; null where there are none.")
    came: float | None = strawberry.field(description="The share that came; near said where the model keeps its word.")


@strawberry.type(description="How much a feature moves the answers of a model.")
class FeatureImportance:
    """A share of a version's manifest."""

    feature: str
    importance: float


@strawberry.type(description="A trained version of a category's model.")
class ModelVersion:
    """A row of `model_versions`."""

    version: int
    stage: VersionStage
    checksum: str = strawberry.field(description="SHA-256 of the artifact.")
    trained_at: datetime
    training_users: int
    proven: bool = strawberry.field(
        description="Whether it beat the rule on people held out with 95 % confidence, and harmed no group of them."
    )
    verdict: str | None = strawberry.field(
        resolver=_verdict, description="Why the training put it in place, or why not."
    )
    metrics: list[Metric] = strawberry.field(resolver=_metrics, description="On people held out, and since then.")
    calibration: list[CalibrationBin] = strawberry.field(resolver=_calibration, description=CALIBRATION)
    feature_importance: list[FeatureImportance] = strawberry.field(
        resolver=_feature_importance, description="Shares that sum to 1, the greatest first."
    )
