"""Whatever is wrong with a file is said in one sentence that names the line, the column and the fix."""

from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from store.errors import BadFile
from store.loading import load_file
from store.loading.check import check
from store.loading.kinds import KINDS
from store.loading.read import read_table
from tests.store.loading.samples import (
    ACCOUNT,
    GOAL,
    HOLDING,
    HOUSEHOLD,
    LIFE_EVENT,
    PRICE,
    SALE,
    SAMPLES,
    TODAY,
    TRANSACTION,
    Row,
    counted,
    load,
    load_samples,
    write,
)

CELLS = [
    ("transactions", "amount", "12,5", '"12,5" is not a number: write 12.50'),
    ("transactions", "amount", "1,234.5", '"1,234.5" is not a number: write 1234.50'),
    ("transactions", "amount", "1.234,50 €", '"1.234,50 €" is not a number: write 1234.50'),
    ("transactions", "amount", "($5)", '"($5)" is not a number: write -5.00'),
    ("transactions", "amount", "twelve", '"twelve" is not a number: write it as 1234.50'),
    ("transactions", "amount", "nan", '"nan" is not a number: write it as 1234.50'),
    ("transactions", "amount", "1_000", '"1_000" is not a number: write 1000.00'),
    ("transactions", "amount", "-12.345", '"-12.345" has more than two decimal places: write -12.34'),
    ("transactions", "amount", "1" * 30, f'"{"1" * 30}" is too large: at most 9999999999999999.99'),
    ("transactions", "amount", "1e300", '"1e300" is too large: at most 9999999999999999.99'),
    ("transactions", "amount", "", "is empty"),
    ("transactions", "date", "2026-02-30", '"2026-02-30" is not a day of the calendar'),
    ("transactions", "date", "2026/6/1", '"2026/6/1" is not a date: write 2026-06-01'),
    ("transactions", "date", "1.6.2026", '"1.6.2026" is not a date: write it as 2024-01-31'),
    ("transactions", "date", "2026-07-09", "2026-07-09 is in the future"),
    ("transactions", "date", "1026-06-01", "1026-06-01 is before 1900-01-01"),
    ("transactions", "category", "grocery", '"grocery" is none of salary, bonus'),
    ("transactions", "category", "grocery", ": write groceries"),
    ("transactions", "merchant", "x" * 201, "is longer than 200 characters"),
    ("transactions", "merchant", "a\x00b", "holds a NUL character: remove it"),
    ("transactions", "hour", "24", "24 is refused, it must be at least 0 and at most 23"),
    ("transactions", "hour", "18:30", '"18:30" is not a number'),
    ("households", "currency", "dollars", '"dollars" is not ISO 4217: write for example USD'),
    ("households", "region", "California", '"California" is not ISO 3166-2: write for example US-CA'),
    ("households", "dependents", "-1", "-1 is refused, it must be at least 0 and at most 99"),
    ("households", "dependents", "1.5", '"1.5" has more than no decimal places: write 2'),
    ("households", "dependents", "99999999999999999999", "is too large: at most 999999999"),
    ("households", "total_debt", "-5", "-5.00 is refused, it must be at least 0"),
    ("households", "homeowner", "maybe", '"maybe" is neither true nor false'),
    (
        "households",
        "marital_status",
        "married",
        '"married" is none of SINGLE, MARRIED, DIVORCED, WIDOWED: write MARRIED',
    ),
    ("households", "assumed", "income", '"income" does not list columns of this file'),
    ("households", "weight", "0", "0 is refused, it must be more than 0"),
    ("households", "birth_date", "", "is empty"),
    (
        "accounts",
        "interest_rate",
        "19.99",
        "19.99 is refused, it must be at least -1 and at most 1: it would be 1999%, write 0.05 for 5 %",
    ),
    ("accounts", "kind", "CHEQUING", "write CHECKING"),
    ("accounts", "minimum_payment", "-35", "-35.00 is refused, it must be at least 0"),
    ("accounts", "employer_match_limit", "1.5", "it must be at least 0 and at most 1"),
    ("goals", "target_amount", "0", "0.00 is refused, it must be more than 0"),
    ("goals", "target_date", "20300-01-01", '"20300-01-01" is not a date'),
    ("goals", "target_date", "2300-01-01", "2300-01-01 is after 2200-12-31"),
    ("holdings", "quantity", "0", "0 is refused, it must be more than 0"),
    ("holdings", "quantity", "0.123456789", "has more than eight decimal places: write 0.12345679"),
    ("sales", "quantity", "-2", "-2 is refused, it must be more than 0"),
    ("sales", "proceeds", "-0.01", "-0.01 is refused, it must be at least 0"),
    ("sales", "cost_basis", "", "is empty"),
    ("sales", "sold", "2026-07-02", "2026-07-02 is in the future"),
    ("sales", "sold", "2021-02-28", "2021-02-28 is before it was acquired, 2021-03-01"),
    ("budgets", "category", "salary", '"salary" is none of rent, mortgage'),
    ("budgets", "monthly_limit", "-1", "-1.00 is refused, it must be at least 0"),
    ("life_events", "event", "DIVORCE", '"DIVORCE" is none of MARRIAGE'),
    ("prices", "close", "0", "0 is refused, it must be more than 0"),
    ("prices", "asset_class", "STOCKS", '"STOCKS" is none of US_EQUITY'),
]


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    load_samples(engine, tmp_path)
    return engine


