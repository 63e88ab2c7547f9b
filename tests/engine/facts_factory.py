"""Facts by hand: an ordinary household and nasty ones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from engine.categories import CATEGORY_NAMES
from engine.enums import (
    AccountKind,
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
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
    Facts,
    Goals,
    Holdings,
    Income,
    LifeEvents,
    Prices,
    Profile,
    Source,
)

TODAY = date(2026, 9, 15)
MONTHS = 36
Row = Mapping[str, object]

PERSON: Row = {
    "currency": "USD",
    "age": 40.0,
    "annual_income": 60_000.0,
    "net_worth": 50_000.0,
    "liquid_assets": 8_000.0,
    "total_debt": 0.0,
    "monthly_expenses": 3_000.0,
    "marital_status": "SINGLE",
    "dependents": 0.0,
    "employment": "EMPLOYED",
    "homeowner": False,
    "filing_status": None,
    "region": None,
    "education": "DEGREE",
    "sex": "FEMALE",
    "stated_risk_tolerance": None,
}
UNKNOWN_PERSON: Row = {**dict.fromkeys(PERSON), "currency": "USD", "homeowner": False}
ENUMS = {
    "marital_status": MaritalStatus,
    "employment": EmploymentStatus,
    "filing_status": FilingStatus,
    "education": Education,
    "sex": Sex,
    "stated_risk_tolerance": RiskLevel,
}
ACCOUNT: Row = {"name": "Account", "kind": "CHECKING", "balance": 0.0}
GOAL: Row = {
    "name": "Goal",
    "kind": "TRAVEL",
    "target_amount": 5_000.0,
    "target_date": date(2028, 9, 15),
    "saved_amount": 0.0,
    "monthly_contribution": 0.0,
    "priority": "MEDIUM",
}
LOT: Row = {"acquired": date(2022, 3, 1)}


def account(kind: str, balance: float, **more: object) -> Row:
    """An account of a household."""
    return {**ACCOUNT, "kind": kind, "balance": balance, "name": kind.replace("_", " ").title(), **more}


def goal(kind: str, target_amount: float, **more: object) -> Row:
    """A goal of a household."""
    return {**GOAL, "kind": kind, "target_amount": target_amount, **more}


def household(
    *,
    accounts: Sequence[Row] = (),
    goals: Sequence[Row] = (),
    months: Sequence[Mapping[str, float]] = (),
    pay: Sequence[tuple[date, float]] = (),
    budgets: Mapping[str, float] | None = None,
    **profile: object,
) -> Row:
    """One household; `months` are signed sums by category, the oldest first, the last the month before today's."""
    return {
        "profile": {**PERSON, **profile},
        "accounts": accounts,
        "goals": goals,
        "months": months,
        "pay": pay,
        "budgets": budgets or {},
    }


def steady(income: float, spending: float, months: int = 24) -> list[dict[str, float]]:
    """Months that are all alike."""
    return [{"salary": income, "rent": -0.4 * spending, "groceries": -0.6 * spending} for _ in range(months)]


class Recording(Mapping[Source, object]):
    """Sources of facts that remember which were read."""

    def __init__(self, sources: Mapping[Source, object]) -> None:
        self.sources = sources
        self.read: set[Source] = set()

    def __getitem__(self, name: Source) -> object:
        self.read.add(name)
        return self.sources[name]

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def facts(*households: Row, today: date = TODAY) -> Facts:
    """All sources of a batch."""
    sources: dict[Source, object] = {
        "profile": _profile(households),
        "accounts": _accounts(households),
        "holdings": _holdings(households),
        "prices": no_prices(),
        "goals": _goals(households),
        "cash_flows": _cash_flows(households, today),
        "income": _income(households),
        "budgets": _budgets(households),
        "life_events": LifeEvents(user=_ints([]), event=codes(LifeEvent, _objects([])), date=_dates([])),
    }
    return Facts(today=today, users=_ids("user", range(len(households))), sources=sources)


