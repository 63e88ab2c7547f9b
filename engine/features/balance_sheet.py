"""What a household owns and owes: one function a column, from accounts where there are any, else from the profile."""

from collections.abc import Iterable
from functools import cache

import numpy as np

from engine.enums import UNKNOWN, AccountKind, code
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.known import or_zero

CASH = (AccountKind.CHECKING, AccountKind.SAVINGS)
RETIREMENT = (AccountKind.TRADITIONAL_IRA, AccountKind.ROTH_IRA, AccountKind.EMPLOYER_PLAN)
INVESTED = (*RETIREMENT, AccountKind.TAXABLE, AccountKind.HSA)
DEBTS = (AccountKind.CREDIT_CARD, AccountKind.STUDENT_LOAN, AccountKind.LOAN, AccountKind.MORTGAGE)

USUAL_RATE = {
    AccountKind.CREDIT_CARD: 0.22,  # Federal Reserve G.19, accounts assessed interest, 2024-25: 21-23 %
    AccountKind.STUDENT_LOAN: 0.055,  # federal undergraduate loans, 2013-2025: 3.4-6.5 %
    AccountKind.LOAN: 0.10,  # G.19, new cars 8 %, personal loans 12 %
    AccountKind.MORTGAGE: 0.045,  # outstanding US mortgages, 2024-25: 4-4.5 %
}
USUAL_PAYMENT = {
    AccountKind.CREDIT_CARD: 0.03,  # of the balance a month: interest plus 1 %
    AccountKind.STUDENT_LOAN: 0.011,  # 120 payments at 5.5 %
    AccountKind.LOAN: 0.021,  # 60 payments at 10 %
    AccountKind.MORTGAGE: 0.0051,  # 360 payments at 4.5 %
}


def has_accounts(facts: Facts) -> Flags:
    """Whether any account is known."""
    return _count(facts, np.ones(len(facts.accounts.user), dtype=np.bool_)) > 0


def is_kind(facts: Facts, kinds: Iterable[AccountKind]) -> Flags:
    """Accounts (rows) of one of the kinds."""
    return np.asarray(_among(tuple(kinds))[facts.accounts.kind], dtype=np.bool_)


def cash(facts: Facts) -> Floats:
    """What can be spent tomorrow: checking and savings less overdrafts, else liquid assets as stated; never below 0."""
    held = np.where(has_accounts(facts), balance(facts, CASH), or_zero(facts.profile.liquid_assets))
    return np.maximum(held, 0.0)


def balance(facts: Facts, kinds: Iterable[AccountKind]) -> Floats:
    """What accounts of the kinds hold together, less overdrafts."""
    rows = is_kind(facts, kinds)
    return facts.total(facts.accounts.user[rows], or_zero(facts.accounts.balance[rows]))


def invested(facts: Facts) -> Floats:
    """What works for retirement; without accounts, net worth as stated (NaN where it is not)."""
    held = np.where(has_accounts(facts), balance(facts, INVESTED), facts.profile.net_worth)
    return np.maximum(held, 0.0)


def largest(facts: Facts, kinds: Iterable[AccountKind]) -> Positions:
    """Row of each user's account of the kinds with the highest balance, `UNKNOWN` where there is none."""
    rows = np.flatnonzero(is_kind(facts, kinds))
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    if not len(rows):
        return found
    users, balances = facts.accounts.user[rows], or_zero(facts.accounts.balance[rows])
    order = np.lexsort((balances, users))
    found[users[order]] = rows[order]  # the last assignment wins: the highest balance
    return found


def owed(facts: Facts) -> Floats:
    """What each account (row) owes, 0 for what is owned."""
    return np.where(is_kind(facts, DEBTS), np.maximum(-or_zero(facts.accounts.balance), 0.0), 0.0)


def interest_rate(facts: Facts) -> Floats:
    """Rate a year of each debt (row): its own, else what is usual for its kind."""
    return np.where(np.isnan(facts.accounts.interest_rate), _usual(facts, USUAL_RATE), facts.accounts.interest_rate)


def minimum_payment(facts: Facts) -> Floats:
    """Least payment a month on each debt (row): its own, else what is usual for its kind, never more than is owed."""
    usual = owed(facts) * _usual(facts, USUAL_PAYMENT)
    stated = facts.accounts.minimum_payment
    return np.minimum(np.where(np.isnan(stated), usual, np.maximum(stated, 0.0)), owed(facts))


def required_payments(facts: Facts, kinds: Iterable[AccountKind] = DEBTS) -> Floats:
    """Least payments a month on all debts of the kinds."""
    rows = is_kind(facts, kinds)
    return facts.total(facts.accounts.user[rows], minimum_payment(facts)[rows])


def total_debt(facts: Facts) -> Floats:
    """Everything owed."""
    by_account = facts.total(facts.accounts.user, owed(facts))
    return np.where(has_accounts(facts), by_account, np.maximum(or_zero(facts.profile.total_debt), 0.0))


def still_owed(facts: Facts) -> Floats:
    """Everything owed, infinite where no account of a debt is known and none is stated: it may just not be told."""
    owing = total_debt(facts)
    return np.where((_count(facts, is_kind(facts, DEBTS)) > 0) | (owing > 0), owing, np.inf)


@cache
def _among(kinds: tuple[AccountKind, ...]) -> Flags:
    """Whether each code is one of the kinds; the last is what `UNKNOWN` points to."""
    chosen = np.zeros(len(AccountKind) + 1, dtype=np.bool_)
    chosen[[code(kind) for kind in kinds]] = True
    chosen.flags.writeable = False
    return chosen


def _usual(facts: Facts, by_kind: dict[AccountKind, float]) -> Floats:
    usual = np.zeros(len(AccountKind) + 1)
    for kind, value in by_kind.items():
        usual[code(kind)] = value
    return np.asarray(usual[facts.accounts.kind], dtype=np.float64)


def _count(facts: Facts, rows: Flags) -> Positions:
    return np.bincount(facts.accounts.user[rows], minlength=len(facts))