@pytest.mark.parametrize(("kind", "column", "cell", "reason"), CELLS)
def test_a_wrong_cell_is_named(tmp_path: Path, kind: str, column: str, cell: str, reason: str) -> None:
    good = SAMPLES[kind][0]
    with pytest.raises(BadFile) as caught:
        _check(write(tmp_path, kind, [good, _other(kind, good) | {column: cell}]))
    message = str(caught.value)
    assert message.startswith(f"{kind}.csv line 3, {column}: ")
    assert reason in message
    assert "\n" not in message


def _check(path: Path) -> None:
    """All that is checked before the database is asked."""
    _, problems = check(KINDS[path.stem], read_table(path, "parquet" if path.suffix == ".parquet" else "csv"), TODAY)
    problems.raise_any()


def _other(kind: str, row: Row) -> Row:
    """The same row under another key."""
    keys = {"budgets": ("category", "travel"), "life_events": ("event", "MARRIAGE"), "prices": ("date", "2026-06-28")}
    name, value = keys.get(kind, ("external_id", "other"))
    return row if kind == "holdings" else row | {name: value}


def test_a_household_and_an_account_that_are_not_there_are_named(loaded: Engine, tmp_path: Path) -> None:
    rows = [TRANSACTION | {"external_id": "t2", "user": "nobody"}, TRANSACTION | {"account": "none"}]
    with pytest.raises(BadFile) as caught:
        load(loaded, tmp_path, "transactions", rows)
    assert str(caught.value).splitlines() == [
        'transactions.csv line 2, user: "nobody" is no household that is loaded',
        'transactions.csv line 3, account: "none" is no account of "ada" that is loaded',
    ]


@pytest.mark.parametrize(("kind", "row"), [("sales", SALE), ("holdings", HOLDING)])
def test_a_debt_holds_no_securities(loaded: Engine, tmp_path: Path, kind: str, row: Row) -> None:
    with pytest.raises(BadFile) as caught:
        load(loaded, tmp_path, kind, [row | {"account": "card"}])
    assert str(caught.value) == f'{kind}.csv line 2, account: "card" is a CREDIT_CARD, which holds no securities'


def test_a_debt_that_is_written_as_an_asset_is_refused(tmp_path: Path) -> None:
    wrong = ACCOUNT | {"kind": "MORTGAGE", "balance": "250000"}
    with pytest.raises(BadFile, match=r"line 2, balance: what is owed on a MORTGAGE is -250000\.00"):
        _check(write(tmp_path, "accounts", [wrong]))


@pytest.mark.parametrize(
    ("kind", "row", "sentence"),
    [
        ("households", HOUSEHOLD, "external_id: ada is there twice"),
        ("sales", SALE, "external_id: s1 of the same user is there twice"),
        ("transactions", TRANSACTION, "external_id: t1 of the same user is there twice"),
        ("goals", GOAL, "external_id: house of the same user is there twice"),
        ("life_events", LIFE_EVENT, "date: 2015-02-03 of the same user is there twice"),
        ("prices", PRICE, "date: 2026-06-29 of the same symbol is there twice"),
    ],
)
def test_a_row_that_is_there_twice_is_named(tmp_path: Path, kind: str, row: Row, sentence: str) -> None:
    with pytest.raises(BadFile, match=f"{kind}.csv line 3, {sentence}"):
        _check(write(tmp_path, kind, [row, row]))


def test_twenty_wrong_rows_are_named_and_the_others_are_counted(loaded: Engine, tmp_path: Path) -> None:
    rows = [TRANSACTION | {"external_id": f"x{row}", "amount": "much"} for row in range(30)]
    rows[3] |= {"user": "nobody"}
    with pytest.raises(BadFile) as caught:
        load(loaded, tmp_path, "transactions", rows)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("transactions.csv line 2, amount: ")
    assert lines[4] == 'transactions.csv line 5, user: "nobody" is no household that is loaded'
    assert lines[-1] == "and 11 more"


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    long = TRANSACTION | {"external_id": "a", "merchant": "two\nlines"}
    path = write(tmp_path, "transactions", [long, TRANSACTION | {"external_id": "b", "amount": "x"}])
    with pytest.raises(BadFile, match=r"^transactions.csv line 4, amount: "):
        _check(path)


