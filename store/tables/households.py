"""What is known of a household: every row has an owner and is seen by that owner alone."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from engine import enums
from store.tables.columns import (
    MONEY,
    MONEY_SUM,
    QUANTITY,
    RATE,
    at_least,
    one_of,
    owner,
    row_id,
    share,
    timestamp,
)


def assumed() -> Any:
    """Names of the columns whose value a documented assumption supplied."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))


class User(SQLModel, table=True):
    """One household; `data_version` is raised by every write to what is known of it."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso_4217"),)

    id: UUID = row_id()
    external_id: str | None = Field(default=None, unique=True)
    source: str = "api"
    currency: str = "USD"
    weight: Decimal | None = Field(default=None, sa_type=QUANTITY)
    data_version: int = 1
    created_at: dt.datetime = timestamp()


class FinancialProfile(SQLModel, table=True):
    """What the household states of itself; where accounts exist, their sums win over the totals here."""

    __tablename__ = "financial_profiles"
    __table_args__ = (
        one_of("marital_status", enums.MaritalStatus),
        one_of("employment", enums.EmploymentStatus),
        one_of("filing_status", enums.FilingStatus),
        one_of("education", enums.Education),
        one_of("sex", enums.Sex),
        one_of("stated_risk_tolerance", enums.RiskLevel),
        at_least("dependents", 0),
        at_least("total_debt", 0),
        at_least("monthly_expenses", 0),
        at_least("capital_loss_carryforward", 0),
    )

    user_id: UUID = owner(primary_key=True)
    birth_date: dt.date
    annual_income: Decimal = Field(sa_type=MONEY)
    net_worth: Decimal = Field(sa_type=MONEY)
    liquid_assets: Decimal = Field(sa_type=MONEY)
    total_debt: Decimal = Field(sa_type=MONEY)
    monthly_expenses: Decimal | None = Field(default=None, sa_type=MONEY)
    marital_status: str
    dependents: int
    employment: str
    homeowner: bool
    filing_status: str | None = None
    region: str | None = None
    education: str | None = None
    sex: str | None = None
    stated_risk_tolerance: str | None = None
    capital_loss_carryforward: Decimal | None = Field(default=None, sa_type=MONEY)
    assumed: list[str] = assumed()


class Account(SQLModel, table=True):
    """An asset or a debt; what is owed is negative, rates are a year."""

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("kind", enums.AccountKind),
        at_least("minimum_payment", 0),
        at_least("employer_match_rate", 0),
        share("employer_match_limit"),
        UniqueConstraint("user_id", "external_id"),
        UniqueConstraint("user_id", "id"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    external_id: str | None = None
    name: str
    kind: str
    balance: Decimal = Field(sa_type=MONEY)
    interest_rate: Decimal | None = Field(default=None, sa_type=RATE)
    minimum_payment: Decimal | None = Field(default=None, sa_type=MONEY)
    employer_match_rate: Decimal | None = Field(default=None, sa_type=RATE)
    employer_match_limit: Decimal | None = Field(default=None, sa_type=RATE)
    assumed: list[str] = assumed()


def account_of_same_user(*, ondelete: str) -> ForeignKeyConstraint:
    """A row may only point to an account of its own user."""
    return ForeignKeyConstraint(["user_id", "account_id"], ["accounts.user_id", "accounts.id"], ondelete=ondelete)


class TaxLot(SQLModel, table=True):
    """One purchase of a security in an account; a holding is the lots of one symbol in one account."""

    __tablename__ = "tax_lots"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        at_least("cost_basis", 0),
        account_of_same_user(ondelete="CASCADE"),
        Index("ix_tax_lots_user_id_account_id", "user_id", "account_id"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    account_id: UUID
    symbol: str
    quantity: Decimal = Field(sa_type=QUANTITY)
    cost_basis: Decimal = Field(sa_type=MONEY)
    acquired: dt.date


class Sale(SQLModel, table=True):
    """A tax lot, or a part of one, that was sold."""

    __tablename__ = "sales"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        at_least("cost_basis", 0),
        at_least("proceeds", 0),
        CheckConstraint("acquired <= sold", name="acquired_before_sold"),
        UniqueConstraint("user_id", "external_id"),
        account_of_same_user(ondelete="CASCADE"),
        Index("ix_sales_user_id_account_id_sold_id", "user_id", "account_id", "sold", "id"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    external_id: str | None = None
    account_id: UUID
    symbol: str
    quantity: Decimal = Field(sa_type=QUANTITY)
    cost_basis: Decimal = Field(sa_type=MONEY)
    proceeds: Decimal = Field(sa_type=MONEY)
    acquired: dt.date
    sold: dt.date


class Goal(SQLModel, table=True):
    """What the household wants to have, and by when."""

    __tablename__ = "goals"
    __table_args__ = (
        one_of("kind", enums.GoalKind),
        one_of("priority", enums.Priority),
        one_of("status", enums.GoalStatus),
        CheckConstraint("target_amount > 0", name="target_amount_positive"),
        at_least("saved_amount", 0),
        at_least("monthly_contribution", 0),
        UniqueConstraint("user_id", "external_id"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    external_id: str | None = None
    name: str
    kind: str
    target_amount: Decimal = Field(sa_type=MONEY)
    target_date: dt.date
    saved_amount: Decimal = Field(sa_type=MONEY)
    monthly_contribution: Decimal = Field(sa_type=MONEY)
    priority: str
    status: str = enums.GoalStatus.ACTIVE.value
    assumed: list[str] = assumed()


class Transaction(SQLModel, table=True):
    """Money that moved; out is negative."""

    __tablename__ = "transactions"
    __table_args__ = (
        UniqueConstraint("user_id", "external_id"),
        account_of_same_user(ondelete="SET NULL (account_id)"),
        Index("ix_transactions_user_id_date_id", "user_id", "date", "id"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_day"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    external_id: str | None = None
    account_id: UUID | None = None
    date: dt.date
    amount: Decimal = Field(sa_type=MONEY)
    category: str
    merchant: str | None = None
    hour: int | None = Field(default=None, sa_type=SmallInteger)


class MonthlyFlow(SQLModel, table=True):
    """Sum of a household's transactions in one month and category; a trigger keeps it in step (migration 0004)."""

    __tablename__ = "monthly_flows"

    user_id: UUID = owner(primary_key=True)
    month: dt.date = Field(primary_key=True)
    category: str = Field(primary_key=True)
    amount: Decimal = Field(sa_type=MONEY_SUM)
    count: int


class Budget(SQLModel, table=True):
    """The most that the household means to spend in a category and month."""

    __tablename__ = "budgets"
    __table_args__ = (at_least("monthly_limit", 0),)

    user_id: UUID = owner(primary_key=True)
    category: str = Field(primary_key=True)
    monthly_limit: Decimal = Field(sa_type=MONEY)


class LifeEvent(SQLModel, table=True):
    """Something that happened."""

    __tablename__ = "life_events"
    __table_args__ = (one_of("event", enums.LifeEvent),)

    user_id: UUID = owner(primary_key=True)
    event: str = Field(primary_key=True)
    date: dt.date = Field(primary_key=True)


class DemoTruth(SQLModel, table=True):
    """What the generator knows of a demo user and no model may read: the yardstick that models are judged with."""

    __tablename__ = "demo_truth"

    user_id: UUID = owner(primary_key=True)
    name: str = Field(primary_key=True)
    value: str
