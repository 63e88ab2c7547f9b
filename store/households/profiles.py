"""What a household states of itself, and what follows from it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, inspect
from sqlmodel import Session

from engine.facts import Source
from engine.features.balance_sheet import CASH
from engine.features.cash_flow import cash_flow, rate
from store.errors import NotFound
from store.facts import load_facts
from store.facts_sql import TOTALS
from store.households.version import NO_USER, raise_version
from store.tables import FinancialProfile

CLEARABLE = frozenset(column.name for column in inspect(FinancialProfile).columns if column.nullable)
"""Columns that may be unknown."""

RATE_SOURCES: tuple[Source, ...] = ("profile", "accounts", "cash_flows")
RATE_PLACES = 6


def profiles_of(session: Session, users: Collection[UUID], today: date) -> dict[UUID, Row[Any]]:
    """Profiles with currency, age and debt to income; totals are those of the accounts where there are any."""
    parameters = {"users": list(users), "today": today, "cash": [kind.value for kind in CASH]}
    return {row.user_id: row for row in session.connection().exec_driver_sql(_PROFILES, parameters)}


def savings_rates(session: Session, users: Sequence[UUID], today: date) -> dict[UUID, float]:
    """Share of income that is not spent, for users whose spending is stated or observed rather than assumed."""
    facts = load_facts(session, users, RATE_SOURCES, today)
    flow = cash_flow(facts)
    known = zip(users, rate(flow), flow.assumed, strict=True)
    return {user: round(float(share), RATE_PLACES) + 0.0 for user, share, assumed in known if not assumed}


def update_profile(session: Session, user_id: UUID, columns: Mapping[str, Any]) -> None:
    """Changes the given columns alone."""
    profile = session.get(FinancialProfile, user_id)
    if profile is None:
        raise NotFound(NO_USER)
    if columns:
        raise_version(session, user_id)
        state(profile, columns)
        session.flush()


def state(row: Any, columns: Mapping[str, Any]) -> None:
    """Sets columns of a row; what the household states itself is not assumed any more."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.assumed = [name for name in row.assumed if name not in columns]


_PROFILES = f"""
WITH {TOTALS}, known AS (
    SELECT p.user_id, u.currency, extract(year FROM age(%(today)s, p.birth_date))::int AS age, p.annual_income,
           coalesce(t.net_worth, p.net_worth) AS net_worth,
           coalesce(t.liquid_assets, p.liquid_assets) AS liquid_assets,
           coalesce(t.total_debt, p.total_debt) AS total_debt,
           p.monthly_expenses, p.marital_status, p.dependents, p.employment, p.homeowner, p.filing_status, p.region,
           p.education, p.sex, p.stated_risk_tolerance, p.capital_loss_carryforward
    FROM users AS u JOIN financial_profiles AS p ON p.user_id = u.id LEFT JOIN totals AS t ON t.user_id = u.id
    WHERE u.id = ANY(%(users)s::uuid[])
)
SELECT *, CASE WHEN annual_income > 0 THEN round(total_debt / annual_income, 6)::float8 END AS debt_to_income
FROM known
"""  # noqa: S608 - of two constants
