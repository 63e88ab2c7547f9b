"""Everything the strategy rests on, as columns of the batch."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Dates, Facts, Floats, Positions
from engine.features.balance_sheet import balance, cash, largest
from engine.features.cash_flow import Flow, cash_flow, rate, shortfall
from engine.features.income import earns
from engine.features.pay import PayDays, next_date, pay_days
from engine.features.sustainable import CUSHION
from engine.household import Plan, plan
from engine.household.means import KEEPING, Keeping, Means, chances_of, keeping, means
from engine.learning.model import Models
from engine.recommenders.savings_strategy.kinds import CHECKING

PAY_RISE = 0.03
"""A year: US private wages, Employment Cost Index 2015-2025, about 3.3 %, rounded down."""
SAVED_OF_A_RISE = 0.5
MOST_STEP_UP = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    flow: Flow
    means: Means
    plan: Plan
    first_row: Positions
    current_rate: Floats
    optimal_rate: Floats
    keeping: Keeping
    target: Floats
    """What the emergency fund should hold."""
    held: Floats
    shortfall: Floats
    """What a month lacks, after what the retired can draw for good."""
    cushion: Floats
    """What a transfer has to leave in checking."""
    step_up: Floats
    pay: PayDays
    first_start: Dates
    second_start: Dates
    checking: Positions


def study(facts: Facts, models: Models) -> Study:
    """All columns, computed once for the batch."""
    flow = cash_flow(facts)
    found = means(facts, flow, models)
    made = plan(facts, flow, found.budget)
    days, today = pay_days(facts), np.datetime64(facts.today)
    return Study(
        facts=facts,
        flow=flow,
        means=found,
        plan=made,
        first_row=made.rows(len(facts)),
        current_rate=rate(flow),
        optimal_rate=np.minimum(made.budget / np.where(flow.income > 0, flow.income, np.inf), 1.0),
        keeping=keeping(facts, flow, made.budget, chances_of(models, KEEPING), found.shown),
        target=made.months * flow.spending,
        held=cash(facts),
        shortfall=shortfall(flow),
        cushion=_cushion(facts, flow, made.budget, np.where(days.second > 0, 2.0, 1.0)),
        step_up=_step_up(facts, flow, made.budget),
        pay=days,
        first_start=next_date(today, days.first),
        second_start=next_date(today, np.maximum(days.second, 1)),
        checking=largest(facts, CHECKING),
    )


def _cushion(facts: Facts, flow: Flow, budget: Floats, pays: Floats) -> Floats:
    """More than goes out until the next pay, but no more than a usual pay day leaves: else nothing would ever move."""
    out = (flow.spending + flow.debt_payments) / pays
    left = np.maximum(balance(facts, CHECKING), 0.0) + (flow.income - budget) / pays
    return np.clip(left, out, CUSHION * out)


def _step_up(facts: Facts, flow: Flow, budget: Floats) -> Floats:
    """Half of next year's usual pay rise, as a share of today's amount."""
    half = SAVED_OF_A_RISE * PAY_RISE * flow.income / np.where(budget > 0, budget, np.inf)
    return np.where(earns(facts), np.round(np.minimum(half, MOST_STEP_UP), 3), 0.0)
