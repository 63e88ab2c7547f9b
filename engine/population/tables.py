"""The population as columns by kind of household data: what a loader writes, and the truth kept apart from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]

HOUSEHOLDS = (
    "external_id", "currency", "birth_date", "annual_income", "net_worth", "liquid_assets", "total_debt",
    "monthly_expenses", "marital_status", "dependents", "employment", "homeowner", "filing_status", "region",
    "education", "sex", "stated_risk_tolerance", "weight", "assumed",
)  # fmt: skip
ACCOUNTS = (
    "user", "external_id", "name", "kind", "balance", "interest_rate", "minimum_payment", "employer_match_rate",
    "employer_match_limit", "assumed",
)  # fmt: skip
HOLDINGS = ("user", "account", "symbol", "quantity", "cost_basis", "acquired")
SALES = ("user", "external_id", "account", "symbol", "quantity", "cost_basis", "proceeds", "acquired", "sold")
GOALS = (
    "user", "external_id", "name", "kind", "target_amount", "target_date", "saved_amount", "monthly_contribution",
    "priority", "status", "assumed",
)  # fmt: skip
TRANSACTIONS = ("user", "external_id", "account", "date", "amount", "category", "merchant", "hour")
BUDGETS = ("user", "category", "monthly_limit")
LIFE_EVENTS = ("user", "event", "date")
PRICES = ("symbol", "date", "close", "total_return", "asset_class", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What no model may see: one row a household, and one row a planted anomaly.

    `years_to_*` are infinite where the event does not come within ten years; the columns named after biases hold
    strengths, 0 where the bias was not planted.
    """

    households: Columns
    anomalies: Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Synthetic households: a mapping from column to array for every kind of household data.

    Money is float to the cent, dates are datetime64[D], strings are objects (None where not known), unknown numbers
    NaN; `assumed` holds empty lists.
    """

    households: Columns
    accounts: Columns
    holdings: Columns
    sales: Columns
    goals: Columns
    transactions: Columns
    budgets: Columns
    life_events: Columns
    prices: Columns
    truth: Truth