FILES = [
    ("", "transactions.csv is empty: the first line names the columns"),
    ("user,external_id,date,amount,category\n", "transactions.csv has no rows"),
    ("user,external_id,date,amount\nada,1,2026-01-01,1\n", "transactions.csv lacks the column category"),
    ("user,external_id,day,amount,category\na,b,c,d,e\n", 'has an unknown column "day"'),
    ("User,external_id,date,amount,category\na,b,c,d,e\n", 'has an unknown column "User": did you mean user?'),
    ("user,user,date,amount,category\na,b,c,d,e\n", "line 1: the column 'user' is there twice"),
    ("user,external_id,date,amount,category\na,b,c,d,e,f\n", "line 2: 6 fields where the header has 5"),
    ("user,external_id,date,amount,category\nada,1,2026-01-01\n", "line 2: 3 fields where the header has 5"),
    ('user,external_id,date,amount,category\nada,"1,2026-01-01,5,dining\n', "a quotation mark is not closed"),
    ("user\rexternal_id\rdate", "ends its lines with CR alone"),
    ("user;external_id;date\nada;1;2026-01-01\n", "separates its columns by ';': save it with commas"),
]


@pytest.mark.parametrize(("content", "sentence"), FILES)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "transactions.csv"
    path.write_bytes(content.encode())
    with pytest.raises(BadFile) as caught:
        _check(path)
    assert sentence in str(caught.value)


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "transactions", [TRANSACTION, TRANSACTION | {"external_id": "2", "merchant": "Café"}])
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    with pytest.raises(BadFile, match=r"transactions\.csv line 3: the file is not UTF-8"):
        _check(path)


def test_utf_16_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "transactions", [TRANSACTION])
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    with pytest.raises(BadFile, match=r"transactions\.csv line 1: the file is not UTF-8"):
        _check(path)


def test_what_exists_is_listed_for_an_unknown_kind_or_format(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="'people' is no kind: choose from households, accounts, holdings"):
        load_file(engine, tmp_path / "x.csv", kind="people")
    with pytest.raises(BadFile, match=r"the name of export.csv is no kind.*: choose from households"):
        load_file(engine, tmp_path / "export.csv")
    with pytest.raises(BadFile, match=r"'xlsx' is no format: choose csv, parquet or scf"):
        load_file(engine, tmp_path / "goals.csv", format="xlsx")
    with pytest.raises(BadFile, match=r"goals.xlsx ends in no format: choose csv, parquet or scf"):
        load_file(engine, tmp_path / "goals.xlsx")


def test_a_file_that_cannot_be_read_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"goals.csv cannot be read: No such file"):
        load_file(engine, tmp_path / "goals.csv")
    (tmp_path / "goals.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(BadFile, match=r"goals.parquet is not a Parquet file"):
        load_file(engine, tmp_path / "goals.parquet")
    (tmp_path / "budgets.csv").mkdir()
    with pytest.raises(BadFile, match=r"budgets.csv cannot be read: Is a directory"):
        load_file(engine, tmp_path / "budgets.csv")


def test_rows_of_parquet_are_counted_from_one(tmp_path: Path) -> None:
    path = tmp_path / "budgets.parquet"
    frame = {"user": ["ada", "ada"], "category": ["dining", "travel"], "monthly_limit": [10.0, 10.123]}
    pl.DataFrame(frame).write_parquet(path)
    with pytest.raises(
        BadFile, match=r'budgets.parquet row 2, monthly_limit: "10.123" has more than two decimal places'
    ):
        _check(path)


def test_a_column_of_parquet_that_holds_no_cells_is_named(tmp_path: Path) -> None:
    path = tmp_path / "budgets.parquet"
    pl.DataFrame({"user": ["ada"], "category": ["dining"], "monthly_limit": [b"10"]}).write_parquet(path)
    with pytest.raises(BadFile, match=r"not so: monthly_limit \(Binary\)"):
        _check(path)


def test_a_new_symbol_without_an_asset_class_is_refused(engine: Engine, tmp_path: Path) -> None:
    rows = [PRICE | {"asset_class": ""}, PRICE | {"asset_class": "", "date": "2026-06-28"}]
    with pytest.raises(BadFile, match=r"^prices.csv line 2, asset_class: VTI is new: name its asset class once$"):
        load(engine, tmp_path, "prices", rows)
    assert counted(engine, "assets") == 0


def test_two_asset_classes_of_one_symbol_are_refused(engine: Engine, tmp_path: Path) -> None:
    rows = [PRICE, PRICE | {"asset_class": "CASH", "date": "2026-06-28"}]
    with pytest.raises(BadFile, match=r"line 3, asset_class: VTI is US_EQUITY in another row"):
        load(engine, tmp_path, "prices", rows)


def test_a_lot_of_an_account_of_somebody_else_is_refused(loaded: Engine, tmp_path: Path) -> None:
    load(loaded, tmp_path, "households", [HOUSEHOLD | {"external_id": "bob"}])
    with pytest.raises(BadFile, match=r'account: "broker" is no account of "bob" that is loaded'):
        load(loaded, tmp_path, "holdings", [HOLDING | {"user": "bob"}])
