"""How far today's users are from those that a model was trained on."""

from datetime import datetime
from typing import Any

import strawberry

from schema.answers import RecommendationCategory
from schema.enums import Severity
from store import tables


def _features(parent: strawberry.Parent[tables.DriftReport]) -> Any:
    return [
        FeatureDrift(feature=one["feature"], psi=one["psi"], sure=one["sure"], severity=Severity(one["severity"]))
        for one in parent.features
    ]


@strawberry.type(description="How far one feature has moved.")
class FeatureDrift:
    """One entry of a report's features."""

    feature: str
    psi: float = strawberry.field(description="Population stability index, less what chance alone would give.")
    sure: bool = strawberry.field(description="Whether chance does not explain it.")
    severity: Severity


@strawberry.type(description="How far the users of today are from those that a model was trained on.")
class DriftReport:
    """A row of `drift_reports`."""

    category: RecommendationCategory
    version: int = strawberry.field(description="The version in place when it was checked.")
    checked_at: datetime
    score: float
    severity: Severity
    features: list[FeatureDrift] = strawberry.field(resolver=_features)
    reference_rows: int
    current_rows: int
