"""Reads the text of cells as values, exactly; a cell that cannot be read becomes null and is explained."""

from collections.abc import Callable
from decimal import Decimal

import polars as pl

from store.loading.columns import DIGITS, NAMES_SEPARATOR, TEXT_CHARACTERS, Column, Type

YES = ("true", "yes", "1")
NO = ("false", "no", "0")

_SCIENTIFIC = r"^[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d{1,3}$"


def read_values(column: Column, cells: pl.Series) -> pl.Series:
    """Values of the cells, null where a cell is empty or cannot be read."""
    return _READERS[column.type](column, cells).rename(column.name)


def _text(column: Column, cells: pl.Series) -> pl.Series:
    sound = (cells.str.len_chars() <= TEXT_CHARACTERS) & ~cells.str.contains("\x00", literal=True)
    if column.pattern is not None:
        sound &= cells.str.contains(column.pattern)
    return _where(sound, cells)


def _word(column: Column, cells: pl.Series) -> pl.Series:
    return _where(cells.is_in(list(column.words)), cells)


def _names(column: Column, cells: pl.Series) -> pl.Series:
    """As PostgreSQL writes an array of text."""
    listed = cells.str.split(NAMES_SEPARATOR).list.eval(pl.element().str.strip_chars())
    known = listed.list.eval(pl.element().is_in(list(column.words))).list.all()
    return _where(known, "{" + listed.list.join(",") + "}")


def _decimal(column: Column, cells: pl.Series) -> pl.Series:
    digits = DIGITS[column.type]
    plain = _without_exponents(cells.str.strip_chars())
    places = rf"\.\d{{0,{digits.places}}}0*" if digits.places else r"\.0*"
    exact = plain.str.contains(rf"^[+-]?(\d+({places})?|\.\d{{1,{max(digits.places, 1)}}}0*)$")
    number = pl.Decimal(digits.whole + digits.places, digits.places)
    return _where(exact, plain).cast(number, strict=False)


def _whole(column: Column, cells: pl.Series) -> pl.Series:
    return _decimal(column, cells).cast(pl.Int32, strict=False)


def _yes_no(_: Column, cells: pl.Series) -> pl.Series:
    lower = cells.str.strip_chars().str.to_lowercase()
    return _where(lower.is_in([*YES, *NO]), lower.is_in(list(YES)))


def _date(_: Column, cells: pl.Series) -> pl.Series:
    plain = cells.str.strip_chars().str.strip_suffix(" 00:00:00")
    written = plain.str.contains(r"^\d{4}-\d{2}-\d{2}$")
    return _where(written, plain).str.to_date("%Y-%m-%d", strict=False)


_READERS: dict[Type, Callable[[Column, pl.Series], pl.Series]] = {
    Type.TEXT: _text,
    Type.WORD: _word,
    Type.NAMES: _names,
    Type.MONEY: _decimal,
    Type.RATE: _decimal,
    Type.QUANTITY: _decimal,
    Type.WHOLE: _whole,
    Type.YES_NO: _yes_no,
    Type.DATE: _date,
}


def _where(sound: pl.Series, values: pl.Series) -> pl.Series:
    """The values that are sound, else null."""
    return pl.select(pl.when(sound).then(values)).to_series()


def _without_exponents(cells: pl.Series) -> pl.Series:
    """Writes 1e-05, as some programs print small numbers, in plain digits."""
    scientific = cells.str.contains(_SCIENTIFIC)
    if not scientific.any():
        return cells
    plain = cells.filter(scientific).map_elements(lambda cell: format(Decimal(cell), "f"), return_dtype=pl.String)
    return cells.scatter(scientific.arg_true(), plain)
