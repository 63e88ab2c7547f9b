"""Facts by hand: an ordinary household and nasty ones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engine.facts import Facts, Source
from tests.engine import fact_columns as columns

Row = columns.Row
ENUMS = columns.ENUMS
MONTHS = columns.MONTHS
TODAY = date(2026, 9, 15)
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
    "capital_loss_carryforward": None,
    "expenses_assumed": False,
}
UNKNOWN_PERSON: Row = {**dict.fromkeys(PERSON), "currency": "USD", **dict.fromkeys(columns.FLAGS, False)}
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


def ended_goal(kind: str, status: str, target_date: date) -> Row:
    """A goal that was reached or given up."""
    return {"kind": kind, "status": status, "target_date": target_date}


def lot(symbol: str, quantity: float, price: float, cost_basis: float, **more: object) -> Row:
    """A tax lot of an account."""
    return {"symbol": symbol, "quantity": quantity, "price": price, "cost_basis": cost_basis, **LOT, **more}


def sale(symbol: str, cost_basis: float, proceeds: float, sold: date, **more: object) -> Row:
    """A lot of an account that was sold."""
    return {
        "symbol": symbol,
        "quantity": 1.0,
        "cost_basis": cost_basis,
        "proceeds": proceeds,
        "sold": sold,
        **LOT,
        **more,
    }


def household(
    *,
    accounts: Sequence[Row] = (),
    goals: Sequence[Row] = (),
    ended_goals: Sequence[Row] = (),
    months: Sequence[Mapping[str, float]] = (),
    pay: Sequence[tuple[date, float]] = (),
    transactions: Sequence[tuple[object, ...]] = (),
    budgets: Mapping[str, float] | None = None,
    **profile: object,
) -> Row:
    """One household; `months` are signed sums by category, the oldest first, the last the month before today's."""
    return {
        "profile": {**PERSON, **profile},
        "accounts": accounts,
        "goals": goals,
        "ended_goals": ended_goals,
        "months": months,
        "pay": pay,
        "transactions": transactions,
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
        "profile": columns.profile(households),
        "accounts": columns.accounts(households),
        "holdings": columns.holdings(households),
        "sales": columns.sales(households),
        "prices": columns.no_prices(),
        "goals": columns.goals(households),
        "ended_goals": columns.ended_goals(households),
        "cash_flows": columns.cash_flows(households, today),
        "income": columns.income(households),
        "transactions": columns.transactions(households),
        "budgets": columns.budgets(households),
        "life_events": columns.life_events(),
    }
    return Facts(today=today, users=columns.ids("user", range(len(households))), sources=sources)


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
    transactions=[
        *((date(2026, month, 25), 3_900.0, "salary") for month in range(1, 9)),
        *((date(2026, month, 4), -9.99, "subscriptions", "Streamio") for month in range(1, 9)),
        *((date(2026, month, day), -40.0 - day, "groceries", "Market") for month in range(1, 9) for day in (6, 20)),
        (date(2026, 9, 3), -42.5, "groceries", "Market"),
        (date(2026, 9, 4), -14.99, "subscriptions", "Streamio"),
        (date(2026, 9, 4), -42.5, "groceries", "Market"),
    ],
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
