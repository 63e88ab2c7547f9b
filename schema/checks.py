"""What may be written: a value is checked by its type, and by the rules of its column."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any
from uuid import UUID

from engine.answers import CENT
from schema.bounds import DAYS, IDS, PATTERNS, PLACES, RANGES, RATE_PLACES, Range
from store.errors import BadInput

MONEY_DIGITS = 16
"""Digits before the point: NUMERIC(18, 2)."""
TEXT_CHARACTERS = 200
UNWRITABLE = frozenset({"Cc", "Cs"})
"""Unicode categories: PostgreSQL takes neither NUL nor half a surrogate pair, and a name has no line breaks."""


def check(place: str, name: str, value: Any, today: date) -> Any:
    """The value as the column `name` takes it; raises `BadInput` with its `place` in the request and the fix."""
    if name in IDS and value is not None:
        return check_id(place, value)
    try:
        return _checked(name, value, today)
    except ValueError as error:
        raise BadInput(place, f"{place} {error}.") from error


def check_id(place: str, value: str) -> UUID:
    """A UUID, written as it usually is."""
    try:
        read = UUID(value)
    except ValueError:
        read = None
    if read is None or str(read) != value.lower():
        raise BadInput(place, f"{place} must be a UUID such as 018f4c3e-7b1a-7cc2-9d7e-3f1f0d6f3c21.")
    return read


def _checked(name: str, value: Any, today: date) -> Any:
    match value:
        case None | bool():
            return value
        case StrEnum():
            return value.value
        case Decimal() | int() | float():
            return _number(name, value)
        case date():
            return _day(name, value, today)
        case _:
            return _text(name, str(value))


def _number(name: str, value: Decimal | float) -> Decimal | int:
    if isinstance(value, Decimal):
        return _within(name, _money(value))
    if isinstance(value, int):
        return int(_within(name, Decimal(value)))
    if not isfinite(value):
        raise ValueError("must be a finite number")
    return round(_within(name, Decimal(str(value))), PLACES.get(name, RATE_PLACES))


def _money(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("must be a finite amount")
    if value.adjusted() >= MONEY_DIGITS:
        raise ValueError(f"must have at most {MONEY_DIGITS} digits before the point")
    if value != value.quantize(CENT):
        raise ValueError("must have at most two places: round it to cents")
    return value.quantize(CENT) + 0


def _within(name: str, value: Decimal) -> Decimal:
    bounds = RANGES.get(name, Range())
    if bounds.least is not None and value < bounds.least:
        raise ValueError(f"must be at least {Decimal(bounds.least):f}{bounds.hint}")
    if bounds.most is not None and value > bounds.most:
        raise ValueError(f"must be at most {Decimal(bounds.most):f}{bounds.hint}")
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
