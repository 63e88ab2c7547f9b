"""One good row of every kind, and files of such rows."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from store.loading import LoadReport, load_file
from store.session import transaction

TODAY = date(2026, 6, 30)
Row = dict[str, str]

HOUSEHOLD: Row = {
    "external_id": "ada",
    "currency": "USD",
    "birth_date": "1980-05-17",
    "annual_income": "84000.00",
    "net_worth": "120000.50",
    "liquid_assets": "9000",
    "total_debt": "1500.25",
    "monthly_expenses": "3100.00",
    "marital_status": "MARRIED",
    "dependents": "2",
    "employment": "EMPLOYED",
    "homeowner": "true",
    "filing_status": "MARRIED_JOINTLY",
    "region": "US-CA",
    "education": "DEGREE",
    "sex": "FEMALE",
    "stated_risk_tolerance": "MODERATE",
    "weight": "1.5",
    "assumed": "monthly_expenses;filing_status",
}
ACCOUNT: Row = {
    "user": "ada",
    "external_id": "card",
    "name": "Blue card",
    "kind": "CREDIT_CARD",
    "balance": "-1500.25",
    "interest_rate": "0.1999",
    "minimum_payment": "35.00",
    "employer_match_rate": "",
    "employer_match_limit": "",
    "assumed": "",
}
BROKERAGE: Row = ACCOUNT | {"external_id": "broker", "name": "Broker", "kind": "TAXABLE", "balance": "5000.00"}
HOLDING: Row = {
    "user": "ada",
    "account": "broker",
    "symbol": "VTI",
    "quantity": "10.5",
    "cost_basis": "2100.00",
    "acquired": "2021-03-01",
}
SALE: Row = {
    "user": "ada",
    "external_id": "s1",
    "account": "broker",
    "symbol": "VTI",
    "quantity": "0.5",
    "cost_basis": "100.00",
    "proceeds": "120.25",
    "acquired": "2021-03-01",
    "sold": "2026-06-30",
}
GOAL: Row = {
    "user": "ada",
    "external_id": "house",
    "name": "A house",
    "kind": "HOME_PURCHASE",
    "target_amount": "60000.00",
    "target_date": "2031-01-01",
    "saved_amount": "5000.00",
    "monthly_contribution": "400.00",
    "priority": "HIGH",
    "status": "ACTIVE",
    "assumed": "",
}
TRANSACTION: Row = {
    "user": "ada",
    "external_id": "t1",
    "account": "card",
    "date": "2026-06-01",
    "amount": "-12.50",
    "category": "groceries",
    "merchant": "Corner Shop",
    "hour": "18",
}
BUDGET: Row = {"user": "ada", "category": "dining", "monthly_limit": "250.00"}
LIFE_EVENT: Row = {"user": "ada", "event": "CHILD", "date": "2015-02-03"}
PRICE: Row = {
    "symbol": "VTI",
    "date": "2026-06-29",
    "close": "301.25",
    "total_return": "412.5",
    "asset_class": "US_EQUITY",
    "name": "Total market",
}

SAMPLES: Mapping[str, Sequence[Row]] = {
    "households": [HOUSEHOLD],
    "accounts": [ACCOUNT, BROKERAGE],
    "prices": [PRICE],
    "holdings": [HOLDING],
    "sales": [SALE],
    "goals": [GOAL],
    "transactions": [TRANSACTION],
    "budgets": [BUDGET],
    "life_events": [LIFE_EVENT],
}


def write(folder: Path, kind: str, rows: Sequence[Mapping[str, str]]) -> Path:
    """A CSV file with the columns of the first row."""
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(engine: Engine, folder: Path, kind: str, rows: Sequence[Mapping[str, str]]) -> LoadReport:
    """Loads rows of one kind from a file."""
    return load_file(engine, write(folder, kind, rows), today=TODAY)


def load_samples(engine: Engine, folder: Path) -> None:
    """Loads the sample of every kind."""
    for kind, rows in SAMPLES.items():
        load(engine, folder, kind, rows)


def query(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a statement that sees everyone."""
    with transaction(engine, everyone=True) as session:
        return [tuple(row) for row in session.connection().execute(text(statement))]


def counted(engine: Engine, table: str) -> int:
    """How many rows a table has."""
    return int(query(engine, f"SELECT count(*) FROM {table}")[0][0])


def versions(engine: Engine) -> dict[str, int]:
    """Data versions by household."""
    return dict(query(engine, "SELECT external_id, data_version FROM users"))
