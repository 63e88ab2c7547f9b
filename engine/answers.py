"""What every category answers with; each recommender extends `Answer` with its own columns.

The types are authored here and in the recommenders only: GraphQL and the stored JSON are derived from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from engine.enums import AnswerBasis, Priority

CENT = Decimal("0.01")


def money(amount: float) -> Decimal:
    """A float of the engine as an amount with two places, never a negative zero."""
    return Decimal(repr(round(float(amount), 2) + 0.0)).quantize(CENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRef:
    """Points to one of the user's goals."""

    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRef:
    """Points to one of the user's accounts."""

    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What moved an answer: `effect` is in the unit that the answer's description names."""

    feature: str
    value: float | None
    effect: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionableItem:
    """One step that the user can take."""

    title: str
    amount: Decimal | None = None
    due_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One piece of advice; `key` stays the same when the same advice is computed again.

    `annual_impact` is money after tax within a year of following it: interest spared, returns and matches earned, what
    comes back, need not be paid or is no longer missing. Money that is moved, or kept instead of spent, counts with
    what it earns where the plan puts it. None where that cannot be told, or where the worth is safety or being on time.
    """

    key: str
    title: str
    description: str
    priority: Priority
    confidence_score: float | None = None
    actionable_items: tuple[ActionableItem, ...] = ()
    annual_impact: Decimal | None = None
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every category says; `confidence` is None until outcomes or held-out data have shown it."""

    basis: AnswerBasis
    confidence: float | None
    recommendations: tuple[Recommendation, ...]
    explanation: tuple[Contribution, ...]
