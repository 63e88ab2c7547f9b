"""What the model of risk tolerance reads of a household: what it has and how it is made up, never what it says of risk.

Sex is left out: a household's head of either sex with the same balance sheet gets the same expectation.
"""

from collections.abc import Callable, Mapping

import numpy as np

from engine.enums import AccountKind, EmploymentStatus, GoalKind, MaritalStatus, code
from engine.facts import Facts, Floats
from engine.features.balance_sheet import balance, cash, invested, owed, required_payments, total_debt
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero

EQUITY = ("US_EQUITY", "INTL_EQUITY", "EM_EQUITY", "REAL_ESTATE")
LEAST = 1_000.0
"""Denominators are at least so much, so that ratios of nothing mean nothing."""
RISES, FALLS = 1, -1


def features(facts: Facts) -> Floats:
    """Users x features, in the order of `NAMES`; NaN where not known."""
    return np.column_stack([column(facts) for column in COLUMNS.values()])


def _of(kind: AccountKind) -> Callable[[Facts], Floats]:
    return lambda facts: np.abs(balance(facts, (kind,)))


def _is_employed(status: EmploymentStatus) -> Callable[[Facts], Floats]:
    return lambda facts: (facts.profile.employment == code(status)).astype(np.float64)


def _saves_for(kind: GoalKind) -> Callable[[Facts], Floats]:
    def column(facts: Facts) -> Floats:
        rows = facts.goals.kind == code(kind)
        return np.minimum(np.bincount(facts.goals.user[rows], minlength=len(facts)), 1).astype(np.float64)

    return column


def _equity(facts: Facts) -> Floats:
    holdings = facts.holdings
    rows = np.isin(holdings.asset_class.astype(str), EQUITY)
    return facts.total(holdings.user[rows], or_zero(holdings.market_value[rows]))


def _bonds(facts: Facts) -> Floats:
    holdings = facts.holdings
    rows = ~np.isin(holdings.asset_class.astype(str), EQUITY)
    return facts.total(holdings.user[rows], or_zero(holdings.market_value[rows]))


def _directly_held_equity(facts: Facts) -> Floats:
    """In accounts that are not for retirement: what people choose for themselves."""
    holdings, accounts = facts.holdings, facts.accounts
    taxable = accounts.kind == code(AccountKind.TAXABLE)
    keys = [f"{user}/{name}" for user, name in zip(accounts.user[taxable], accounts.id[taxable], strict=True)]
    held = np.array(
        [f"{user}/{name}" for user, name in zip(holdings.user, holdings.account, strict=True)], dtype=object
    )
    rows = np.isin(holdings.asset_class.astype(str), EQUITY) & np.isin(held.astype(str), np.array(keys, dtype=str))
    return facts.total(holdings.user[rows], or_zero(holdings.market_value[rows]))


def _gain(facts: Facts) -> Floats:
    """Unrealised, as a share of what is held."""
    holdings = facts.holdings
    gain = facts.total(holdings.user, or_zero(holdings.market_value - holdings.cost_basis))
    return gain / np.maximum(facts.total(holdings.user, or_zero(holdings.market_value)), LEAST)


def _owned(facts: Facts) -> Floats:
    return cash(facts) + or_zero(invested(facts))


def _accounts(facts: Facts) -> Floats:
    return np.bincount(facts.accounts.user, minlength=len(facts)).astype(np.float64)


COLUMNS: Mapping[str, Callable[[Facts], Floats]] = {
    "age": lambda facts: facts.profile.age,
    "income": gross_income,
    "net_worth": lambda facts: facts.profile.net_worth,
    "education": lambda facts: np.where(facts.profile.education < 0, np.nan, facts.profile.education),
    "married": lambda facts: (facts.profile.marital_status == code(MaritalStatus.MARRIED)).astype(np.float64),
    "dependents": lambda facts: facts.profile.dependents,
    "homeowner": lambda facts: facts.profile.homeowner.astype(np.float64),
    "self_employed": _is_employed(EmploymentStatus.SELF_EMPLOYED),
    "retired": _is_employed(EmploymentStatus.RETIRED),
    "unemployed": _is_employed(EmploymentStatus.UNEMPLOYED),
    "cash": cash,
    "cash_to_income": lambda facts: cash(facts) / np.maximum(gross_income(facts), LEAST),
    "invested": invested,
    "taxable": _of(AccountKind.TAXABLE),
    "ira": _of(AccountKind.TRADITIONAL_IRA),
    "plan": _of(AccountKind.EMPLOYER_PLAN),
    "business": _of(AccountKind.BUSINESS),
    "property": _of(AccountKind.PROPERTY),
    "vehicles": _of(AccountKind.VEHICLE),
    "other_assets": _of(AccountKind.OTHER_ASSET),
    "equity": _equity,
    "equity_share": lambda facts: _equity(facts) / np.maximum(_owned(facts), LEAST),
    "chosen_equity": _directly_held_equity,
    "gain": _gain,
    "card_debt": _of(AccountKind.CREDIT_CARD),
    "student_debt": _of(AccountKind.STUDENT_LOAN),
    "mortgage": _of(AccountKind.MORTGAGE),
    "debt_to_income": lambda facts: total_debt(facts) / np.maximum(gross_income(facts), LEAST),
    "debt_service": lambda facts: MONTHS * required_payments(facts) / np.maximum(gross_income(facts), LEAST),
    "debts": lambda facts: facts.total(facts.accounts.user, (owed(facts) > 0).astype(np.float64)),
    "accounts": _accounts,
    "saves_for_retirement": _saves_for(GoalKind.RETIREMENT),
    "saves_for_emergencies": _saves_for(GoalKind.EMERGENCY_FUND),
    "savings": _of(AccountKind.SAVINGS),
    "loans": _of(AccountKind.LOAN),
    "bonds": _bonds,
    "goals": lambda facts: np.bincount(facts.goals.user, minlength=len(facts)).astype(np.float64),
    "saves_for_education": _saves_for(GoalKind.EDUCATION),
    "saves_for_home": _saves_for(GoalKind.HOME_PURCHASE),
    "saves_for_purchases": _saves_for(GoalKind.MAJOR_PURCHASE),
}
NAMES = tuple(COLUMNS)

MONOTONE = {"equity_share": RISES, "chosen_equity": RISES}
"""Where theory leaves no doubt (Merton 1969: the share of risky assets falls with risk aversion)."""


def monotone() -> dict[int, int]:
    """Directions by position."""
    return {NAMES.index(name): direction for name, direction in MONOTONE.items()}
