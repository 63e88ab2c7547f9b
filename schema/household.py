"""What is known of a household, as it is shown; rows of the store are read by attribute."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import Row

from schema.connections import Connection, known
from schema.context import Info
from schema.enums import (
    AccountKind,
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
    GoalStatus,
    MaritalStatus,
    Priority,
    RiskLevel,
    Sex,
)
from schema.walks import walk_sales
from store import tables
from store.households.holdings import holdings_of
from store.households.profiles import savings_rates


async def _savings_rate(parent: strawberry.Parent[Row[Any]], info: Info) -> float | None:
    return await info.context.loaders.find(savings_rates, parent.user_id, today=info.context.today)


async def _holdings(parent: strawberry.Parent[tables.Account], info: Info) -> Any:
    return await info.context.loaders.load(holdings_of, parent.id, today=info.context.today)


async def _sales(
    parent: strawberry.Parent[tables.Account], info: Info, first: int = 10, after: str | None = strawberry.UNSET
) -> Any:
    return await walk_sales(info.context, parent.id, first=first, after=known(after))


@strawberry.type(description="What the household states of itself; where accounts exist, their totals win.")
class FinancialProfile:
    """A row of `store.households.profiles`."""

    currency: str = strawberry.field(description="ISO 4217; all money of the household is in it.")
    age: int
    annual_income: Decimal
    net_worth: Decimal
    liquid_assets: Decimal
    total_debt: Decimal
    monthly_expenses: Decimal | None
    debt_to_income: float | None = strawberry.field(description="Null without income.")
    savings_rate: float | None = strawberry.field(
        resolver=_savings_rate, description="Share of income that is not spent; null where spending is not known."
    )
    marital_status: MaritalStatus
    dependents: int
    employment: EmploymentStatus
    homeowner: bool
    filing_status: FilingStatus | None
    region: str | None = strawberry.field(description="ISO 3166-2, for tax and price level.")
    education: Education | None
    sex: Sex | None
    stated_risk_tolerance: RiskLevel | None
    capital_loss_carryforward: Decimal | None = strawberry.field(
        description="Net capital losses of earlier years that no tax return has used yet; null where not known."
    )


@strawberry.type(description="The lots of a security in one account, at the latest price, at cost where none is known.")
class Holding:
    """A row of `store.households.holdings`."""

    symbol: str
    asset_class: str
    quantity: float
    market_value: Decimal
    cost_basis: Decimal
    unrealized_gain: Decimal


@strawberry.type(description="A tax lot, or a part of one, that was sold.")
class Sale:
    """A row of `store.households.sales`."""

    id: strawberry.ID
    symbol: str
    quantity: float
    cost_basis: Decimal
    proceeds: Decimal
    gain: Decimal
    acquired: date
    sold: date


@strawberry.type(description="An asset or a debt.")
class Account:
    """A row of `accounts`."""

    id: strawberry.ID
    name: str
    kind: AccountKind
    balance: Decimal = strawberry.field(description="Negative for what is owed.")
    interest_rate: float | None = strawberry.field(description="A year, of what is owed or earned.")
    minimum_payment: Decimal | None
    employer_match_rate: float | None = strawberry.field(
        description="What the employer adds to each unit saved, up to a share of pay."
    )
    employer_match_limit: float | None
    holdings: list[Holding] = strawberry.field(resolver=_holdings)
    sales: Connection[Sale] = strawberry.field(resolver=_sales, description="Of its securities, the latest first.")


@strawberry.type(description="What the household wants to have, and by when.")
class Goal:
    """A row of `goals`."""

    id: strawberry.ID
    name: str
    kind: GoalKind
    target_amount: Decimal
    target_date: date
    saved_amount: Decimal
    monthly_contribution: Decimal
    priority: Priority
    status: GoalStatus


@strawberry.type(description="Money that moved; out is negative.")
class Transaction:
    """A row of `transactions`."""

    id: strawberry.ID
    date: date
    amount: Decimal
    category: str
    merchant: str | None
    hour: int | None = strawberry.field(description="Of the day, 0 to 23; null where it is not known.")
