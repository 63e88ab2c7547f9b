"""Households written straight to the tables, for tests of what reads them."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from store.ids import uuid7
from store.tables import Account, Budget, FinancialProfile, Goal, TaxLot, Transaction, User

TODAY = dt.date(2026, 6, 15)
NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
MONTHS = 12
SALARY = Decimal(4000)
RENT = Decimal(-1200)
GROCERIES = Decimal(-500)


def add_household(
    session: Session, external_id: str | None = None, *, months: int = MONTHS, today: dt.date = TODAY
) -> UUID:
    """An employed renter of 35 who earns 4,000 and spends 1,700 a month, with a card to pay off and a goal."""
    user = User(external_id=external_id)
    session.add(user)
    session.flush()
    accounts = _accounts(user.id)
    session.add(_profile(user.id))
    session.add_all(accounts.values())
    session.flush()
    session.add_all(
        [
            TaxLot(
                user_id=user.id,
                account_id=accounts["EMPLOYER_PLAN"].id,
                symbol="US_EQUITY",
                quantity=Decimal(20000),
                cost_basis=Decimal(15000),
                acquired=dt.date(2020, 1, 2),
            ),
            Goal(
                user_id=user.id,
                name="House",
                kind="HOME_PURCHASE",
                target_amount=Decimal(60000),
                target_date=dt.date(2031, 6, 1),
                saved_amount=Decimal(5000),
                monthly_contribution=Decimal(300),
                priority="HIGH",
            ),
            Budget(user_id=user.id, category="groceries", monthly_limit=Decimal(450)),
            *_transactions(user.id, months, today),
        ]
    )
    session.flush()
    return user.id


def _profile(user_id: UUID) -> FinancialProfile:
    return FinancialProfile(
        user_id=user_id,
        birth_date=dt.date(1991, 3, 1),
        annual_income=Decimal(60000),
        net_worth=Decimal(1),
        liquid_assets=Decimal(1),
        total_debt=Decimal(1),
        marital_status="SINGLE",
        dependents=0,
        employment="EMPLOYED",
        homeowner=False,
        filing_status="SINGLE",
        stated_risk_tolerance="MODERATE",
    )


def _accounts(user_id: UUID) -> dict[str, Account]:
    card: dict[str, Any] = {"interest_rate": Decimal("0.22"), "minimum_payment": Decimal(60)}
    match: dict[str, Any] = {"employer_match_rate": Decimal("0.5"), "employer_match_limit": Decimal("0.06")}
    rows: list[tuple[str, Decimal, dict[str, Any]]] = [
        ("CHECKING", Decimal(3000), {}),
        ("SAVINGS", Decimal(2000), {"interest_rate": Decimal("0.03")}),
        ("CREDIT_CARD", Decimal(-4000), card),
        ("EMPLOYER_PLAN", Decimal(20000), match),
    ]
    return {
        kind: Account(user_id=user_id, name=kind.title(), kind=kind, balance=balance, **more)
        for kind, balance, more in rows
    }


def _transactions(user_id: UUID, months: int, today: dt.date) -> list[Transaction]:
    first_days = [(today.replace(day=1) - dt.timedelta(days=30 * back)).replace(day=1) for back in range(1, months + 1)]
    return [
        Transaction(id=uuid7(), user_id=user_id, date=first.replace(day=day), amount=amount, category=category)
        for first in first_days
        for day, amount, category in ((1, SALARY, "salary"), (2, RENT, "rent"), (10, GROCERIES, "groceries"))
    ]
