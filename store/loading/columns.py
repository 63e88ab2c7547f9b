"""What a column may hold: its type, its limits, and the words that describe it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NAMES_SEPARATOR = ";"
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
"""Dates beyond these are slips of the pen."""
TEXT_CHARACTERS = 200
"""An identifier of more does not fit an index of PostgreSQL in every encoding."""


class Type(StrEnum):
    """How the text of a column is read."""

    TEXT = "text"
    WORD = "one of a list"
    NAMES = "names separated by ;"
    MONEY = "money, two decimal places"
    RATE = "a share: 0.05 is 5 %"
    QUANTITY = "number, eight decimal places"
    WHOLE = "whole number"
    YES_NO = "true or false"
    DATE = "date, YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Digits:
    """The most digits before the decimal point, and the decimal places."""

    whole: int
    places: int

    @property
    def most(self) -> Decimal:
        """The largest value that PostgreSQL's column holds."""
        return Decimal(10) ** self.whole - Decimal(10) ** -self.places


DIGITS = {
    Type.MONEY: Digits(16, 2),
    Type.RATE: Digits(3, 6),
    Type.QUANTITY: Digits(16, 8),
    Type.WHOLE: Digits(9, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a kind of file; a cell may be empty where the column is not required."""

    name: str
    type: Type
    meaning: str
    required: bool = True
    words: tuple[str, ...] = ()
    pattern: str | None = None
    example: str | None = None
    least: Decimal | None = None
    above: Decimal | None = None
    most: Decimal | None = None
    past: bool = False
    default: str | None = None
    """Of a new row where the file has no such column or an empty cell."""

    @property
    def limits(self) -> str:
        """The limits in words, empty where there are none."""
        bounds = (("at least", self.least), ("more than", self.above), ("at most", self.most))
        numbers = " and ".join(f"{says} {bound}" for says, bound in bounds if bound is not None)
        return "not in the future" if self.past else numbers


def text(name: str, meaning: str, *, pattern: str | None = None, example: str | None = None) -> Column:
    return Column(name=name, type=Type.TEXT, meaning=meaning, pattern=pattern, example=example)


def word(name: str, meaning: str, words: Iterable[str]) -> Column:
    return Column(name=name, type=Type.WORD, meaning=meaning, words=tuple(str(each) for each in words))


def money(name: str, meaning: str, *, least: int | None = None, above: int | None = None) -> Column:
    return Column(name=name, type=Type.MONEY, meaning=meaning, least=_decimal(least), above=_decimal(above))


def rate(name: str, meaning: str, *, least: int, most: int) -> Column:
    return Column(name=name, type=Type.RATE, meaning=meaning, least=Decimal(least), most=Decimal(most))


def quantity(name: str, meaning: str, *, above: int) -> Column:
    return Column(name=name, type=Type.QUANTITY, meaning=meaning, above=Decimal(above))


def whole(name: str, meaning: str, *, least: int, most: int) -> Column:
    return Column(name=name, type=Type.WHOLE, meaning=meaning, least=Decimal(least), most=Decimal(most))


def yes_no(name: str, meaning: str) -> Column:
    return Column(name=name, type=Type.YES_NO, meaning=meaning)


def day(name: str, meaning: str, *, past: bool = True) -> Column:
    return Column(name=name, type=Type.DATE, meaning=meaning, past=past)


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
