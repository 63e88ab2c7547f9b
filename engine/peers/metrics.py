"""What households are compared by: one column a metric, NaN where it cannot be told."""

from collections.abc import Mapping

import numpy as np

from engine.facts import Facts, Floats
from engine.features.balance_sheet import cash, total_debt
from engine.features.cash_flow import Flow, monthly_mean, rate
from engine.features.income import MONTHS, gross_income
from engine.features.known import or_zero
from engine.transactions import SPENDING

MOST_MONTHS = 120.0
MOST_RATIO = 100.0
HOUSING = ("rent", "mortgage")
SPENT_ON = {"housing": HOUSING} | {name: (name,) for name in SPENDING if name not in (*HOUSING, "taxes")}
"""Kinds of spending that are compared, each with its transaction categories."""
PREFIX = "spending_"
METRICS = (
    "savings_rate",
    "emergency_months",
    "debt_to_income",
    "goal_progress",
    *(f"{PREFIX}{name}" for name in SPENT_ON),
)


def metrics(facts: Facts, flow: Flow) -> Mapping[str, Floats]:
    """`METRICS` of a batch.

    Share of income after tax that is not spent; months of spending held in cash; everything owed over income before
    tax; mean share of the targets of active goals that is saved; spending over income before tax.
    """
    found = {
        "savings_rate": np.where(flow.stated & ~flow.assumed, rate(flow), np.nan),
        "emergency_months": np.minimum(_over(cash(facts), flow.spending), MOST_MONTHS),
        "debt_to_income": np.minimum(_over(total_debt(facts), gross_income(facts)), MOST_RATIO),
        "goal_progress": goal_progress(facts),
    }
    return found | {f"{PREFIX}{name}": spent_on(facts, flow, names) for name, names in SPENT_ON.items()}


def goal_progress(facts: Facts) -> Floats:
    """Mean over active goals; NaN without any."""
    goals = facts.goals
    saved, target = np.maximum(or_zero(goals.saved_amount), 0.0), np.maximum(or_zero(goals.target_amount), 1.0)
    count = np.bincount(goals.user, minlength=len(facts)).astype(np.float64)
    return _over(facts.total(goals.user, np.minimum(saved / target, 1.0)), count)


def spent_on(facts: Facts, flow: Flow, categories: tuple[str, ...]) -> Floats:
    """Share of income before tax; NaN without three months of transactions."""
    spent = np.maximum(-monthly_mean(facts, categories), 0.0)
    share = _over(spent, gross_income(facts) / MONTHS)
    return np.where(flow.observed, np.minimum(share, MOST_RATIO), np.nan)


def _over(amount: Floats, base: Floats) -> Floats:
    return np.where(base > 0, amount / np.where(base > 0, base, 1.0), np.nan)
