"""What may be written: a value is checked by its type, and by the rules that are kept under the name of its column."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any
from uuid import UUID

from engine.answers import CENT
from engine.categories import CATEGORY_NAMES, SPENDING
from store.errors import BadInput

MONEY_DIGITS = 16
"""Digits before the point: NUMERIC(18, 2)."""
TEXT_CHARACTERS = 200
YEAR_DAYS = 365.2425
UNWRITABLE = frozenset({"Cc", "Cs"})
"""Unicode categories: PostgreSQL takes neither NUL nor half a surrogate pair, and a name has no line breaks."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that is taken; None where there is no bound."""

    least: Decimal | int | None = None
    most: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that is taken, counted from today."""

    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a text is written."""

    expression: str
    meaning: str


def one_of(words: Sequence[str]) -> Pattern:
    """One of the words, which the error lists."""
    return Pattern("|".join(words), f"one of: {', '.join(words)}")


NOT_NEGATIVE = Range(0)

RANGES: Mapping[str, Range] = {
    "total_debt": NOT_NEGATIVE,
    "monthly_expenses": NOT_NEGATIVE,
    "dependents": Range(0, 30),
    "interest_rate": Range(-1, 10),
    "minimum_payment": NOT_NEGATIVE,
    "employer_match_rate": Range(0, 10),
    "employer_match_limit": Range(0, 1),
    "quantity": Range(Decimal("0.00000001"), 10**15),
    "cost_basis": NOT_NEGATIVE,
    "target_amount": Range(Decimal("0.01")),
    "saved_amount": NOT_NEGATIVE,
    "monthly_contribution": NOT_NEGATIVE,
    "monthly_limit": NOT_NEGATIVE,
}

DAYS: Mapping[str, Days] = {
    "birth_date": Days(-120 * YEAR_DAYS, -1),
    "acquired": Days(-150 * YEAR_DAYS, 1),  # where the user is, it may be tomorrow already
    "date": Days(-150 * YEAR_DAYS, 1),
    "target_date": Days(1, 100 * YEAR_DAYS),
}

PATTERNS: Mapping[str, Pattern] = {
    "currency": Pattern("[A-Z]{3}", "a currency code of ISO 4217 such as USD"),
    "region": Pattern("[A-Z]{2}-[A-Z0-9]{1,3}", "a region code of ISO 3166-2 such as US-CA"),
    "category": one_of(CATEGORY_NAMES),
    "budget_category": one_of(SPENDING),
}

IDS = frozenset({"account_id"})
PLACES: Mapping[str, int] = {"quantity": 8}
RATE_PLACES = 6


def check(place: str, name: str, value: Any, today: date) -> Any:
    """The value as the column `name` takes it; raises `BadInput` with its `place` in the request and the fix."""
    if name in IDS and value is not None:
        return check_id(place, value)
    try:
        return _checked(name, value, today)
    except ValueError as error:
        raise BadInput(place, f"{place} {error}") from error


def check_id(place: str, value: str) -> UUID:
    """A UUID as it is usually written."""
    try:
        return UUID(value) if len(value) == len(str(UUID(int=0))) else UUID("")
    except ValueError as error:
        raise BadInput(place, f"{place} must be a UUID such as 018f4c3e-7b1a-7cc2-9d7e-3f1f0d6f3c21") from error


def _checked(name: str, value: Any, today: date) -> Any:
    match value:
        case None | bool():
            return value
        case StrEnum():
            return value.value
        case Decimal() | int() | float():
            return _within(name, _exact(name, value))
        case date():
            return _day(name, value, today)
        case _:
            return _text(name, str(value))


def _exact(name: str, value: Decimal | int | float) -> Decimal | int:
    if isinstance(value, float):
        return _number(value, PLACES.get(name, RATE_PLACES))
    return _money(value) if isinstance(value, Decimal) else value


def _money(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("must be a finite amount")
    if value.adjusted() >= MONEY_DIGITS:
        raise ValueError(f"must have at most {MONEY_DIGITS} digits before the point")
    if value != value.quantize(CENT):
        raise ValueError("must have at most two places: round it to cents")
    return value.quantize(CENT) + 0


def _number(value: float, places: int) -> Decimal:
    if not isfinite(value):
        raise ValueError("must be a finite number")
    return round(Decimal(str(value)), places)


def _within(name: str, value: Decimal | int) -> Decimal | int:
    bounds = RANGES.get(name, Range())
    if bounds.least is not None and value < bounds.least:
        raise ValueError(f"must be at least {bounds.least:f}")
    if bounds.most is not None and value > bounds.most:
        raise ValueError(f"must be at most {bounds.most:f}")
    return value


def _day(name: str, value: date, today: date) -> date:
    bounds = DAYS[name]
    first, last = today + timedelta(days=int(bounds.first)), today + timedelta(days=int(bounds.last))
    if not first <= value <= last:
        raise ValueError(f"must be between {first} and {last}")
    return value


def _text(name: str, value: str) -> str:
    trimmed = value.strip()
    if not trimmed or len(trimmed) > TEXT_CHARACTERS:
        raise ValueError(f"must have 1 to {TEXT_CHARACTERS} characters")
    if any(unicodedata.category(character) in UNWRITABLE for character in trimmed):
        raise ValueError("must not hold control characters")
    pattern = PATTERNS.get(name)
    if pattern and not re.fullmatch(pattern.expression, trimmed):
        raise ValueError(f"must be {pattern.meaning}")
    return trimmed
