"""Engine dataclasses as GraphQL types, and options as arguments."""

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from engine.answers import AccountRef, GoalRef
from engine.recommender import Options
from schema.face import face
from schema.options import chosen, parameters
from schema.scalars import SCALARS
from store.errors import BadInput
from tests.households import TODAY


class Colour(StrEnum):
    """What it looks like."""

    RED = "RED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part; `unit_price` is None where it is free."""

    unit_price: Decimal | None
    """In the household's
    currency.
    """
    colours: tuple[Colour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What was measured."""

    share: float
    change: float | None


MEASURED = [Measure(share=0.1 + 0.2, change=-1e-17), Measure(share=1.0 / 3.0, change=None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole."""

    id: UUID
    made: date
    parts: tuple[Part, ...]
    spare: Part | None
    goal: GoalRef
    account: AccountRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    """Holds what GraphQL has no word for."""

    prices: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What if?"""

    monthly_budget: Decimal | None = None
    delay_months: int = 0
    """Put off by so many months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Options):
    """Arguments."""

    scenario: Scenario | None = None
    similar: int = 10

    def __post_init__(self) -> None:
        if self.similar < 1:
            raise ValueError("similar must be at least 1")


def resolve(**given: Any) -> str:
    return repr(chosen(Choices, given, TODAY))


resolve.__signature__ = inspect.signature(resolve).replace(parameters=parameters(Choices))  # type: ignore[attr-defined]


@strawberry.type
class Query:
    whole: face(Whole) | None = None  # type: ignore[valid-type]
    measures: list[face(Measure)] = strawberry.field(resolver=lambda: MEASURED)  # type: ignore[valid-type]
    chosen: str = strawberry.field(resolver=resolve)


SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))


def test_a_dataclass_is_shown_field_by_field() -> None:
    shown = SCHEMA.as_str()
    assert (
        '''"""A whole."""
type Whole {
  id: ID!
  made: Date!
  parts: [Part!]!
  spare: Part
  goal: Goal!
  account: Account
}'''
        in shown
    )


def test_floats_are_shown_without_the_noise_of_arithmetic() -> None:
    shown = SCHEMA.execute_sync("{ measures { share change } }").data
    assert shown is not None
    assert str(shown["measures"][0]) == "{'share': 0.3, 'change': 0.0}"
    assert shown["measures"][1] == {"share": 0.333333, "change": None}


def test_docstrings_are_told_in_the_words_of_graphql() -> None:
    assert '''"""A part; `unitPrice` is null where it is free."""
type Part {
  """
  In the household's
  currency.
  """
  unitPrice: Decimal
  colours: [Colour!]!
}''' in SCHEMA.as_str()


def test_a_dataclass_is_not_touched_by_being_shown() -> None:
    assert not hasattr(Part, "__strawberry_definition__")
    part = Part(unit_price=Decimal(1), colours=())
    assert replace(part, unit_price=None).unit_price is None


def test_what_graphql_cannot_say_is_refused_when_the_schema_is_made() -> None:
    with pytest.raises(TypeError, match=r"Mapping.* has no face in GraphQL"):
        face(Unsaid)


def test_options_are_arguments_with_their_defaults() -> None:
    shown = SCHEMA.as_str()
    assert "chosen(scenario: Scenario, similar: Int! = 10): String!" in shown
    assert (
        '''"""What if?"""
input Scenario {
  monthlyBudget: Decimal

  """Put off by so many months."""
  delayMonths: Int! = 0
}'''
        in shown
    )


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ("", Choices()),
        ("(similar: 3)", Choices(similar=3)),
        ("(scenario: null)", Choices()),
        ("(scenario: {})", Choices(scenario=Scenario())),
        ('(scenario: { monthlyBudget: "1E2" })', Choices(scenario=Scenario(monthly_budget=Decimal("100.00")))),
        ("(scenario: { delayMonths: 2, monthlyBudget: null })", Choices(scenario=Scenario(delay_months=2))),
    ],
)
def test_arguments_become_the_options_of_the_engine(arguments: str, options: Choices) -> None:
    result = asyncio.run(SCHEMA.execute(f"{{ chosen{arguments} }}"))
    assert (result.errors, result.data) == (None, {"chosen": repr(options)})


@pytest.mark.parametrize(
    ("arguments", "field"),
    [("(similar: 0)", "similar"), ('(scenario: { monthlyBudget: "0.001" })', "scenario.monthlyBudget")],
)
def test_wrong_arguments_are_named(arguments: str, field: str) -> None:
    result = asyncio.run(SCHEMA.execute(f"{{ chosen{arguments} }}"))
    (error,) = result.errors or []
    assert isinstance(error.original_error, BadInput)
    assert error.original_error.field == field
