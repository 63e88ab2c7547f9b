"""Files of every kind reach their tables, and loading them again changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Engine

from store.errors import BadFile, Conflict
from store.ids import derived
from store.loading import load_file
from tests.store.loading.samples import (
    ACCOUNT,
    BUDGET,
    GOAL,
    HOLDING,
    HOUSEHOLD,
    PRICE,
    SALE,
    SAMPLES,
    TODAY,
    TRANSACTION,
    counted,
    load,
    load_samples,
    query,
    versions,
    write,
)


def test_a_household_is_a_user_with_a_profile(engine: Engine, tmp_path: Path) -> None:
    report = load(engine, tmp_path, "households", [HOUSEHOLD])
    assert (report.kinds["households"].read, report.kinds["households"].new) == (1, 1)
    assert query(engine, "SELECT id, external_id, source, currency, weight FROM users") == [
        (derived("households", "ada"), "ada", "file", "USD", Decimal("1.5"))
    ]
    assert query(engine, "SELECT birth_date, net_worth, dependents, homeowner, assumed FROM financial_profiles") == [
        (date(1980, 5, 17), Decimal("120000.50"), 2, True, ["monthly_expenses", "filing_status"])
    ]


def test_rows_of_every_kind_belong_to_their_household_and_account(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    owned = "SELECT u.external_id, a.external_id, {} FROM {} AS t JOIN users AS u ON u.id = t.user_id"
    through_account = owned + " JOIN accounts AS a ON a.id = t.account_id"
    assert query(engine, through_account.format("symbol, quantity", "tax_lots")) == [
        ("ada", "broker", "VTI", Decimal("10.5"))
    ]
    assert query(engine, through_account.format("symbol, proceeds, acquired, sold", "sales")) == [
        ("ada", "broker", "VTI", Decimal("120.25"), date(2021, 3, 1), TODAY)
    ]
    assert query(engine, through_account.format("amount, merchant", "transactions")) == [
        ("ada", "card", Decimal("-12.50"), "Corner Shop")
    ]
    assert query(engine, "SELECT symbol, asset_class, name FROM assets") == [("VTI", "US_EQUITY", "Total market")]
    assert query(engine, "SELECT close, total_return FROM prices") == [(Decimal("301.25"), Decimal("412.5"))]
    assert [counted(engine, table) for table in ("goals", "budgets", "life_events")] == [1, 1, 1]


@pytest.mark.parametrize("kind", SAMPLES)
def test_loading_a_file_again_changes_nothing(engine: Engine, tmp_path: Path, kind: str) -> None:
    load_samples(engine, tmp_path)
    before = versions(engine)
    counts = load(engine, tmp_path, kind, SAMPLES[kind]).kinds[kind]
    assert (counts.new, counts.changed, counts.removed) == (0, 0, 0)
    assert counts.unchanged == len(SAMPLES[kind])
    assert versions(engine) == before


def test_a_changed_row_changes_that_row_and_the_version_of_that_household(engine: Engine, tmp_path: Path) -> None:
    households = [HOUSEHOLD, HOUSEHOLD | {"external_id": "bob"}]
    load(engine, tmp_path, "households", households)
    before = versions(engine)
    households[1] |= {"annual_income": "90000.00"}
    counts = load(engine, tmp_path, "households", households).kinds["households"]
    assert (counts.new, counts.changed, counts.unchanged) == (0, 1, 1)
    assert versions(engine) == {"ada": before["ada"], "bob": before["bob"] + 1}


def test_a_new_row_leaves_the_others_as_they_are(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    counts = load(engine, tmp_path, "transactions", [TRANSACTION, TRANSACTION | {"external_id": "t2"}])
    assert (counts.kinds["transactions"].new, counts.kinds["transactions"].unchanged) == (1, 1)


def test_a_sale_is_corrected_and_leaves_the_lots_as_they_are(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    before = versions(engine)["ada"]
    counts = load(engine, tmp_path, "sales", [SALE | {"proceeds": "99.99"}]).kinds["sales"]
    assert (counts.new, counts.changed, counts.removed) == (0, 1, 0)
    assert query(engine, "SELECT proceeds FROM sales") == [(Decimal("99.99"),)]
    assert query(engine, "SELECT quantity FROM tax_lots") == [(Decimal("10.5"),)]
    assert versions(engine)["ada"] == before + 1


def test_a_column_that_the_file_lacks_stays_as_it_is(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    load(engine, tmp_path, "goals", [GOAL | {"status": "ACHIEVED"}])
    short = {name: value for name, value in GOAL.items() if name != "status"}
    load(engine, tmp_path, "goals", [short | {"name": "Our house"}])
    assert query(engine, "SELECT name, status FROM goals") == [("Our house", "ACHIEVED")]


def test_holdings_replace_all_lots_of_the_accounts_that_the_file_names(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    lots = [HOLDING | {"symbol": "BND"}, HOLDING | {"symbol": "BND", "quantity": "3"}]
    counts = load(engine, tmp_path, "holdings", lots).kinds["holdings"]
    assert (counts.new, counts.removed) == (2, 1)
    assert query(engine, "SELECT symbol, quantity FROM tax_lots ORDER BY quantity") == [
        ("BND", Decimal(3)),
        ("BND", Decimal("10.5")),
    ]
    assert load(engine, tmp_path, "holdings", lots[::-1]).kinds["holdings"].unchanged == 2


def test_a_household_of_the_api_keeps_its_id(engine: Engine, tmp_path: Path) -> None:
    made = derived("elsewhere", "ada")
    query(
        engine,
        f"INSERT INTO users (id, external_id, source, currency, data_version, created_at) "
        f"VALUES ('{made}', 'ada', 'api', 'USD', 1, now()) RETURNING id",
    )
    load_samples(engine, tmp_path)
    assert query(engine, "SELECT id, source FROM users") == [(made, "api")]
    assert query(engine, "SELECT user_id FROM budgets") == [(made,)]


def test_the_kind_may_be_named_and_the_format_too(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, "households", [HOUSEHOLD]).rename(tmp_path / "export.txt")
    report = load_file(engine, path, kind="households", format="csv", today=TODAY)
    assert report.kinds["households"].new == 1


def test_parquet_holds_numbers_dates_and_truth_values(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    path = tmp_path / "transactions.parquet"
    pl.DataFrame(
        {
            "user": pl.Series(["ada"], dtype=pl.Categorical),
            "external_id": [17],
            "date": [date(2026, 6, 2)],
            "amount": [-0.07],
            "category": ["dining"],
            "account": pl.Series([None], dtype=pl.String),
        }
    ).write_parquet(path)
    load_file(engine, path, today=TODAY)
    assert query(engine, "SELECT date, amount, account_id FROM transactions WHERE external_id = '17'") == [
        (date(2026, 6, 2), Decimal("-0.07"), None)
    ]


def test_a_byte_order_mark_carriage_returns_and_blank_lines_are_no_matter(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, "households", [HOUSEHOLD])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n,,,,,,,,,,,,,,,,,,\r\n")
    assert load_file(engine, path, today=TODAY).read == 1


def test_prices_of_an_asset_class_need_no_asset_class(engine: Engine, tmp_path: Path) -> None:
    row = {name: PRICE[name] for name in ("date", "close")} | {"symbol": "US_BONDS"}
    load(engine, tmp_path, "prices", [row])
    assert query(engine, "SELECT symbol, name, asset_class FROM assets") == [("US_BONDS", "US_BONDS", "US_BONDS")]


def test_a_known_symbol_needs_no_asset_class_again(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, "prices", [PRICE])
    short = {name: PRICE[name] for name in ("symbol", "close")} | {"date": "2026-06-30"}
    assert load(engine, tmp_path, "prices", [short]).kinds["prices"].new == 1
    assert query(engine, "SELECT name, asset_class FROM assets") == [("Total market", "US_EQUITY")]


def test_a_file_with_one_wrong_row_loads_nothing(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    before = versions(engine)
    rows = [TRANSACTION | {"external_id": f"new{row}"} for row in range(50)] + [TRANSACTION | {"user": "nobody"}]
    with pytest.raises(BadFile):
        load(engine, tmp_path, "transactions", rows)
    assert counted(engine, "transactions") == 1
    assert versions(engine) == before


def test_a_household_may_keep_its_money_in_another_currency_but_not_change_it(engine: Engine, tmp_path: Path) -> None:
    load(engine, tmp_path, "households", [HOUSEHOLD | {"currency": "EUR"}])
    with pytest.raises(BadFile, match="line 2, currency: this household keeps its money in EUR"):
        load(engine, tmp_path, "households", [HOUSEHOLD])
    load(engine, tmp_path, "households", [HOUSEHOLD | {"currency": ""}])
    assert query(engine, "SELECT currency FROM users") == [("EUR",)]


def test_a_budget_of_the_same_category_is_changed(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    load(engine, tmp_path, "budgets", [BUDGET | {"monthly_limit": "300"}])
    assert query(engine, "SELECT category, monthly_limit FROM budgets") == [("dining", Decimal(300))]


def test_an_account_that_is_closed_to_the_file_stays(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    load(engine, tmp_path, "accounts", [ACCOUNT])
    assert counted(engine, "accounts") == 2


def test_two_loads_of_the_same_file_at_once_write_it_once(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, "households", [HOUSEHOLD | {"external_id": f"h{row}"} for row in range(50)])
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: load_file(engine, path, today=TODAY), range(2)))
    assert sorted(report.kinds["households"].new for report in reports) == [0, 50]


def test_an_id_that_is_taken_is_a_conflict_and_loads_nothing(engine: Engine, tmp_path: Path) -> None:
    load_samples(engine, tmp_path)
    query(engine, "UPDATE goals SET external_id = 'renamed' RETURNING 1")
    with pytest.raises(Conflict, match="nothing was loaded"):
        load(engine, tmp_path, "goals", [GOAL])
    assert query(engine, "SELECT external_id FROM goals") == [("renamed",)]


def test_progress_ends_with_the_whole(engine: Engine, tmp_path: Path) -> None:
    stages: list[tuple[str, float]] = []
    path = write(tmp_path, "households", [HOUSEHOLD])
    load_file(engine, path, today=TODAY, progress=lambda stage, share: stages.append((stage, share)))
    assert stages == [("reading households.csv", 0.0), ("loading households", 0.3), ("loaded households.csv", 1.0)]
