"""What clients send, and how it becomes checked columns."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.types.maybe import Some
from strawberry.utils.str_converters import to_camel_case

from schema.checks import check
from schema.enums import (
    AccountKind,
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
    MaritalStatus,
    Priority,
    RiskLevel,
    Sex,
)
from store.errors import BadInput

ROWS = 10_000
"""The most rows of one request."""


@strawberry.input(description="What a household states of itself.")
class ProfileInput:
    """Every column of a new profile."""

    currency: str = "USD"
    birth_date: date
    annual_income: Decimal
    net_worth: Decimal
    liquid_assets: Decimal
    total_debt: Decimal
    monthly_expenses: Decimal
    marital_status: MaritalStatus
    dependents: int
    employment: EmploymentStatus
    homeowner: bool
    filing_status: FilingStatus | None
    region: str | None
    education: Education | None
    sex: Sex | None
    stated_risk_tolerance: RiskLevel | None
    capital_loss_carryforward: Decimal | None


@strawberry.input(description="What changes in a profile; a null clears what may be unknown.")
class ProfilePatch:
    """The columns of a profile that change."""

    birth_date: strawberry.Maybe[date | None]
    annual_income: strawberry.Maybe[Decimal | None]
    net_worth: strawberry.Maybe[Decimal | None]
    liquid_assets: strawberry.Maybe[Decimal | None]
    total_debt: strawberry.Maybe[Decimal | None]
    monthly_expenses: strawberry.Maybe[Decimal | None]
    marital_status: strawberry.Maybe[MaritalStatus | None]
    dependents: strawberry.Maybe[int | None]
    employment: strawberry.Maybe[EmploymentStatus | None]
    homeowner: strawberry.Maybe[bool | None]
    filing_status: strawberry.Maybe[FilingStatus | None]
    region: strawberry.Maybe[str | None]
    education: strawberry.Maybe[Education | None]
    sex: strawberry.Maybe[Sex | None]
    stated_risk_tolerance: strawberry.Maybe[RiskLevel | None]
    capital_loss_carryforward: strawberry.Maybe[Decimal | None]


@strawberry.input(description="An asset or a debt; what is owed is negative.")
class AccountInput:
    """Every column of an account; without `external_id` the account keeps its own."""

    name: str
    kind: AccountKind
    balance: Decimal
    interest_rate: float | None
    minimum_payment: Decimal | None
    employer_match_rate: float | None
    employer_match_limit: float | None
    external_id: str | None


@strawberry.input(description="One purchase of a security.")
class LotInput:
    """Every column of a tax lot."""

    symbol: str
    quantity: float
    cost_basis: Decimal
    acquired: date


@strawberry.input(description="A tax lot, or a part of one, that was sold.")
class SaleInput:
    """Every column of a sale."""

    external_id: str | None
    symbol: str
    quantity: float
    cost_basis: Decimal
    proceeds: Decimal
    acquired: date
    sold: date


@strawberry.input(description="What the household wants to have, and by when.")
class GoalInput:
    """Every column of a goal."""

    name: str
    kind: GoalKind
    target_amount: Decimal
    target_date: date
    saved_amount: Decimal
    monthly_contribution: Decimal
    priority: Priority


@strawberry.input(description="amount: negative is money out.")
class TransactionInput:
    """Every column of a transaction."""

    external_id: str | None
    account_id: strawberry.ID | None
    date: date
    amount: Decimal
    category: str
    merchant: str | None
    hour: int | None = strawberry.field(default=None, description="Of the day, 0 to 23, by the payer's clock.")


def columns(given: Any, place: str, today: date) -> dict[str, Any]:
    """An input as columns, all checked; `place` is where the request holds it."""
    values = {field.name: getattr(given, field.name) for field in fields(given)}
    return _checked(values, place, today)


def check_many(given: Sequence[Any], place: str, today: date) -> list[dict[str, Any]]:
    """Inputs as columns, row by row; raises `BadInput` for more than one request may bring."""
    if len(given) > ROWS:
        raise BadInput(place, f"{place} must hold at most {ROWS:,} rows: send the rest in another request.")
    return [columns(row, f"{place}[{index}]", today) for index, row in enumerate(given)]


def changes(patch: Any, place: str, today: date, clearable: Container[str]) -> dict[str, Any]:
    """The given columns of a patch, all checked; raises `BadInput` for a null where the column is not clearable."""
    given: dict[str, Some[Any] | None] = {field.name: getattr(patch, field.name) for field in fields(patch)}
    values = {name: some.value for name, some in given.items() if some is not None}
    for name, value in values.items():
        if value is None and name not in clearable:
            where = f"{place}.{to_camel_case(name)}"
            raise BadInput(where, f"{where} must not be null: leave it out to keep it.")
    return _checked(values, place, today)


def _checked(values: Mapping[str, Any], place: str, today: date) -> dict[str, Any]:
    return {name: check(f"{place}.{to_camel_case(name)}", name, value, today) for name, value in values.items()}
