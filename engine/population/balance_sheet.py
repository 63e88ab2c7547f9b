"""Accounts of every kind, one matrix of households x slots; terms of loans and savings are documented assumptions.

A slot is an account that a household may have: two loans of one kind are two slots. Balances are negative for what is
owed; the household's totals are sums over its slots.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.enums import AccountKind, EmploymentStatus
from engine.facts import Flags, Floats
from engine.population.people import People
from engine.population.streams import stream
from engine.units import MONTHS_A_YEAR

HSA_SHARE, HSA_PART, HSA_MOST = 0.20, 0.10, 8_000.0  # employees with a plan who also have one; what of it moves there
MATCHING_SHARE = 0.75  # of employer plans of people at work
HIGH_YIELD_SHARE, HIGH_YIELD, LOW_YIELD = 0.20, 0.019, 0.0009  # online banks and the FDIC's national rate, 2019
ROTH_YOUNG, ROTH_OLD, BOTH_IRAS = 0.55, 0.20, 0.15  # whose IRA is a Roth, below and from 45; who has both


class Slot(IntEnum):
    """Columns of the balance matrix."""

    CHECKING = 0
    SAVINGS = 1
    BROKERAGE = 2
    TRADITIONAL = 3
    ROTH = 4
    PLAN = 5
    HSA = 6
    HOME = 7
    REAL_ESTATE = 8
    VEHICLE = 9
    BUSINESS = 10
    OTHER_ASSET = 11
    CARD = 12
    STUDENT_LOAN = 13
    VEHICLE_LOAN = 14
    LOAN = 15
    MORTGAGE = 16
    SECOND_MORTGAGE = 17


KINDS: dict[Slot, tuple[AccountKind, str]] = {
    Slot.CHECKING: (AccountKind.CHECKING, "Checking"),
    Slot.SAVINGS: (AccountKind.SAVINGS, "Savings"),
    Slot.BROKERAGE: (AccountKind.TAXABLE, "Brokerage"),
    Slot.TRADITIONAL: (AccountKind.TRADITIONAL_IRA, "Traditional IRA"),
    Slot.ROTH: (AccountKind.ROTH_IRA, "Roth IRA"),
    Slot.PLAN: (AccountKind.EMPLOYER_PLAN, "Employer plan"),
    Slot.HSA: (AccountKind.HSA, "Health savings account"),
    Slot.HOME: (AccountKind.PROPERTY, "Home"),
    Slot.REAL_ESTATE: (AccountKind.PROPERTY, "Other real estate"),
    Slot.VEHICLE: (AccountKind.VEHICLE, "Vehicles"),
    Slot.BUSINESS: (AccountKind.BUSINESS, "Own business"),
    Slot.OTHER_ASSET: (AccountKind.OTHER_ASSET, "Other assets"),
    Slot.CARD: (AccountKind.CREDIT_CARD, "Credit card"),
    Slot.STUDENT_LOAN: (AccountKind.STUDENT_LOAN, "Student loan"),
    Slot.VEHICLE_LOAN: (AccountKind.LOAN, "Vehicle loan"),
    Slot.LOAN: (AccountKind.LOAN, "Personal loan"),
    Slot.MORTGAGE: (AccountKind.MORTGAGE, "Mortgage"),
    Slot.SECOND_MORTGAGE: (AccountKind.MORTGAGE, "Mortgage on other real estate"),
}
INVESTED = (Slot.BROKERAGE, Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN, Slot.HSA)
LIQUID = (Slot.CHECKING, Slot.SAVINGS)
# Rate a year, its spread, its least, and the months left to pay: means of Federal Reserve G.19 and Freddie Mac, 2019.
LOAN_TERMS = {
    Slot.CARD: (0.169, 0.04, 0.09, 0),
    Slot.STUDENT_LOAN: (0.052, 0.012, 0.02, 144),
    Slot.VEHICLE_LOAN: (0.060, 0.025, 0.01, 44),
    Slot.LOAN: (0.102, 0.04, 0.03, 36),
    Slot.MORTGAGE: (0.041, 0.007, 0.025, 0),
    Slot.SECOND_MORTGAGE: (0.048, 0.008, 0.03, 180),
}
CARD_LEAST_PAYMENT, CARD_PAYMENT_SHARE = 25.0, 0.025
LONGEST_TERM_MONTHS, SHORTEST_TERM_MONTHS = 348.0, 36.0
PAID_OFF_AGE = 72.0  # mortgages are drawn to end around it
MOST_PAYMENT_TO_INCOME = 0.40  # above it a mortgage runs over the longest term


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSheet:
    """Households x slots; NaN where a figure does not apply."""

    balance: Floats
    exists: Flags
    interest_rate: Floats
    minimum_payment: Floats
    match_rate: Floats
    match_limit: Floats

    def total(self, *slots: Slot) -> Floats:
        """Sum of a household's balances over slots."""
        return np.asarray(self.balance[:, list(slots)].sum(axis=1), dtype=np.float64)


def draw_balance_sheet(people: People, wealth: dict[str, Floats], seed: int) -> BalanceSheet:
    """Accounts for the components of wealth."""
    random = stream(seed, "balance sheet")
    balance = _balances(random, people, wealth).round(2)
    exists = balance != 0
    exists[:, Slot.CHECKING] = True
    rate = _rates(random, balance)
    match_rate, match_limit = _match(random, people, exists)
    return BalanceSheet(
        balance=balance,
        exists=exists,
        interest_rate=np.where(exists, rate, np.nan).round(4),
        minimum_payment=_payments(random, people, balance, rate).round(2),
        match_rate=match_rate,
        match_limit=match_limit,
    )


