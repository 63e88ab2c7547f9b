"""The demo population goes the way of every file, and its truth is kept apart."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.demo import ORDER, load_demo
from tests.store.loading.samples import counted, query

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 30)
USERS = 12


@pytest.fixture
def demo(engine: Engine) -> Engine:
    load_demo(engine, users=USERS, seed=3, today=TODAY)
    return engine


def test_households_arrive_with_all_that_belongs_to_them(demo: Engine) -> None:
    tables = (
        "users",
        "financial_profiles",
        "accounts",
        "tax_lots",
        "sales",
        "goals",
        "transactions",
        "budgets",
        "prices",
    )
    assert [table for table in tables if counted(demo, table) == 0] == []
    assert query(demo, "SELECT source, count(*) FROM users GROUP BY source") == [("demo", USERS)]
    assert query(demo, "SELECT count(*) FROM transactions WHERE account_id IS NULL") == [(0,)]


def test_every_fund_has_a_price_and_an_asset_class(demo: Engine) -> None:
    unpriced = """
    SELECT symbol FROM tax_lots WHERE NOT EXISTS (SELECT FROM prices WHERE prices.symbol = tax_lots.symbol)
    """
    assert query(demo, unpriced) == []


def test_the_same_population_again_changes_nothing(demo: Engine) -> None:
    stages: list[tuple[str, float]] = []
    report = load_demo(
        demo, users=USERS, seed=3, today=TODAY, progress=lambda stage, share: stages.append((stage, share))
    )
    assert not report.changed_anything
    assert set(ORDER) < set(report.kinds)
    assert [share for _, share in stages] == sorted(share for _, share in stages)


def test_the_truth_is_in_no_table_but_its_own(demo: Engine) -> None:
    names = {name for (name,) in query(demo, "SELECT DISTINCT name FROM demo_truth WHERE name NOT LIKE 'anomaly:%'")}
    assert {"true_tolerance", "impulsiveness", "years_to_retirement"} <= names
    columns = query(
        demo, "SELECT DISTINCT column_name FROM information_schema.columns WHERE table_name <> 'demo_truth'"
    )
    assert not names & {column for (column,) in columns}


def test_no_package_above_or_below_the_store_knows_the_truth() -> None:
    readers = [
        path
        for package in ("engine", "schema", "server", "workers")
        for path in (ROOT / package).rglob("*.py")
        if "demo_truth" in (source := path.read_text("utf-8")) or "DemoTruth" in source
    ]
    assert readers == []
