"""What likeness is measured by: profile, balance sheet, goals and cash flow, one column each, NaN where not known.

No column is computed from two accounts, so that an account can be taken away and the columns are those of a household
that does not have it. Sex, marriage and region are left out: they say little of money, and much of a person.
"""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, AccountKind, EmploymentStatus, code
from engine.facts import Codes, Facts, Flags, Floats
from engine.features.balance_sheet import has_accounts, is_kind
from engine.features.cash_flow import Flow, rate
from engine.features.income import gross_income
from engine.features.known import or_zero
from engine.features.sustainable import variation
from engine.peers.metrics import goal_progress

AT_WORK_OR_NOT = (EmploymentStatus.SELF_EMPLOYED, EmploymentStatus.UNEMPLOYED, EmploymentStatus.RETIRED)
ASSETS = (
    AccountKind.CHECKING,
    AccountKind.SAVINGS,
    AccountKind.TAXABLE,
    AccountKind.TRADITIONAL_IRA,
    AccountKind.ROTH_IRA,
    AccountKind.EMPLOYER_PLAN,
    AccountKind.HSA,
    AccountKind.PROPERTY,
    AccountKind.VEHICLE,
    AccountKind.BUSINESS,
    AccountKind.OTHER_ASSET,
)
OWED = (AccountKind.CREDIT_CARD, AccountKind.STUDENT_LOAN, AccountKind.LOAN, AccountKind.MORTGAGE)
PRODUCTS = (*ASSETS, *OWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns that are weighed together."""

    name: str
    columns: tuple[str, ...]


BLOCKS = (
    Block(name="age", columns=("age",)),
    Block(name="income", columns=("income",)),
    Block(name="household", columns=("dependents", "education", "risk_tolerance")),
    Block(name="work", columns=tuple(f"is_{status.lower()}" for status in AT_WORK_OR_NOT)),
    Block(name="assets", columns=tuple(kind.lower() for kind in ASSETS)),
    Block(name="debts", columns=tuple(kind.lower() for kind in OWED)),
    Block(name="goals", columns=("goals", "goal_targets", "goal_progress")),
    Block(name="cash_flow", columns=("spending", "savings_rate", "income_variation")),
)
FEATURES = tuple(name for block in BLOCKS for name in block.columns)
PRODUCT_COLUMNS = np.array([FEATURES.index(kind.lower()) for kind in PRODUCTS])


def features(facts: Facts, flow: Flow) -> Floats:
    """Users x `FEATURES`; amounts as logarithms, so that ratios count and not the amounts themselves."""
    profile = facts.profile
    employment = [np.where(_known(profile.employment), profile.employment == code(s), np.nan) for s in AT_WORK_OR_NOT]
    goals = np.bincount(facts.goals.user, minlength=len(facts)).astype(np.float64)
    targets = facts.total(facts.goals.user, np.maximum(or_zero(facts.goals.target_amount), 0.0))
    columns = [
        profile.age,
        _log(np.where(np.isnan(profile.annual_income), np.nan, gross_income(facts))),
        profile.dependents,
        _or_nan(profile.education),
        _or_nan(profile.stated_risk_tolerance),
        *employment,
        *_balances(facts),
        goals,
        _log(targets),
        goal_progress(facts),
        _log(np.where(flow.stated, flow.spending, np.nan)),
        np.where(flow.stated, rate(flow), np.nan),
        variation(flow),
    ]
    return np.column_stack(columns).reshape(len(facts), len(FEATURES))


def owned(columns: Floats) -> Flags:
    """Users x `PRODUCTS`: which of them a household holds; none where no account is known."""
    return np.asarray(or_zero(columns[:, PRODUCT_COLUMNS]) > 0, dtype=np.bool_)


def _balances(facts: Facts) -> list[Floats]:
    """What is held or owed in each kind of account, without regard to sign; NaN where no account is known at all."""
    known, accounts = has_accounts(facts), facts.accounts
    found = []
    for kind in PRODUCTS:
        rows = is_kind(facts, (kind,))
        amount = facts.total(accounts.user[rows], np.maximum(np.abs(or_zero(accounts.balance[rows])), 1.0))
        found.append(np.where(known, _log(amount), np.nan))
    return found


def _log(amount: Floats) -> Floats:
    return np.asarray(np.log1p(np.maximum(amount, 0.0)), dtype=np.float64)


def _known(codes: Codes) -> Flags:
    return np.asarray(codes != UNKNOWN, dtype=np.bool_)


def _or_nan(codes: Codes) -> Floats:
    return np.where(_known(codes), codes.astype(np.float64), np.nan)
