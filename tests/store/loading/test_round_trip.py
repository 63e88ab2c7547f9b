"""What is written to a file is what is read back from the database, to the last cent and character."""

import string
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from engine.enums import AccountKind
from engine.transactions import CATEGORY_NAMES
from store.loading import load_file
from tests.store.loading.samples import HOUSEHOLD, TODAY, load, query

CENTS = Decimal("0.01")
MONEY = st.decimals(min_value=Decimal(-(10**16)) + CENTS, max_value=Decimal(10**16) - CENTS, places=2)
SHARE = st.none() | st.decimals(min_value=0, max_value=1, places=6)
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=200)
TEXT = ANY_TEXT.filter(lambda text: text.strip() != "")
NAME = st.text(string.printable, min_size=1, max_size=40).filter(lambda text: text.strip() != "")
DAY = st.dates(date(1900, 1, 1), TODAY)

TRANSACTIONS = st.lists(
    st.tuples(NAME, DAY, MONEY, st.sampled_from(CATEGORY_NAMES), st.none() | TEXT, st.none() | st.integers(0, 23)),
    min_size=1,
    unique_by=lambda row: row[0],
)
TRANSACTION_COLUMNS = ("external_id", "date", "amount", "category", "merchant", "hour")
ACCOUNT_ROW = st.tuples(NAME, TEXT, MONEY, SHARE, st.none() | MONEY.map(abs), SHARE, SHARE)
ACCOUNTS = st.lists(ACCOUNT_ROW, min_size=1, unique_by=lambda row: row[0])
ACCOUNT_COLUMNS = (
    *("external_id", "name", "balance", "interest_rate", "minimum_payment"),
    *("employer_match_rate", "employer_match_limit"),
)

Write = Callable[[pl.DataFrame, Path], None]
WRITERS: Sequence[tuple[str, Write]] = [("csv", pl.DataFrame.write_csv), ("parquet", pl.DataFrame.write_parquet)]

real_database = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize(("suffix", "write"), WRITERS)
@real_database
@given(rows=TRANSACTIONS)
def test_transactions_are_read_back_as_written(
    engine: Engine, tmp_path: Path, suffix: str, write: Write, rows: list[tuple[Any, ...]]
) -> None:
    frame = _frame(rows, TRANSACTION_COLUMNS)
    _load(engine, tmp_path / f"transactions.{suffix}", write, frame)
    assert _read_back(engine, "transactions", TRANSACTION_COLUMNS) == sorted(rows)


@pytest.mark.parametrize(("suffix", "write"), WRITERS)
@real_database
@given(rows=ACCOUNTS)
def test_accounts_are_read_back_as_written(
    engine: Engine, tmp_path: Path, suffix: str, write: Write, rows: list[tuple[Any, ...]]
) -> None:
    frame = _frame(rows, ACCOUNT_COLUMNS).with_columns(kind=pl.lit(AccountKind.TAXABLE.value))
    _load(engine, tmp_path / f"accounts.{suffix}", write, frame)
    assert _read_back(engine, "accounts", ACCOUNT_COLUMNS) == sorted(rows)


def _frame(rows: list[tuple[Any, ...]], columns: Sequence[str]) -> pl.DataFrame:
    cells = zip(*rows, strict=True)
    series = [_series(name, list(values)) for name, values in zip(columns, cells, strict=True)]
    return pl.DataFrame(series).with_columns(user=pl.lit("ada"))


def _series(name: str, values: list[Any]) -> pl.Series:
    numbers = any(isinstance(value, Decimal) for value in values)
    return pl.Series(name, values, dtype=pl.Decimal(24, 8) if numbers else None)


def _load(engine: Engine, path: Path, write: Write, frame: pl.DataFrame) -> None:
    load(engine, path.parent, "households", [HOUSEHOLD])
    query(engine, f"DELETE FROM {path.stem} RETURNING 1")
    write(frame, path)
    assert load_file(engine, path, today=TODAY).kinds[path.stem].new == len(frame)
    assert load_file(engine, path, today=TODAY).kinds[path.stem].unchanged == len(frame)


def _read_back(engine: Engine, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return sorted(query(engine, f"SELECT {', '.join(columns)} FROM {table}"))
