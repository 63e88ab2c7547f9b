"""Households drawn at random, as columns: rough, but with every kind of account, debt and goal, in any number."""

from datetime import date

import numpy as np

from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, GoalKind, MaritalStatus, Priority, code
from engine.facts import Accounts, Budgets, CashFlows, Facts, Floats, Goals, Income, Positions, Profile
from engine.transactions import CATEGORY_NAMES

TODAY = date(2026, 9, 15)
MONTHS = 24
SHARE_WITH = {
    AccountKind.CHECKING: 0.95,
    AccountKind.SAVINGS: 0.7,
    AccountKind.TAXABLE: 0.25,
    AccountKind.ROTH_IRA: 0.2,
    AccountKind.TRADITIONAL_IRA: 0.15,
    AccountKind.EMPLOYER_PLAN: 0.55,
    AccountKind.HSA: 0.15,
    AccountKind.CREDIT_CARD: 0.45,
    AccountKind.STUDENT_LOAN: 0.2,
    AccountKind.LOAN: 0.35,
    AccountKind.MORTGAGE: 0.4,
}
MONTHS_OF_INCOME = {
    AccountKind.CHECKING: 0.6,
    AccountKind.SAVINGS: 2.0,
    AccountKind.TAXABLE: 6.0,
    AccountKind.ROTH_IRA: 4.0,
    AccountKind.TRADITIONAL_IRA: 6.0,
    AccountKind.EMPLOYER_PLAN: 12.0,
    AccountKind.HSA: 0.8,
    AccountKind.CREDIT_CARD: -0.8,
    AccountKind.STUDENT_LOAN: -5.0,
    AccountKind.LOAN: -3.0,
    AccountKind.MORTGAGE: -30.0,
}
RATE = {
    AccountKind.SAVINGS: 0.02,
    AccountKind.CREDIT_CARD: 0.21,
    AccountKind.STUDENT_LOAN: 0.055,
    AccountKind.LOAN: 0.09,
    AccountKind.MORTGAGE: 0.045,
}


def draw(size: int, seed: int = 7) -> Facts:
    """So many households; the same seed gives the same."""
    random = np.random.default_rng(seed)
    gross = random.lognormal(11.1, 0.7, size)
    profile = _profile(random, gross)
    return Facts(
        today=TODAY,
        users=np.arange(size).astype(object),
        sources={
            "profile": profile,
            "accounts": _accounts(random, gross),
            "goals": _goals(random, gross),
            "cash_flows": _cash_flows(random, gross),
            "income": _income(gross),
            "budgets": Budgets(user=_nobody(), category=np.array([], dtype=object), monthly_limit=np.zeros(0)),
        },
    )


def _profile(random: np.random.Generator, gross: Floats) -> Profile:
    size = len(gross)
    nothing, unknown = np.full(size, np.nan), np.full(size, UNKNOWN, dtype=np.int8)
    jobs = random.choice([code(status) for status in EmploymentStatus], size, p=[0.7, 0.1, 0.05, 0.12, 0.03])
    married = np.where(random.random(size) < 0.5, code(MaritalStatus.MARRIED), code(MaritalStatus.SINGLE))
    return Profile(
        currency=np.full(size, "USD", dtype=object),
        age=random.integers(20, 80, size).astype(np.float64),
        annual_income=gross,
        net_worth=nothing,
        liquid_assets=nothing,
        total_debt=nothing,
        monthly_expenses=nothing,
        marital_status=married.astype(np.int8),
        dependents=random.poisson(0.8, size).astype(np.float64),
        employment=jobs.astype(np.int8),
        homeowner=random.random(size) < 0.6,
        filing_status=unknown,
        region=np.full(size, None, dtype=object),
        education=unknown,
        sex=unknown,
        stated_risk_tolerance=unknown,
        capital_loss_carryforward=nothing,
        expenses_assumed=np.zeros(size, dtype=np.bool_),
    )


def _accounts(random: np.random.Generator, gross: Floats) -> Accounts:
    """Each household has each kind with its share; a row a household and kind, then those it has."""
    size, kinds = len(gross), list(SHARE_WITH)
    has = random.random((size, len(kinds))) < np.array(list(SHARE_WITH.values()))
    typical = np.array([MONTHS_OF_INCOME[kind] for kind in kinds])
    balance = np.round(gross[:, None] / 12 * typical * random.lognormal(0, 0.8, has.shape), 2)
    usual = np.array([RATE.get(kind, np.nan) for kind in kinds])
    matched = (np.array(kinds) == AccountKind.EMPLOYER_PLAN) & (random.random(has.shape) < 0.7)
    user, column = np.nonzero(has)
    return Accounts(
        user=user,
        id=np.arange(len(user)).astype(object),
        name=np.array([kind.title() for kind in kinds], dtype=object)[column],
        kind=np.array([code(kind) for kind in kinds], dtype=np.int8)[column],
        balance=balance[has],
        interest_rate=(usual * random.uniform(0.6, 1.4, has.shape))[has],
        minimum_payment=np.full(len(user), np.nan),
        employer_match_rate=np.where(matched, random.choice([0.25, 0.5, 1.0], has.shape), np.nan)[has],
        employer_match_limit=np.where(matched, random.choice([0.03, 0.04, 0.06], has.shape), np.nan)[has],
    )


def _goals(random: np.random.Generator, gross: Floats) -> Goals:
    user = np.repeat(np.arange(len(gross)), random.poisson(1.5, len(gross)))
    rows = len(user)
    target = np.round(gross[user] * random.lognormal(-0.5, 0.8, rows), 2)
    days = random.integers(90, 9_000, rows)
    return Goals(
        user=user,
        id=np.arange(rows).astype(object),
        name=np.full(rows, "Goal", dtype=object),
        kind=random.integers(0, len(GoalKind), rows).astype(np.int8),
        target_amount=target,
        target_date=np.datetime64(TODAY) + days.astype("timedelta64[D]"),
        saved_amount=np.round(target * random.uniform(0, 0.8, rows), 2),
        monthly_contribution=np.zeros(rows),
        priority=random.integers(0, len(Priority), rows).astype(np.int8),
    )


def _cash_flows(random: np.random.Generator, gross: Floats) -> CashFlows:
    """Pay that may vary, spending that does, and a spending share that is the household's own."""
    size = len(gross)
    pay = 0.78 * gross[:, None] / 12 * random.lognormal(0, 0.25 * random.random((size, 1)), (size, MONTHS))
    share = np.clip(random.normal(0.85, 0.15, (size, 1)), 0.4, 1.3)
    spent = share * 0.78 * gross[:, None] / 12 * random.lognormal(0, 0.2, (size, MONTHS))
    amount = np.zeros((size, MONTHS, len(CATEGORY_NAMES)))
    for name, part in {"salary": pay, "mortgage": -0.3 * spent, "groceries": -0.7 * spent}.items():
        amount[:, :, CATEGORY_NAMES.index(name)] = part
    months = np.arange("2024-09", "2026-09", dtype="datetime64[M]")
    return CashFlows(months=months, categories=CATEGORY_NAMES, amount=amount, observed=np.full(size, MONTHS))


def _income(gross: Floats) -> Income:
    """Twelve pay days on the 25th."""
    dates = np.arange("2025-09", "2026-09", dtype="datetime64[M]").astype("datetime64[D]") + 24
    return Income(
        user=np.repeat(np.arange(len(gross)), len(dates)),
        date=np.tile(dates, len(gross)),
        amount=np.repeat(0.78 * gross / 12, len(dates)),
    )


def _nobody() -> Positions:
    return np.zeros(0, dtype=np.int64)
