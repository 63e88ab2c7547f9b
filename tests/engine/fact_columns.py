"""Sources of facts from households by hand: rows as mappings to arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from engine.enums import (
    AccountKind,
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
    GoalStatus,
    LifeEvent,
    MaritalStatus,
    Priority,
    RiskLevel,
    Sex,
    codes,
)
from engine.facts import (
    Accounts,
    Budgets,
    CashFlows,
    EndedGoals,
    Goals,
    Holdings,
    Income,
    LifeEvents,
    Prices,
    Profile,
    Sales,
    Transactions,
)
from engine.transactions import CATEGORY_NAMES

MONTHS = 36
Row = Mapping[str, object]

ENUMS = {
    "marital_status": MaritalStatus,
    "employment": EmploymentStatus,
    "filing_status": FilingStatus,
    "education": Education,
    "sex": Sex,
    "stated_risk_tolerance": RiskLevel,
}
NUMBERS = (
    "age",
    "annual_income",
    "net_worth",
    "liquid_assets",
    "total_debt",
    "monthly_expenses",
    "dependents",
    "capital_loss_carryforward",
)
FLAGS = ("homeowner", "expenses_assumed")


def profile(households: Sequence[Row]) -> Profile:
    """One row a household."""
    names = (*NUMBERS, *ENUMS, *FLAGS, "currency", "region")
    columns = {name: [_field(each, "profile")[name] for each in households] for name in names}
    made: dict[str, object] = {name: _floats(columns[name]) for name in NUMBERS}
    made |= {name: codes(enum, _objects(columns[name])) for name, enum in ENUMS.items()}
    made |= {name: _objects(columns[name]) for name in ("currency", "region")}
    made |= {name: np.array(columns[name], dtype=np.bool_) for name in FLAGS}
    return Profile(**made)  # type: ignore[arg-type]


def accounts(households: Sequence[Row]) -> Accounts:
    """One row an account."""
    user, rows = _rows(households, "accounts")
    return Accounts(
        user=user,
        id=ids("account", _numbers(user)),
        name=_objects([row["name"] for row in rows]),
        kind=codes(AccountKind, _objects([row["kind"] for row in rows])),
        balance=_floats([row["balance"] for row in rows]),
        interest_rate=_floats([row.get("interest_rate") for row in rows]),
        minimum_payment=_floats([row.get("minimum_payment") for row in rows]),
        employer_match_rate=_floats([row.get("employer_match_rate") for row in rows]),
        employer_match_limit=_floats([row.get("employer_match_limit") for row in rows]),
    )


def goals(households: Sequence[Row]) -> Goals:
    """One row a goal."""
    user, rows = _rows(households, "goals")
    return Goals(
        user=user,
        id=ids("goal", _numbers(user)),
        name=_objects([row["name"] for row in rows]),
        kind=codes(GoalKind, _objects([row["kind"] for row in rows])),
        target_amount=_floats([row["target_amount"] for row in rows]),
        target_date=_dates([row["target_date"] for row in rows]),
        saved_amount=_floats([row["saved_amount"] for row in rows]),
        monthly_contribution=_floats([row["monthly_contribution"] for row in rows]),
        priority=codes(Priority, _objects([row["priority"] for row in rows])),
    )


def ended_goals(households: Sequence[Row]) -> EndedGoals:
    """One row a goal that was reached or given up."""
    user, rows = _rows(households, "ended_goals")
    return EndedGoals(
        user=user,
        kind=codes(GoalKind, _objects([row["kind"] for row in rows])),
        target_date=_dates([row["target_date"] for row in rows]),
        status=codes(GoalStatus, _objects([row["status"] for row in rows])),
    )


def cash_flows(households: Sequence[Row], today: date) -> CashFlows:
    """Sums by month and category, the last month the one before today's."""
    amount = np.zeros((len(households), MONTHS, len(CATEGORY_NAMES)))
    for user, each in enumerate(households):
        known = list(each["months"])  # type: ignore[call-overload]
        for back, month in enumerate(reversed(known[-MONTHS:])):
            for category, value in month.items():
                amount[user, MONTHS - 1 - back, CATEGORY_NAMES.index(category)] += value
    last = np.datetime64(today, "M")
    return CashFlows(
        months=np.arange(last - MONTHS, last).astype("datetime64[M]"),
        categories=CATEGORY_NAMES,
        amount=amount,
        observed=_ints([min(len(each["months"]), MONTHS) for each in households]),  # type: ignore[arg-type]
    )


def income(households: Sequence[Row]) -> Income:
    """One row a deposit."""
    rows = [(user, day, value) for user, each in enumerate(households) for day, value in sorted(each["pay"])]  # type: ignore[call-overload]
    return Income(
        user=_ints([row[0] for row in rows]),
        date=_dates([row[1] for row in rows]),
        amount=_floats([row[2] for row in rows]),
    )


