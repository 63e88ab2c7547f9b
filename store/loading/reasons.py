"""Says what is wrong with a cell that could not be read, and what to write instead."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from store.loading.columns import DIGITS, FIRST_DAY, LAST_DAY, TEXT_CHARACTERS, Column, Type

SHOWN_CHARACTERS = 40

_PLACES_WORDS = {0: "no decimal places", 2: "two decimal places", 6: "six decimal places", 8: "eight decimal places"}
_OTHER_DATES = (
    re.compile(r"^(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})$"),
    re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
)


def unreadable(column: Column, cell: str) -> str:
    """Why this cell is not a value of the column."""
    return _REASONS.get(column.type, _number)(column, cell)


def outside(column: Column, value: Any) -> str:
    """Why this value is refused, although it could be read."""
    if column.type is Type.DATE:
        beyond = "in the future" if column.past else f"after {LAST_DAY}"
        return f"{value} is before {FIRST_DAY}" if value < FIRST_DAY else f"{value} is {beyond}"
    shown = _written(value, DIGITS[column.type].places)
    hint = f": it would be {value:.0%}, write 0.05 for 5 %" if column.type is Type.RATE else ""
    return f"{shown} is refused, it must be {column.limits}{hint}"


def quoted(cell: str) -> str:
    """The cell as a sentence shows it, cut where it is long."""
    shown = cell if len(cell) <= SHOWN_CHARACTERS else f"{cell[:SHOWN_CHARACTERS]}..."
    return f'"{shown}"'


def nearest(name: str, names: tuple[str, ...]) -> str:
    """A hint at the name that was probably meant, empty where there is none."""
    found = get_close_matches(name.lower(), [each.lower() for each in names], n=1)
    return next((each for each in names if [each.lower()] == found), "")


def _text(column: Column, cell: str) -> str:
    if "\x00" in cell:
        return "holds a NUL character: remove it"
    if len(cell) > TEXT_CHARACTERS:
        return f"{quoted(cell)} is longer than {TEXT_CHARACTERS} characters"
    return f"{quoted(cell)} is not {column.meaning.partition(';')[0]}: write for example {column.example}"


def _word(column: Column, cell: str) -> str:
    meant = nearest(cell.strip(), column.words)
    hint = f": write {meant}" if meant else ""
    return f"{quoted(cell)} is none of {', '.join(column.words)}{hint}"


def _names(column: Column, cell: str) -> str:
    return f"{quoted(cell)} does not list columns of this file, separated by ;: choose from {', '.join(column.words)}"


def _yes_no(_: Column, cell: str) -> str:
    return f"{quoted(cell)} is neither true nor false"


def _date(_: Column, cell: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell.strip()):
        return f"{quoted(cell)} is not a day of the calendar"
    for form in _OTHER_DATES:
        if meant := form.match(cell.strip()):
            return f"{quoted(cell)} is not a date: write {_iso(meant)}"
    return f"{quoted(cell)} is not a date: write it as 2024-01-31"


def _iso(meant: re.Match[str]) -> str:
    try:
        return date(*(int(meant[part]) for part in ("year", "month", "day"))).isoformat()
    except ValueError:
        return "it as 2024-01-31"


def _number(column: Column, cell: str) -> str:
    digits = DIGITS[column.type]
    value = _as_decimal(cell.strip())
    if value is None:
        meant = _as_decimal(_cleaned(cell))
        example = _written(meant, digits.places) if meant is not None else "it as 1234.50"
        return f"{quoted(cell)} is not a number: write {example}"
    if abs(value) > digits.most:
        return f"{quoted(cell)} is too large: at most {digits.most:f}"
    return f"{quoted(cell)} has more than {_PLACES_WORDS[digits.places]}: write {_written(value, digits.places)}"


def _as_decimal(cell: str) -> Decimal | None:
    try:
        value = Decimal(cell) if "_" not in cell else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _cleaned(cell: str) -> str:
    """A guess at the number that was meant: without currency and groups of three, with a decimal point."""
    bare = re.sub(r"[^\d.,()-]", "", cell)
    if re.fullmatch(r"\(.*\)", bare):
        bare = "-" + bare[1:-1]
    if re.search(r",\d{1,2}$", bare):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "")


def _written(value: Decimal | int, places: int) -> str:
    """Rounded to the places that the column has; further zeros are shown of money alone."""
    written = f"{value:.{places}f}"
    return written if places == 2 or "." not in written else written.rstrip("0").rstrip(".")


_REASONS: dict[Type, Callable[[Column, str], str]] = {
    Type.TEXT: _text,
    Type.WORD: _word,
    Type.NAMES: _names,
    Type.YES_NO: _yes_no,
    Type.DATE: _date,
}
