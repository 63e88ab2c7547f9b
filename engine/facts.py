"""What is known of a batch of users, as arrays by source.

A batch of n users: sources with one row a user are arrays of length n; sources with several rows a user carry `user`,
the position (0..n-1) of the row's user, ascending. Money is float64 in the user's currency, rates are a year, enums are
codes (`engine.enums`), NaN and `UNKNOWN` mean not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from engine.errors import SourceNotLoaded

Source = Literal[
    "profile",
    "accounts",
    "holdings",
    "sales",
    "goals",
    "ended_goals",
    "cash_flows",
    "income",
    "transactions",
    "budgets",
    "life_events",
    "prices",
]

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One row a user; where accounts exist, net worth, liquid assets and debt are summed from them."""

    currency: Objects
    age: Floats
    annual_income: Floats
    net_worth: Floats
    liquid_assets: Floats
    total_debt: Floats
    monthly_expenses: Floats
    marital_status: Codes
    dependents: Floats
    employment: Codes
    homeowner: Flags
    filing_status: Codes
    region: Objects
    education: Codes
    sex: Codes
    stated_risk_tolerance: Codes
    capital_loss_carryforward: Floats
    """Net losses of earlier years that no tax return has used yet, as a positive amount."""
    expenses_assumed: Flags
    """Whether `monthly_expenses` were supplied by an assumption of whoever loaded them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """One row an account; what is owed is negative."""

    user: Positions
    id: Objects
    name: Objects
    kind: Codes
    balance: Floats
    interest_rate: Floats
    minimum_payment: Floats
    employer_match_rate: Floats
    employer_match_limit: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """One row a tax lot, at the latest price known (the cost basis where there is none)."""

    user: Positions
    account: Objects
    symbol: Objects
    asset_class: Objects
    quantity: Floats
    market_value: Floats
    cost_basis: Floats
    acquired: Dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """One row a lot, or part of one, that was sold in the last five years, oldest sale first within a user."""

    user: Positions
    account: Objects
    symbol: Objects
    quantity: Floats
    cost_basis: Floats
    proceeds: Floats
    """What came in, after fees."""
    acquired: Dates
    sold: Dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """One row an active goal."""

    user: Positions
    id: Objects
    name: Objects
    kind: Codes
    target_amount: Floats
    target_date: Dates
    saved_amount: Floats
    monthly_contribution: Floats
    priority: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedGoals:
    """One row a goal that is no longer pursued, because it was reached or given up."""

    user: Positions
    kind: Codes
    target_date: Dates
    status: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class CashFlows:
    """Sums of transactions by month and category: `amount` is users x months x categories, signed.

    `months` are the complete months up to the last, oldest first; `observed` counts the months since a user's first
    transaction (0 where there is none, or none arrives any more); before those, amounts are 0 and mean nothing.
    """

    months: Dates
    categories: tuple[str, ...]
    amount: Floats
    observed: Positions
    stopped: Dates | None = None
    """The month of the last transaction where none arrives any more, NaT elsewhere; None where all of them do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """One row an income transaction of the last twelve months, oldest first within a user."""

    user: Positions
    date: Dates
    amount: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Transactions:
    """One row a transaction of the last thirteen months, oldest first within a user.

    `category` is a position in `engine.transactions.CATEGORY_NAMES`, `merchant` None where it is not known.
    """

    user: Positions
    date: Dates
    amount: Floats
    category: Positions
    merchant: Objects
    hour: Floats
    """Of the day, 0 to 23; NaN where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """One row a budgeted category."""

    user: Positions
    category: Objects
    monthly_limit: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvents:
    """One row an event of the past."""

    user: Positions
    event: Codes
    date: Dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """One row a symbol, the same for all users: weekly levels of what somebody holds or sold and of the chosen funds.

    Levels are symbols x weeks, NaN where there is none; `total_return` reinvests distributions and may be unknown.
    """

    symbol: Objects
    asset_class: Objects
    rank: Positions
    """1 for the fund that stands for its asset class, 2 for the next best, 0 for what is merely held or was sold."""
    latest: Dates
    """Day of the last level."""
    weeks: Dates
    close: Floats
    total_return: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A batch of users and the sources that were loaded for them; reading another raises `SourceNotLoaded`."""

    today: date
    users: Objects
    sources: Mapping[Source, object]

    def __len__(self) -> int:
        return len(self.users)

    @property
    def profile(self) -> Profile:
        return cast(Profile, self._source("profile"))

    @property
    def accounts(self) -> Accounts:
        return cast(Accounts, self._source("accounts"))

    @property
    def holdings(self) -> Holdings:
        return cast(Holdings, self._source("holdings"))

    @property
    def sales(self) -> Sales:
        return cast(Sales, self._source("sales"))

    @property
    def goals(self) -> Goals:
        return cast(Goals, self._source("goals"))

    @property
    def ended_goals(self) -> EndedGoals:
        return cast(EndedGoals, self._source("ended_goals"))

    @property
    def cash_flows(self) -> CashFlows:
        return cast(CashFlows, self._source("cash_flows"))

    @property
    def income(self) -> Income:
        return cast(Income, self._source("income"))

    @property
    def transactions(self) -> Transactions:
        return cast(Transactions, self._source("transactions"))

    @property
    def budgets(self) -> Budgets:
        return cast(Budgets, self._source("budgets"))

    @property
    def life_events(self) -> LifeEvents:
        return cast(LifeEvents, self._source("life_events"))

    @property
    def prices(self) -> Prices:
        return cast(Prices, self._source("prices"))

    def _source(self, name: Source) -> object:
        if name not in self.sources:
            raise SourceNotLoaded(name)
        return self.sources[name]

    def count(self, user: Positions) -> Floats:
        """Counts rows by user: length n."""
        return np.bincount(user, minlength=len(self)).astype(np.float64)

    def total(self, user: Positions, values: Floats) -> Floats:
        """Sums rows by user: length n."""
        return np.bincount(user, weights=values, minlength=len(self)).astype(np.float64)
