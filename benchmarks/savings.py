"""The savings strategy: households a second, and the allocator against mixed-integer optima.

OMP_NUM_THREADS=1 python -m benchmarks.savings [HOUSEHOLDS]
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.random_households import draw
from benchmarks.savings_optimum import Case, Payments, slot, value
from engine.advise import advise
from engine.enums import UNKNOWN, AccountKind
from engine.facts import Facts, Positions
from engine.features.balance_sheet import largest
from engine.features.cash_flow import cash_flow
from engine.features.emergency import target_months
from engine.features.sustainable import sustainable_amount
from engine.health import health
from engine.household import Plan, plan, poured
from engine.household.goals import claim, demand
from engine.household.law import law
from engine.household.pieces import Pieces
from engine.household.places import beyond_match
from engine.household.sheltered import deferral, match_pieces

Shares = dict[str, float]

MONTHS_A_YEAR = 12
MONTH_CASES = 300
YEAR_CASES = 30
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
            "cash_flow": seconds(lambda: cash_flow(facts)),
            "plan": seconds(lambda: plan(facts, flow, budget)),
            "strategy": seconds(lambda: advise(facts, ["savings_strategy"])),
            "health": seconds(lambda: health(facts)),
        },
        "milliseconds_for_one": {
            "plan": 1e3 * seconds(lambda: plan(one, one_flow, np.array([900.0])), 200),
            "strategy": 1e3 * seconds(lambda: advise(one, ["savings_strategy"]), 100),
            "health": 1e3 * seconds(lambda: health(one), 100),
        },
        "share_of_optimum_month": against_optimum(facts, made, rich[:MONTH_CASES], 1),
        "share_of_optimum_year": against_optimum(facts, made, rich[:YEAR_CASES], MONTHS_A_YEAR),
        "share_of_optimum_year_pooled": against_optimum(facts, made, rich[:YEAR_CASES], MONTHS_A_YEAR, True),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """The fastest of some calls."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return round(min(taken), 6)


def against_optimum(facts: Facts, made: Plan, users: Positions, months: int, pooled: bool = False) -> Shares:
    """What the allocator's payments are worth, as a share of the best there are; the plan is renewed each month.

    Pooled, the solver may use a year's limits late; the allocator may not, since it does not know what was paid before.
    """
    cases = all_cases(facts, made, users)
    start = time.perf_counter()
    best = np.array([value(case, months, pooled=pooled) for case in cases])
    spent = time.perf_counter() - start
    ours = np.array([value(case, months, pooled=pooled, given=renewed(case, months)) for case in cases])
    share = ours / best
    return {
        "cases": len(cases),
        "mean": round(float(share.mean()), 5),
        "least": round(float(share.min()), 5),
        "share_of_all_value": round(float(ours.sum() / best.sum()), 5),
        "solver_milliseconds": round(1e3 * spent / len(cases), 1),
    }


def renewed(case: Case, months: int) -> list[Payments]:
    """Payments of each month; what was paid into a place with an end is gone from its room."""
    stock, paid = case.rows.stock.copy(), []
    for _ in range(months):
        rows = Pieces(
            **{name: getattr(case.rows, name) for name in ("place", "worth", "limit", "account", "goal")},
            user=np.zeros(len(case.rows), dtype=np.int64),
            stock=stock,
        )
        amount = poured(rows, np.array([case.budget]))
        stock = np.maximum(stock - amount, 0.0)
        month: dict[tuple[object, int], float] = {}
        for row, money in enumerate(amount):
            month[slot(rows, row)] = month.get(slot(rows, row), 0.0) + float(money)
        paid.append(month)
    return paid  # type: ignore[return-value]


def all_cases(facts: Facts, made: Plan, users: Positions) -> list[Case]:
    """Programs of the users."""
    rules, months = law(facts), target_months(facts, cash_flow(facts))
    asked = demand(facts, months * cash_flow(facts).spending)
    wanted = beyond_match(claim(facts, asked), facts, match_pieces(facts, rules))
    has_plan = largest(facts, (AccountKind.EMPLOYER_PLAN,)) != UNKNOWN
    rates = (deferral(facts, rules, rules.rate), deferral(facts, rules, rules.next_rate))
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
