"""What comes in and goes out a month: from three months of transactions in a year, else as stated, else assumed."""

from dataclasses import dataclass

import numpy as np

from engine.enums import AccountKind, EmploymentStatus, code
from engine.facts import Dates, Facts, Flags, Floats
from engine.features.balance_sheet import DEBTS, invested, required_payments
from engine.features.income import MONTHS, take_home
from engine.features.known import or_zero
from engine.transactions import INCOME, SPENDING

MONTHS_FOR_RATE = 12
MONTHS_FOR_PLAN = 24
LEAST_MONTHS = 3
DRAW = 0.04
"""Of investments a year that the retired can spend for 30 years (Bengen 1994; Cooley, Hubbard and Walz 1998)."""
ASSUMED_SPENDING = 0.95  # of take-home pay: BEA, US personal saving rate 2023-2025 about 5 % of disposable income
MORTGAGE = ("mortgage",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Money a month; series are users x months, oldest first, and mean something where `seen` is true."""

    income: Floats
    spending: Floats
    debt_payments: Floats
    """What lenders ask for and spending does not yet hold."""
    draw: Floats
    """What the retired can take out of their investments for good."""
    observed: Flags
    stated: Flags
    """Whether spending is observed, or among what was loaded."""
    assumed: Flags
    """Whether spending rests on an assumption: ours, or that of whoever loaded it."""
    income_series: Floats
    spending_series: Floats
    seen: Flags
    stopped: Dates
    """The month of the last transaction where none arrives any more, else NaT."""


def cash_flow(facts: Facts) -> Flow:
    """A household's usual month and the months that it was seen."""
    income_series = _series(facts, INCOME)[:, -MONTHS_FOR_PLAN:]
    spending_series = -_series(facts, SPENDING)[:, -MONTHS_FOR_PLAN:]
    seen = _seen(facts, income_series.shape[1])
    observed = seen[:, -MONTHS_FOR_RATE:].sum(axis=1) >= LEAST_MONTHS
    income = _or_else(_mean(income_series, seen), observed, take_home(facts))
    stated_spending = np.maximum(facts.profile.monthly_expenses, 0.0)
    fallback = np.where(np.isnan(stated_spending), ASSUMED_SPENDING * income, stated_spending)
    mean_spending = _mean(spending_series, seen)
    spending = _or_else(mean_spending, observed, fallback)
    seen_spending, known = observed & (mean_spending > 0), ~np.isnan(stated_spending)
    return Flow(
        income=income,
        spending=spending,
        debt_payments=_unseen_debt_payments(facts, observed),
        draw=_draw(facts),
        observed=observed,
        stated=seen_spending | known,
        assumed=~seen_spending & (~known | facts.profile.expenses_assumed),
        income_series=income_series,
        spending_series=spending_series,
        seen=seen,
        stopped=stopped(facts),
    )


def savings_rate(facts: Facts) -> Floats:
    """Share of income after tax that is not spent, -1 at the least."""
    return rate(cash_flow(facts))


def rate(flow: Flow) -> Floats:
    """Share of income that is not spent, -1 at the least; without income 0 or, where money is spent, -1."""
    without = np.where(flow.spending > 0, -1.0, 0.0)
    kept = (flow.income - flow.spending) / np.where(flow.income > 0, flow.income, 1.0)
    return np.clip(np.where(flow.income > 0, kept, without), -1.0, 1.0)


def shortfall(flow: Flow) -> Floats:
    """What a month lacks, after what the retired can draw for good."""
    return np.maximum(flow.spending + flow.debt_payments - flow.income - flow.draw, 0.0)


def monthly_mean(facts: Facts, categories: tuple[str, ...]) -> Floats:
    """Signed sum of the categories in a mean month of the last twelve seen, 0 where none was."""
    series = _series(facts, categories)
    return _mean(series, _seen(facts, series.shape[1]))


def months_with(facts: Facts, categories: tuple[str, ...]) -> Floats:
    """Share of the last twelve months seen in which money went out for the categories."""
    series = _series(facts, categories)
    return _mean((series < 0).astype(np.float64), _seen(facts, series.shape[1]))


def stopped(facts: Facts) -> Dates:
    """The month of each household's last transaction where none arrives any more, else NaT."""
    none = np.full(len(facts), "NaT", dtype="datetime64[M]")
    return none if facts.cash_flows.stopped is None else facts.cash_flows.stopped


def _series(facts: Facts, categories: tuple[str, ...]) -> Floats:
    """Signed sums of the categories: users x months."""
    flows = facts.cash_flows
    chosen = np.isin(flows.categories, categories).astype(np.float64)
    return np.asarray(flows.amount @ chosen, dtype=np.float64)


def _seen(facts: Facts, months: int) -> Flags:
    """Which of the last months lie after a user's first transaction and hold any: an empty one is not known."""
    flows, age = facts.cash_flows, np.arange(months, 0, -1)
    booked = flows.amount[:, flows.amount.shape[1] - months :].any(axis=2)
    return np.asarray(booked & (age[None, :] <= flows.observed[:, None]), dtype=np.bool_)


def _mean(series: Floats, seen: Flags) -> Floats:
    """Mean over the last months that were seen, 0 where none was."""
    last, known = series[:, -MONTHS_FOR_RATE:], seen[:, -MONTHS_FOR_RATE:]
    return np.asarray((last * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1), dtype=np.float64)


def _or_else(mean: Floats, observed: Flags, otherwise: Floats) -> Floats:
    """The observed mean where it says something, else the other value."""
    return np.where(observed & (mean > 0), mean, otherwise)


def _draw(facts: Facts) -> Floats:
    retired = facts.profile.employment == code(EmploymentStatus.RETIRED)
    return np.where(retired, DRAW / MONTHS * or_zero(invested(facts)), 0.0)


def _unseen_debt_payments(facts: Facts, observed: Flags) -> Floats:
    """Least payments that transactions do not show as spending; stated expenses are taken to hold them all."""
    others = required_payments(facts, [kind for kind in DEBTS if kind is not AccountKind.MORTGAGE])
    seen = _series(facts, MORTGAGE).sum(axis=1) < 0
    mortgage = np.where(seen, 0.0, required_payments(facts, (AccountKind.MORTGAGE,)))
    return np.where(observed, others + mortgage, 0.0)
