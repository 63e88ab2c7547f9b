"""What the components of financial health read, as columns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.enums import AccountKind
from engine.facts import Dates, Facts, Flags, Floats, Objects, Positions
from engine.features.balance_sheet import (
    DEBTS,
    cash,
    has_accounts,
    invested,
    is_kind,
    owed,
    required_payments,
    total_debt,
)
from engine.features.cash_flow import cash_flow, monthly_mean, months_with
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero
from engine.transactions import HOUSING

CONSUMER_DEBTS = tuple(kind for kind in DEBTS if kind is not AccountKind.MORTGAGE)
FEES = ("fees",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One value a user; money a month unless its name says otherwise."""

    currency: Objects
    age: Floats
    observed: Flags
    stopped: Dates
    spending_known: Flags
    spending_assumed: Flags
    has_accounts: Flags
    homeowner: Flags
    income: Floats
    """After tax, and what the retired can draw for good."""
    draw: Floats
    spending: Floats
    gross: Floats
    cash_held: Floats
    debt: Floats
    consumer_debt: Floats
    """Without accounts, all debt."""
    debt_service: Floats
    invested: Floats
    housing: Floats
    mortgage_owed: Floats
    budgets: Positions
    goals: Positions
    contributions: Floats
    fees: Floats
    fee_months: Floats
    """Share of the months seen in which fees were charged."""
    insured_months: Floats
    """Share of the months seen in which insurance was paid."""


def inputs(facts: Facts) -> Inputs:
    """The columns of a batch."""
    flow, accounts = cash_flow(facts), has_accounts(facts)
    mortgage = required_payments(facts, (AccountKind.MORTGAGE,))
    paid = monthly_mean(facts, HOUSING)
    return Inputs(
        currency=facts.profile.currency,
        age=facts.profile.age,
        observed=flow.observed,
        stopped=flow.stopped,
        spending_known=flow.stated,
        spending_assumed=flow.assumed,
        has_accounts=accounts,
        homeowner=facts.profile.homeowner,
        income=flow.income + flow.draw,
        draw=flow.draw,
        spending=flow.spending,
        gross=gross_income(facts) / MONTHS,
        cash_held=cash(facts),
        debt=total_debt(facts),
        consumer_debt=np.where(accounts, _debt(facts, CONSUMER_DEBTS), total_debt(facts)),
        debt_service=required_payments(facts),
        invested=invested(facts),
        housing=np.where(flow.observed, -paid, mortgage),
        mortgage_owed=_debt(facts, (AccountKind.MORTGAGE,)),
        budgets=np.bincount(facts.budgets.user, minlength=len(facts)),
        goals=np.bincount(facts.goals.user, minlength=len(facts)),
        contributions=facts.total(facts.goals.user, or_zero(facts.goals.monthly_contribution)),
        fees=np.maximum(-monthly_mean(facts, FEES), 0.0),
        fee_months=months_with(facts, FEES),
        insured_months=months_with(facts, ("insurance",)),
    )


def _debt(facts: Facts, kinds: Iterable[AccountKind]) -> Floats:
    rows = is_kind(facts, kinds)
    return facts.total(facts.accounts.user[rows], owed(facts)[rows])
