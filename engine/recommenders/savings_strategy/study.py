"""Everything the strategy rests on: columns of the batch, and one user's slots taken from them."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Dates, Facts, Floats, Positions
from engine.features.balance_sheet import cash, largest
from engine.features.cash_flow import Flow, cash_flow, rate
from engine.features.emergency import target_months
from engine.features.income import earns
from engine.features.pay import PayDays, next_date, pay_days
from engine.features.sustainable import share_of_months_carried, sustainable_amount
from engine.household import Plan, plan
from engine.household.pieces import Place
from engine.recommenders.savings_strategy.kinds import CHECKING

PERSISTENCE = 0.935
"""Of savers who had their rate raised with their pay, 80 % were still in the plan after four raises in 40 months
(Thaler and Benartzi, Save More Tomorrow, Journal of Political Economy 112, 2004): 0.8 ** (12 / 40) a year."""
PAY_RISE = 0.03
"""A year: US private wages, Employment Cost Index 2015-2025, about 3.3 %, rounded down."""
SAVED_OF_A_RISE = 0.5
MOST_STEP_UP = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    flow: Flow
    plan: Plan
    first_row: Positions
    current_rate: Floats
    optimal_rate: Floats
    success: Floats
    months: Floats
    target: Floats
    held: Floats
    step_up: Floats
    pay: PayDays
    first_start: Dates
    second_start: Dates
    checking: Positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of one user's plan; `next_worth` is None where nothing more fits."""

    place: Place
    account: int
    goal: int
    amount: float
    worth: float
    next_worth: float | None
    limit: float
    stock: float
    months_to_fill: float


def study(facts: Facts) -> Study:
    """All columns, computed once for the batch."""
    flow = cash_flow(facts)
    made = plan(facts, flow, sustainable_amount(facts, flow))
    months, days = target_months(facts, flow), pay_days(facts)
    today = np.datetime64(facts.today)
    return Study(
        facts=facts,
        flow=flow,
        plan=made,
        first_row=made.rows(len(facts)),
        current_rate=rate(flow),
        optimal_rate=np.where(flow.income > 0, made.budget / np.where(flow.income > 0, flow.income, 1.0), 0.0),
        success=PERSISTENCE * share_of_months_carried(facts, flow, made.budget),
        months=months,
        target=months * flow.spending,
        held=cash(facts),
        step_up=_step_up(facts, flow, made.budget),
        pay=days,
        first_start=next_date(today, days.first),
        second_start=next_date(today, np.maximum(days.second, 1)),
        checking=largest(facts, CHECKING),
    )


def slots(study: Study, user: int) -> list[Slot]:
    """One user's places, the worthiest first; the steps of a place taken together."""
    grouped: dict[tuple[int, int, int], list[int]] = {}
    found = study.plan.places
    for row in range(study.first_row[user], study.first_row[user + 1]):
        grouped.setdefault((int(found.place[row]), int(found.account[row]), int(found.goal[row])), []).append(row)
    return [_slot(study.plan, *key, rows) for key, rows in grouped.items()]


def _slot(made: Plan, place: int, account: int, goal: int, rows: list[int]) -> Slot:
    found = made.places
    room = [row for row in rows if made.amount[row] < min(found.limit[row], found.stock[row]) - 0.005]
    return Slot(
        place=list(Place)[place],
        account=account,
        goal=goal,
        amount=round(float(made.amount[rows].sum()), 2),
        worth=float(found.worth[rows[0]]),
        next_worth=float(found.worth[room[0]]) if room else None,
        limit=float(found.limit[rows].sum()),
        stock=float(found.stock[rows].sum()),
        months_to_fill=float(made.months_to_fill[rows].max()),
    )


def _step_up(facts: Facts, flow: Flow, budget: Floats) -> Floats:
    """Half of next year's usual pay rise, as a share of today's amount."""
    half = SAVED_OF_A_RISE * PAY_RISE * flow.income / np.where(budget > 0, budget, np.inf)
    return np.where(earns(facts), np.round(np.minimum(half, MOST_STEP_UP), 3), 0.0)


def known(row: int) -> bool:
    """Whether a row of accounts or goals belongs to the slot."""
    return row != UNKNOWN