def _profile(households: Sequence[Row]) -> Profile:
    columns = {name: [_field(each, "profile")[name] for each in households] for name in PERSON}
    made: dict[str, object] = {
        name: _floats(values) for name, values in columns.items() if isinstance(PERSON[name], float)
    }
    made |= {name: codes(enum, _objects(columns[name])) for name, enum in ENUMS.items()}
    made |= {name: _objects(columns[name]) for name in ("currency", "region")}
    made["homeowner"] = np.array(columns["homeowner"], dtype=np.bool_)
    return Profile(**made)  # type: ignore[arg-type]


def _accounts(households: Sequence[Row]) -> Accounts:
    user, rows = _rows(households, "accounts")
    return Accounts(
        user=user,
        id=_ids("account", _numbers(user)),
        name=_objects([row["name"] for row in rows]),
        kind=codes(AccountKind, _objects([row["kind"] for row in rows])),
        balance=_floats([row["balance"] for row in rows]),
        interest_rate=_floats([row.get("interest_rate") for row in rows]),
        minimum_payment=_floats([row.get("minimum_payment") for row in rows]),
        employer_match_rate=_floats([row.get("employer_match_rate") for row in rows]),
        employer_match_limit=_floats([row.get("employer_match_limit") for row in rows]),
    )


def _goals(households: Sequence[Row]) -> Goals:
    user, rows = _rows(households, "goals")
    return Goals(
        user=user,
        id=_ids("goal", _numbers(user)),
        name=_objects([row["name"] for row in rows]),
        kind=codes(GoalKind, _objects([row["kind"] for row in rows])),
        target_amount=_floats([row["target_amount"] for row in rows]),
        target_date=_dates([row["target_date"] for row in rows]),
        saved_amount=_floats([row["saved_amount"] for row in rows]),
        monthly_contribution=_floats([row["monthly_contribution"] for row in rows]),
        priority=codes(Priority, _objects([row["priority"] for row in rows])),
    )


def _cash_flows(households: Sequence[Row], today: date) -> CashFlows:
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


def _income(households: Sequence[Row]) -> Income:
    rows = [(user, day, value) for user, each in enumerate(households) for day, value in sorted(each["pay"])]  # type: ignore[call-overload]
    return Income(
        user=_ints([row[0] for row in rows]),
        date=_dates([row[1] for row in rows]),
        amount=_floats([row[2] for row in rows]),
    )


def _budgets(households: Sequence[Row]) -> Budgets:
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


def lot(symbol: str, quantity: float, price: float, cost_basis: float, **more: object) -> Row:
    """A tax lot of an account."""
    return {"symbol": symbol, "quantity": quantity, "price": price, "cost_basis": cost_basis, **LOT, **more}


def _holdings(households: Sequence[Row]) -> Holdings:
    """Lots of all accounts; ids as `_accounts` gives them."""
    user, accounts = _rows(households, "accounts")
    ids = _ids("account", _numbers(user))
    held = [(row, made) for row, each in enumerate(accounts) for made in each.get("lots", ())]  # type: ignore[attr-defined]
    lots = [made for _, made in held]
    rows = [row for row, _ in held]
    return Holdings(
        user=user[_ints(rows)],
        account=ids[_ints(rows)],
        symbol=_objects([made["symbol"] for made in lots]),
        asset_class=_objects([made.get("asset_class", made["symbol"]) for made in lots]),
        quantity=_floats([made["quantity"] for made in lots]),
        market_value=_floats([made["quantity"] * made["price"] for made in lots]),
        cost_basis=_floats([made["cost_basis"] for made in lots]),
        acquired=_dates([made["acquired"] for made in lots]),
    )


def _field(each: Row, name: str) -> dict[str, object]:
    found = each[name]
    assert isinstance(found, dict)
    return found


