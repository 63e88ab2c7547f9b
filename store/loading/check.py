"""Checks every row of a table before the database sees it: what is wrong is named by line, column and reason."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from engine.enums import AccountKind
from engine.features.balance_sheet import DEBTS
from store.errors import BadFile
from store.loading.columns import FIRST_DAY, LAST_DAY, Column
from store.loading.kinds import Kind
from store.loading.read import ROW, Table
from store.loading.reasons import nearest, outside, quoted, unreadable
from store.loading.values import read_values

SHOWN_PROBLEMS = 20
TIME_ZONE_DAYS = 1
"""Somewhere it is tomorrow already."""
OWED = tuple(kind.value for kind in DEBTS if kind is not AccountKind.CREDIT_CARD)
"""A card may be overpaid: a bank's export tells that as a positive balance."""


class Problems:
    """What is wrong with the rows of a table, collected so that a file need not be mended line by line."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._found: list[tuple[int, str, str]] = []
        self._count = 0

    def note(self, column: str, rows: pl.Series, wrong: pl.Series, reason: Callable[[int], str]) -> None:
        """Notes the rows that are wrong; `reason` gets the position of a row in the given series."""
        positions = wrong.fill_null(value=False).arg_true()
        self._count += len(positions)
        self._found += [(rows[place], column, reason(place)) for place in positions.head(SHOWN_PROBLEMS)]

    def raise_any(self) -> None:
        """Raises an error that names the first of them, where there are any."""
        if not self._count:
            return
        shown = sorted(self._found, key=lambda problem: problem[0])[:SHOWN_PROBLEMS]
        places = self._table.places([row for row, _, _ in shown])
        lines = [f"{self._table.name} {places[row]}, {column}: {reason}" for row, column, reason in shown]
        more = self._count - len(shown)
        raise BadFile("\n".join(lines + [f"and {more} more"] * (more > 0)))


def check(kind: Kind, table: Table, today: date) -> tuple[pl.DataFrame, Problems]:
    """Values of the table's columns in the order of its rows, and what is wrong with them."""
    check_columns(kind, table)
    problems = Problems(table)
    present = [column for column in kind.columns if column.name in table.columns]
    rows = table.cells[ROW]
    values = [_checked(column, table.cells[column.name], rows, problems, today) for column in present]
    frame = pl.DataFrame([rows, *values])
    _check_key(kind, frame, problems)
    _check_balances(kind, frame, problems)
    _check_days(kind, frame, problems)
    return frame, problems


def check_columns(kind: Kind, table: Table) -> None:
    """Raises an error where a column is missing or unknown, or where there are no rows."""
    unknown = [name for name in table.columns if name not in kind.names]
    if unknown:
        meant = nearest(unknown[0], kind.names)
        hint = f": did you mean {meant}?" if meant else ";"
        raise BadFile(f"{table.name} has an unknown column {quoted(unknown[0])}{hint} {_allowed(kind)}")
    missing = [column.name for column in kind.columns if column.required and column.name not in table.columns]
    if missing:
        raise BadFile(f"{table.name} lacks the column {', '.join(missing)}; {_allowed(kind)}")
    if table.cells.is_empty():
        raise BadFile(f"{table.name} has no rows")


def _allowed(kind: Kind) -> str:
    names = ", ".join(column.name + "?" * (not column.required) for column in kind.columns)
    return f"columns of {kind.name} (? may be left out): {names}"


def _checked(column: Column, cells: pl.Series, rows: pl.Series, problems: Problems, today: date) -> pl.Series:
    values = read_values(column, cells)
    problems.note(
        column.name, rows, cells.is_not_null() & values.is_null(), lambda place: unreadable(column, cells[place])
    )
    if column.required:
        problems.note(column.name, rows, cells.is_null(), lambda _: "is empty")
    problems.note(column.name, rows, _outside(column, values, today), lambda place: outside(column, values[place]))
    return values


def _outside(column: Column, values: pl.Series, today: date) -> pl.Series:
    wrong = pl.repeat(value=False, n=len(values), eager=True)
    if values.dtype == pl.Date:
        last = today + timedelta(days=TIME_ZONE_DAYS) if column.past else LAST_DAY
        return (values < FIRST_DAY) | (values > last)
    bounds: Mapping[str, Any] = {"least": column.least, "above": column.above, "most": column.most}
    tests = {"least": pl.Series.__lt__, "above": pl.Series.__le__, "most": pl.Series.__gt__}
    for name, bound in bounds.items():
        if bound is not None:
            wrong |= tests[name](values, bound)
    return wrong


def _check_key(kind: Kind, frame: pl.DataFrame, problems: Problems) -> None:
    if not kind.key:
        return
    whole = pl.all_horizontal(pl.col(kind.key).is_not_null())
    again = frame.select((~pl.struct(kind.key).is_first_distinct()) & whole).to_series()
    called = frame[kind.key[-1]]
    of = f" of the same {kind.key[0]}" if len(kind.key) > 1 else ""
    problems.note(kind.key[-1], frame[ROW], again, lambda place: f"{called[place]}{of} is there twice")


def _check_balances(kind: Kind, frame: pl.DataFrame, problems: Problems) -> None:
    """A loan written as if it were an asset would turn every figure of the household around."""
    if kind.name == "accounts":
        wrong = frame.select(pl.col("kind").is_in(OWED) & (pl.col("balance") > 0)).to_series()
        names, balances = frame["kind"], frame["balance"]
        problems.note(
            "balance", frame[ROW], wrong, lambda place: f"what is owed on a {names[place]} is -{balances[place]}"
        )


def _check_days(kind: Kind, frame: pl.DataFrame, problems: Problems) -> None:
    if kind.name == "sales":
        bought, sold = frame["acquired"], frame["sold"]
        problems.note(
            "sold", frame[ROW], sold < bought, lambda place: f"{sold[place]} is before it was acquired, {bought[place]}"
        )
