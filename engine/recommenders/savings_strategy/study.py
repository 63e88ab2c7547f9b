"""Everything the strategy rests on: columns of the batch, and one user's slots taken from them."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Dates, Facts, Floats, Positions
from engine.features.balance_sheet import cash, largest
from engine.features.cash_flow import Flow, cash_flow, rate
from engine.features.income import earns
from engine.features.pay import PayDays, next_date, pay_days
from engine.features.sustainable import CUSHION, chance_of_keeping, sustainable_amount
from engine.household import Plan, plan
from engine.household.pieces import Place
from engine.recommenders.savings_strategy.kinds import CHECKING

PAY_RISE = 0.03
"""A year: US private wages, Employment Cost Index 2015-2025, about 3.3 %, rounded down."""
SAVED_OF_A_RISE = 0.5
MOST_STEP_UP = 0.25

PLACES = tuple(Place)
GOAL = PLACES.index(Place.GOAL)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of one user's plan; `next_worth` is what the next unit is worth, None where nothing more fits."""

    place: Place
    account: int
    goal: int
    amount: float
    at_once: float
    worth: float
    next_worth: float | None
    limit: float
    stock: float
    months_to_fill: float


def study(facts: Facts) -> Study:
    """All columns, computed once for the batch."""
    flow = cash_flow(facts)
    made = plan(facts, flow, sustainable_amount(facts, flow))
    days, today = pay_days(facts), np.datetime64(facts.today)
    asked = flow.spending + flow.debt_payments
    return Study(
        facts=facts,
        flow=flow,
        plan=made,
        first_row=made.rows(len(facts)),
        current_rate=rate(flow),
        optimal_rate=_optimal_rate(flow, made.budget),
        success=chance_of_keeping(flow, made.budget),
        target=made.months * flow.spending,
        held=cash(facts),
        shortfall=np.maximum(asked - flow.income - flow.draw, 0.0),
        cushion=CUSHION * asked / np.where(days.second > 0, 2.0, 1.0),
        step_up=_step_up(facts, flow, made.budget),
        pay=days,
        first_start=next_date(today, days.first),
        second_start=next_date(today, np.maximum(days.second, 1)),
        checking=largest(facts, CHECKING),
    )


def slots(study: Study, user: int) -> list[Slot]:
    """One user's places, the worthiest first; the steps of a place taken together."""
    grouped: dict[tuple[int, int], list[int]] = {}
    found = study.plan.places
    for row in range(study.first_row[user], study.first_row[user + 1]):
        place = int(found.place[row])
        target = found.goal[row] if place == GOAL else found.account[row]
        grouped.setdefault((place, int(target)), []).append(row)
    return [_slot(study.plan, rows) for rows in grouped.values()]


def _slot(made: Plan, rows: list[int]) -> Slot:
    found = made.places
    room = [row for row in rows if made.amount[row] < min(found.limit[row], found.stock[row]) - 0.005]
    return Slot(
        place=PLACES[found.place[rows[0]]],
        account=int(found.account[rows[0]]),
        goal=int(found.goal[rows].max()),
        amount=round(float(made.amount[rows].sum()), 2),
        at_once=round(float(made.at_once[rows].sum()), 2),
        worth=float(found.worth[rows[0]]),
        next_worth=float(found.worth[room[0]]) if room else None,
        limit=float(found.limit[rows].sum()),
        stock=float(found.stock[rows].sum()),
        months_to_fill=float(made.months_to_fill[rows].max()),
    )


def _optimal_rate(flow: Flow, budget: Floats) -> Floats:
    """Share of income that is not spent when the plan is kept: what is put aside and what lenders ask for."""
    kept = (budget + flow.debt_payments) / np.where(flow.income > 0, flow.income, 1.0)
    return np.where(flow.income > 0, np.minimum(kept, 1.0), 0.0)


def _step_up(facts: Facts, flow: Flow, budget: Floats) -> Floats:
    """Half of next year's usual pay rise, as a share of today's amount."""
    half = SAVED_OF_A_RISE * PAY_RISE * flow.income / np.where(budget > 0, budget, np.inf)
    return np.where(earns(facts), np.round(np.minimum(half, MOST_STEP_UP), 3), 0.0)


def known(row: int) -> bool:
    """Whether a row of accounts or goals belongs to the slot."""
    return row != UNKNOWN
