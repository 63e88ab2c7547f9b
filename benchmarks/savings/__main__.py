"""The savings strategy: households a second, and the allocator against mixed-integer optima.

    OMP_NUM_THREADS=1 python -m benchmarks.savings [HOUSEHOLDS]

20,000 where none is given, drawn at random (`benchmarks.random_households`).
"""

import json
import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.random_households import draw
from benchmarks.savings.optimum import Case, Payments, Slot, slot, value
from benchmarks.timing import seconds, undisturbed
from engine.advise import advise
from engine.enums import UNKNOWN, AccountKind, code
from engine.facts import Facts, Positions
from engine.features.balance_sheet import largest
from engine.features.cash_flow import cash_flow
from engine.features.emergency import target_months
from engine.features.sustainable import sustainable_amount
from engine.health import health
from engine.household import Plan, plan, poured
from engine.household.goals import claim, demand
from engine.household.law import law
from engine.household.pieces import Place
from engine.household.places import beyond_match
from engine.household.sheltered import deferral, match_pieces
from engine.units import MONTHS_A_YEAR

Shares = dict[str, float]

MONTH_CASES = 300
YEAR_CASES = 100
LEAST_BUDGET = 50.0


def main(households: int) -> None:
    """Prints the figures as JSON."""
    facts = draw(households)
    flow = cash_flow(facts)
    budget = sustainable_amount(facts, flow)
    made = plan(facts, flow, budget)
    one = draw(1)
    one_flow = cash_flow(one)
    rich = np.flatnonzero(made.budget >= LEAST_BUDGET)
    report = {
        "households": households,
        "seconds": {
            "cash_flow": seconds(lambda: cash_flow(facts), 1),
            "plan": seconds(lambda: plan(facts, flow, budget), 1),
            "strategy": seconds(lambda: advise(facts, ["savings_strategy"]), 1),
            "health": seconds(lambda: health(facts), 1),
        },
        "milliseconds_for_one": {
            "plan": 1e3 * seconds(lambda: plan(one, one_flow, np.array([900.0])), 200),
            "plan_undisturbed": undisturbed(lambda: plan(one, one_flow, np.array([900.0]))),
            "strategy": 1e3 * seconds(lambda: advise(one, ["savings_strategy"]), 100),
            "health": 1e3 * seconds(lambda: health(one), 100),
        },
        "share_of_optimum_month": against_optimum(facts, made, rich[:MONTH_CASES], 1),
        "share_of_optimum_year": against_optimum(facts, made, rich[:YEAR_CASES], MONTHS_A_YEAR),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def against_optimum(facts: Facts, made: Plan, users: Positions, months: int) -> Shares:
    """What the allocator's payments are worth, as a share of the best there are; the plan is renewed each month.

    The solver may use a year's limits late; the allocator may not, since it does not know what was paid before.
    """
    cases = all_cases(facts, made, users)
    start = time.perf_counter()
    best = np.array([value(case, months) for case in cases])
    spent = time.perf_counter() - start
    ours = np.array([value(case, months, given=renewed(case, months)) for case in cases])
    share = ours / best
    return {
        "cases": len(cases),
        "mean": round(float(share.mean()), 5),
        "least": round(float(share.min()), 5),
        "share_of_all_value": round(float(ours.sum() / best.sum()), 5),
        "solver_milliseconds": round(1e3 * spent / len(cases), 1),
    }


def renewed(case: Case, months: int) -> list[Payments]:
    """Payments of each month; what was paid is gone from a place's room, what a goal did not get it asks for later."""
    stock, limit = case.rows.stock.copy(), case.rows.limit.copy()
    paid: list[Payments] = []
    goal = case.rows.place == code(Place.GOAL)
    for _ in range(months):
        rows = replace(case.rows, user=np.zeros(len(case.rows), dtype=np.int64), stock=stock, limit=limit)
        amount = poured(rows, np.array([case.budget]))
        stock = np.maximum(stock - amount, 0.0)
        limit = np.where(goal, limit - amount + case.rows.limit, limit)
        month: dict[Slot, float] = {}
        for row, money in enumerate(amount):
            month[slot(rows, row)] = month.get(slot(rows, row), 0.0) + float(money)
        paid.append(month)
    return paid


def all_cases(facts: Facts, made: Plan, users: Positions) -> list[Case]:
    """Programs of the users."""
    rules, months = law(facts), target_months(facts, cash_flow(facts))
    asked = demand(facts, made.aims, months * cash_flow(facts).spending)
    wanted = beyond_match(claim(facts, asked), facts, match_pieces(facts, rules))
    has_plan = largest(facts, (AccountKind.EMPLOYER_PLAN,)) != UNKNOWN
    rates = (deferral(rules, rules.rate), deferral(rules, rules.next_rate))
    first = made.rows(len(facts))
    return [
        Case(
            rows=made.places.take(np.arange(first[user], first[user + 1])),
            budget=float(made.budget[user]),
            room=float(rules.room[user]),
            deferral=(float(rates[0][user]), float(rates[1][user])),
            plan_limit=float(rules.plan_limit[user] * has_plan[user]),
            ira_limit=float(rules.ira_limit[user]),
            roth_limit=float(rules.roth_limit[user]),
            deductible_limit=float(rules.deductible_limit[user]),
            claimed=float(wanted.monthly[user]),
            bonus=float(wanted.bonus[user]),
            retirement_goal=int(wanted.goal[user]),
        )
        for user in users
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
