"""Money and days on the wire: a string with two places, never an exponent; a day as ISO 8601 writes it."""

from datetime import date
from decimal import Context, Decimal, DecimalException
from typing import Any

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from engine.answers import CENT

WIDE = Context(prec=60)
"""Digits enough for any quantity times any price."""


def _write(amount: Decimal) -> str:
    return format(WIDE.plus(amount.quantize(CENT, context=WIDE)), "f")  # plus: no negative zero


def _read(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except (DecimalException, ValueError) as error:
        raise StrawberryInputCoercionError('Expected a decimal number such as "1250.00".') from error


def _read_day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise StrawberryInputCoercionError('Expected a day such as "2030-12-31".') from error


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description="Money with two places, in the household's currency; a string, since floats lose cents.",
        serialize=_write,
        parse_value=_read,
    ),
    date: strawberry.scalar(
        name="Date", description='A day such as "2030-12-31".', serialize=date.isoformat, parse_value=_read_day
    ),
}