def _balances(random: np.random.Generator, people: People, wealth: dict[str, Floats]) -> Floats:
    balance = np.zeros((len(people), len(Slot)))
    held = {Slot.CHECKING: "checking", Slot.SAVINGS: "savings", Slot.BROKERAGE: "taxable", Slot.PLAN: "plan"}
    held |= {Slot.HOME: "house", Slot.REAL_ESTATE: "real_estate", Slot.VEHICLE: "vehicle"}
    held |= {Slot.BUSINESS: "business", Slot.OTHER_ASSET: "other_asset"}
    owed = {Slot.CARD: "card", Slot.STUDENT_LOAN: "student_loan", Slot.VEHICLE_LOAN: "vehicle_loan"}
    owed |= {Slot.LOAN: "other_loan", Slot.MORTGAGE: "mortgage", Slot.SECOND_MORTGAGE: "real_estate_debt"}
    for slot, name in held.items():
        balance[:, slot] = wealth[name]
    for slot, name in owed.items():
        balance[:, slot] = -wealth[name]
    roth = _roth_share(random, people)
    balance[:, Slot.ROTH] = wealth["ira"] * roth
    balance[:, Slot.TRADITIONAL] = wealth["ira"] - balance[:, Slot.ROTH]
    moved = np.minimum(wealth["plan"] * HSA_PART, HSA_MOST)
    has_hsa = people.is_(EmploymentStatus.EMPLOYED) & (random.random(len(people)) < HSA_SHARE)
    balance[:, Slot.HSA] = np.where(has_hsa, moved, 0.0)
    balance[:, Slot.PLAN] -= balance[:, Slot.HSA]
    return balance


def _roth_share(random: np.random.Generator, people: People) -> Floats:
    luck, part = random.random((2, len(people)))
    only = np.where(people.age < 45.0, ROTH_YOUNG, ROTH_OLD)
    return np.where(luck < BOTH_IRAS, part, np.where(luck < BOTH_IRAS + only, 1.0, 0.0))


def _rates(random: np.random.Generator, balance: Floats) -> Floats:
    rate = np.full_like(balance, np.nan)
    high = random.random(len(balance)) < HIGH_YIELD_SHARE
    rate[:, Slot.CHECKING] = 0.0
    rate[:, Slot.SAVINGS] = np.where(high, HIGH_YIELD, LOW_YIELD)
    for slot, (mean, spread, least, _) in LOAN_TERMS.items():
        rate[:, slot] = np.maximum(mean + spread * random.standard_normal(len(balance)), least)
    return rate


def _match(random: np.random.Generator, people: People, exists: Flags) -> tuple[Floats, Floats]:
    """Half or all of what the employee puts in, up to 3 to 6 % of pay; 0 for a plan without a match."""
    matched = people.is_(EmploymentStatus.EMPLOYED) & (random.random(len(people)) < MATCHING_SHARE)
    rate = np.where(matched, random.choice((0.5, 1.0), len(people), p=(0.65, 0.35)), 0.0)
    limit = np.where(matched, random.choice((0.03, 0.04, 0.05, 0.06), len(people), p=(0.2, 0.25, 0.15, 0.4)), 0.0)
    plan = exists[:, Slot.PLAN]
    return np.where(plan, rate, np.nan), np.where(plan, limit, np.nan)


def _payments(random: np.random.Generator, people: People, balance: Floats, rate: Floats) -> Floats:
    """A month: card issuers ask for a share of the balance, lenders for an annuity over the months left."""
    payment = np.full_like(balance, np.nan)
    owed = -balance[:, Slot.CARD]
    payment[:, Slot.CARD] = np.minimum(np.maximum(CARD_PAYMENT_SHARE * owed, CARD_LEAST_PAYMENT), owed)
    for slot, (*_, months) in LOAN_TERMS.items():
        if months:
            left = months * random.uniform(0.4, 1.2, len(balance))
            payment[:, slot] = annuity(-balance[:, slot], rate[:, slot], left)
    payment[:, Slot.MORTGAGE] = _mortgage_payment(random, people, -balance[:, Slot.MORTGAGE], rate[:, Slot.MORTGAGE])
    return np.where(balance < 0, payment, np.nan)


def _mortgage_payment(random: np.random.Generator, people: People, owed: Floats, rate: Floats) -> Floats:
    to_end = (PAID_OFF_AGE - people.age) * MONTHS_A_YEAR * random.uniform(0.6, 1.2, len(people))
    payment = annuity(owed, rate, np.clip(to_end, SHORTEST_TERM_MONTHS, LONGEST_TERM_MONTHS))
    stretched = annuity(owed, rate, np.full(len(people), LONGEST_TERM_MONTHS))
    most = MOST_PAYMENT_TO_INCOME * people.income / MONTHS_A_YEAR
    return np.clip(payment, stretched, np.maximum(most, stretched))


def annuity(owed: Floats, rate: Floats, months: Floats) -> Floats:
    """The monthly payment that repays a loan."""
    monthly = rate / MONTHS_A_YEAR
    return np.asarray(owed * monthly / -np.expm1(-months * np.log1p(monthly)), dtype=np.float64)