def _rows(households: Sequence[Row], name: str) -> tuple[NDArray[np.int64], list[Row]]:
    rows = [(user, row) for user, each in enumerate(households) for row in each[name]]  # type: ignore[attr-defined]
    return _ints([user for user, _ in rows]), [row for _, row in rows]


def _numbers(user: NDArray[np.int64]) -> list[int]:
    """Counted from each user's first row, so that a user's ids do not depend on the batch."""
    return [int(position) for position in np.arange(len(user)) - np.searchsorted(user, user)]


def _ids(kind: str, numbers: Sequence[int]) -> NDArray[np.object_]:
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


ORDINARY = household(
    accounts=[
        account("CHECKING", 2_500.0),
        account("SAVINGS", 4_000.0, interest_rate=0.04),
        account("EMPLOYER_PLAN", 35_000.0, employer_match_rate=0.5, employer_match_limit=0.06),
        account("CREDIT_CARD", -3_200.0, interest_rate=0.229, minimum_payment=80.0),
    ],
    goals=[goal("HOME_PURCHASE", 40_000.0, priority="HIGH", target_date=date(2031, 6, 1))],
    months=steady(3_900.0, 3_100.0),
    pay=[(date(2026, month, 25), 3_900.0) for month in range(1, 9)],
    budgets={"dining": 200.0},
)
INVESTED = household(
    stated_risk_tolerance="MODERATE",
    annual_income=120_000.0,
    accounts=[
        account("CHECKING", 9_000.0),
        account(
            "TAXABLE",
            62_000.0,
            lots=[
                lot("VTI", 100.0, 280.0, 15_000.0, asset_class="US_EQUITY"),
                lot("VTI", 50.0, 280.0, 15_500.0, asset_class="US_EQUITY", acquired=date(2026, 1, 5)),
                lot("EFA", 200.0, 80.0, 18_000.0, asset_class="INTL_EQUITY", acquired=date(2025, 2, 3)),
            ],
        ),
        account(
            "TRADITIONAL_IRA",
            40_000.0,
            lots=[
                lot("EFA", 100.0, 80.0, 6_000.0, asset_class="INTL_EQUITY"),
                lot("AGG", 300.0, 100.0, 31_000.0, asset_class="US_BONDS"),
            ],
        ),
        account("ROTH_IRA", 12_000.0, lots=[lot("US_EQUITY", 12_000.0, 1.0, 9_000.0)]),
    ],
)
NASTY = {
    "zero income": household(annual_income=0.0, employment="UNEMPLOYED", liquid_assets=0.0, net_worth=-5_000.0),
    "no accounts": household(),
    "negative net worth": household(
        accounts=[account("STUDENT_LOAN", -90_000.0), account("CREDIT_CARD", -20_000.0, interest_rate=0.29)],
        net_worth=-110_000.0,
    ),
    "retired at 99": household(age=99.0, employment="RETIRED", annual_income=24_000.0, monthly_expenses=1_900.0),
    "target date past": household(goals=[goal("HOME_PURCHASE", 9_000.0, target_date=date(2020, 1, 1))]),
    "20 goals": household(goals=[goal("OTHER", 1_000.0 * (number + 1)) for number in range(20)]),
    "goal of 1 that is reached": household(goals=[goal("OTHER", 1.0, saved_amount=1.0)]),
    "no transactions and no expenses": household(monthly_expenses=None),
    "one month of transactions": household(months=steady(4_000.0, 3_000.0, months=1)),
    "spends more than it earns": household(months=steady(3_000.0, 3_600.0)),
    "another currency": household(currency="CHF", accounts=[account("SAVINGS", 20_000.0)]),
    "overdrawn": household(accounts=[account("CHECKING", -400.0)], months=steady(3_000.0, 2_900.0)),
    "nothing known": {**household(), "profile": UNKNOWN_PERSON},
    "ordinary": ORDINARY,
    "invested": INVESTED,
}
