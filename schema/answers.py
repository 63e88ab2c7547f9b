"""What every category answers with, and the recommendations that come of it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import strawberry

from engine.answers import ActionableItem, Contribution
from engine.catalog import RECOMMENDERS
from schema.admin.versions import ModelVersion
from schema.enums import AnswerBasis, Priority, RecommendationStatus
from schema.face import output
from store.advice.answers import Advice

if TYPE_CHECKING:
    RecommendationCategory = StrEnum
else:
    RecommendationCategory = strawberry.enum(
        StrEnum("RecommendationCategory", {one.name.upper(): one.name for one in RECOMMENDERS}),
        description="The categories of advice.",
    )


def _basis(parent: strawberry.Parent[Advice]) -> AnswerBasis:
    return parent.answer.basis


def _confidence(parent: strawberry.Parent[Advice]) -> float | None:
    return parent.answer.confidence


def _explanation(parent: strawberry.Parent[Advice]) -> Any:
    return parent.answer.explanation


@strawberry.type(description="One piece of advice.")
class Recommendation:
    """A `store.advice.recommendations.GivenRecommendation`."""

    id: strawberry.ID
    category: RecommendationCategory
    title: str
    description: str
    priority: Priority
    status: RecommendationStatus
    model_name: str = strawberry.field(description="Category and version of the model, or the rule, that made it.")
    confidence_score: float | None
    actionable_items: Any = strawberry.field(graphql_type=list[output(ActionableItem)])  # type: ignore[misc]
    created_at: datetime
    valid_until: datetime


@strawberry.interface(description="What every category answers with.")
class CategoryResult:
    """A `store.advice.answers.Advice`."""

    category: RecommendationCategory
    generated_at: datetime
    valid_until: datetime
    basis: AnswerBasis = strawberry.field(resolver=_basis, description="What the answer rests on most.")
    model: ModelVersion | None = strawberry.field(
        description="The version that answered; null where no trained model takes part."
    )
    confidence: float | None = strawberry.field(
        resolver=_confidence,
        description="Calibrated: of the answers given with 0.8, about 80 % hold. Null until outcomes or held-out data "
        "have shown it.",
    )
    recommendations: list[Recommendation]
    explanation: Any = strawberry.field(
        resolver=_explanation,
        graphql_type=list[output(Contribution)],  # type: ignore[misc]
        description="What moved this answer, the strongest first.",
    )
