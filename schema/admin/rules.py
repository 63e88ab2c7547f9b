"""What answers without a model, and how it keeps its word."""

from typing import Any

import strawberry

from schema.admin.versions import CALIBRATION, CalibrationBin, Metric
from schema.context import Info
from store.ledger.scores import calibrations
from store.models.lookups import figures_of


async def _metrics(parent: strawberry.Parent[str], info: Info) -> Any:
    return await info.context.loaders.load(figures_of, (parent, None))


async def _calibration(parent: strawberry.Parent[str], info: Info) -> Any:
    return await info.context.loaders.load(calibrations, (parent, None), info.context.today)


@strawberry.type(description="The rules, solvers and base rates that answer where no version is in place.")
class Rule:
    """The name of a category."""

    metrics: list[Metric] = strawberry.field(resolver=_metrics, description="What the ledger measured last.")
    calibration: list[CalibrationBin] = strawberry.field(resolver=_calibration, description=CALIBRATION)