def transactions(households: Sequence[Row]) -> Transactions:
    """One row a payment: (day, amount, category), and where known its merchant and its hour."""
    rows = [
        (user, day, value, category, *more, *(None, None)[len(more) :])
        for user, each in enumerate(households)
        for day, value, category, *more in sorted(each["transactions"], key=lambda row: row[0])  # type: ignore[call-overload]
    ]
    return Transactions(
        user=_ints([row[0] for row in rows]),
        date=_dates([row[1] for row in rows]),
        amount=_floats([row[2] for row in rows]),
        category=_ints([CATEGORY_NAMES.index(row[3]) for row in rows]),
        merchant=_objects([row[4] for row in rows]),
        hour=_floats([row[5] for row in rows]),
    )


def budgets(households: Sequence[Row]) -> Budgets:
    """One row a budgeted category."""
    rows = [
        (user, name, limit) for user, each in enumerate(households) for name, limit in _field(each, "budgets").items()
    ]
    return Budgets(
        user=_ints([row[0] for row in rows]),
        category=_objects([row[1] for row in rows]),
        monthly_limit=_floats([row[2] for row in rows]),
    )


def no_prices() -> Prices:
    """As where no prices were loaded."""
    nothing = np.zeros((0, 0))
    return Prices(
        symbol=_objects([]),
        asset_class=_objects([]),
        rank=_ints([]),
        latest=_dates([]),
        weeks=_dates([]),
        close=nothing,
        total_return=nothing,
    )


def holdings(households: Sequence[Row]) -> Holdings:
    """Lots of all accounts; ids as `accounts` gives them."""
    user, account, lots = _in_accounts(households, "lots")
    return Holdings(
        user=user,
        account=account,
        symbol=_objects([made["symbol"] for made in lots]),
        asset_class=_objects([made.get("asset_class", made["symbol"]) for made in lots]),
        quantity=_floats([made["quantity"] for made in lots]),
        market_value=_floats([made["quantity"] for made in lots]) * _floats([made["price"] for made in lots]),
        cost_basis=_floats([made["cost_basis"] for made in lots]),
        acquired=_dates([made["acquired"] for made in lots]),
    )


def sales(households: Sequence[Row]) -> Sales:
    """What was sold in all accounts, oldest first within a household; ids as `accounts` gives them."""
    user, account, rows = _in_accounts(households, "sales")
    made = Sales(
        user=user,
        account=account,
        symbol=_objects([row["symbol"] for row in rows]),
        quantity=_floats([row["quantity"] for row in rows]),
        cost_basis=_floats([row["cost_basis"] for row in rows]),
        proceeds=_floats([row["proceeds"] for row in rows]),
        acquired=_dates([row["acquired"] for row in rows]),
        sold=_dates([row["sold"] for row in rows]),
    )
    order = np.lexsort((made.sold, made.user))
    return Sales(**{column.name: getattr(made, column.name)[order] for column in fields(Sales)})


def life_events() -> LifeEvents:
    """None."""
    return LifeEvents(user=_ints([]), event=codes(LifeEvent, _objects([])), date=_dates([]))


def _field(each: Row, name: str) -> dict[str, object]:
    found = each[name]
    assert isinstance(found, dict)
    return found


def _rows(households: Sequence[Row], name: str) -> tuple[NDArray[np.int64], list[Row]]:
    rows = [(user, row) for user, each in enumerate(households) for row in each[name]]  # type: ignore[attr-defined]
    return _ints([user for user, _ in rows]), [row for _, row in rows]


def _in_accounts(
    households: Sequence[Row], name: str
) -> tuple[NDArray[np.int64], NDArray[np.object_], list[dict[str, object]]]:
    """Rows that accounts carry, with their user and the id of their account."""
    user, accounts = _rows(households, "accounts")
    names = ids("account", _numbers(user))
    carried = [(place, row) for place, each in enumerate(accounts) for row in each.get(name, ())]  # type: ignore[attr-defined]
    places = _ints([place for place, _ in carried])
    return user[places], names[places], [row for _, row in carried]


def _numbers(user: NDArray[np.int64]) -> list[int]:
    """Counted from each user's first row, so that a user's ids do not depend on the batch."""
    return [int(position) for position in np.arange(len(user)) - np.searchsorted(user, user)]


def ids(kind: str, numbers: Sequence[int]) -> NDArray[np.object_]:
    """UUIDs that count."""
    return _objects([UUID(int=(len(kind) << 64) + number) for number in numbers])


def _floats(values: Sequence[object]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _ints(values: Sequence[int] | Sequence[object]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _dates(values: Sequence[object]) -> NDArray[np.datetime64]:
    return np.array(values, dtype="datetime64[D]")


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    made = np.empty(len(values), dtype=np.object_)
    made[:] = values
    return made
