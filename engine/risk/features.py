"""What the model of risk tolerance reads of a household: what it has and what it did, never what it says of risk.

Sex and marriage are left out: heads with the same balance sheet get the same expectation.
"""

from collections.abc import Callable, Mapping

import numpy as np

from engine.enums import AccountKind, EmploymentStatus, code
from engine.facts import Facts, Flags, Floats, Source
from engine.features.balance_sheet import balance, cash, invested, required_payments, total_debt
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero
from engine.risk.behavior import (
    bought_after_falls,
    bought_after_rises,
    held_at_a_loss,
    recent_lots,
    sold_after_falls,
)

EQUITY = ("US_EQUITY", "INTL_EQUITY", "EM_EQUITY", "REAL_ESTATE")
LEAST = 1_000.0
"""Denominators are at least so much, so that ratios of nothing mean nothing."""
RISES = 1
"""The model's answer, with the feature."""


def features(facts: Facts) -> Floats:
    """Users x features, in the order of `NAMES`; NaN where not known."""
    return np.column_stack([column(facts) for column in COLUMNS.values()])


def _of(kind: AccountKind) -> Callable[[Facts], Floats]:
    return lambda facts: np.abs(balance(facts, (kind,)))


def _is_employed(status: EmploymentStatus) -> Callable[[Facts], Floats]:
    return lambda facts: (facts.profile.employment == code(status)).astype(np.float64)


def _is_equity(facts: Facts) -> Flags:
    return np.isin(facts.holdings.asset_class.astype(str), EQUITY)


def _worth(facts: Facts, lots: Flags) -> Floats:
    holdings = facts.holdings
    return facts.total(holdings.user[lots], or_zero(holdings.market_value[lots]))


def _equity(facts: Facts) -> Floats:
    return _worth(facts, _is_equity(facts))


def _bonds(facts: Facts) -> Floats:
    return _worth(facts, ~_is_equity(facts))


def _directly_held_equity(facts: Facts) -> Floats:
    """In accounts that are not for retirement: what people choose for themselves."""
    holdings, accounts = facts.holdings, facts.accounts
    taxable = accounts.kind == code(AccountKind.TAXABLE)
    keys = [f"{user}/{name}" for user, name in zip(accounts.user[taxable], accounts.id[taxable], strict=True)]
    held = np.array(
        [f"{user}/{name}" for user, name in zip(holdings.user, holdings.account, strict=True)], dtype=object
    )
    return _worth(facts, _is_equity(facts) & np.isin(held.astype(str), np.array(keys, dtype=str)))


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
    "dependents": lambda facts: facts.profile.dependents,
    "self_employed": _is_employed(EmploymentStatus.SELF_EMPLOYED),
    "retired": _is_employed(EmploymentStatus.RETIRED),
    "cash": cash,
    "cash_to_income": lambda facts: cash(facts) / np.maximum(gross_income(facts), LEAST),
    "invested": invested,
    "taxable": _of(AccountKind.TAXABLE),
    "ira": _of(AccountKind.TRADITIONAL_IRA),
    "business": _of(AccountKind.BUSINESS),
    "property": _of(AccountKind.PROPERTY),
    "vehicles": _of(AccountKind.VEHICLE),
    "equity": _equity,
    "equity_share": lambda facts: _equity(facts) / np.maximum(_owned(facts), LEAST),
    "chosen_equity": _directly_held_equity,
    "gain": _gain,
    "mortgage": _of(AccountKind.MORTGAGE),
    "debt_to_income": lambda facts: total_debt(facts) / np.maximum(gross_income(facts), LEAST),
    "debt_service": lambda facts: MONTHS * required_payments(facts) / np.maximum(gross_income(facts), LEAST),
    "accounts": _accounts,
    "savings": _of(AccountKind.SAVINGS),
    "bonds": _bonds,
    "bought_after_rises": bought_after_rises,
    "bought_after_falls": bought_after_falls,
    "sold_after_falls": sold_after_falls,
    "recent_lots": recent_lots,
    "held_at_a_loss": held_at_a_loss,
}
NAMES = tuple(COLUMNS)
SOURCES: frozenset[Source] = frozenset({"profile", "accounts", "holdings", "cash_flows", "prices"})

MONOTONE = {"equity_share": RISES, "chosen_equity": RISES}
"""Where theory leaves no doubt (Merton 1969: the share of risky assets falls with risk aversion)."""


def monotone() -> dict[int, int]:
    """Directions by position."""
    return {NAMES.index(name): direction for name, direction in MONOTONE.items()}
