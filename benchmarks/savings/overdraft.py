"""The automation plan replayed: made from two years of the demo population, followed day by day through the third.

    OMP_NUM_THREADS=1 python -m benchmarks.savings.overdraft [HOUSEHOLDS]

What is counted are months in which an account is overdrawn on some day between a transfer and the next, and would not
be without the transfer. Households' own transfers to savings and investments are taken out: the plan replaces them.
"""

import json
import sys
from datetime import date

import numpy as np

from benchmarks.demo_facts import as_facts, positions
from engine.enums import AccountKind
from engine.facts import Facts, Flags, Floats
from engine.features.balance_sheet import balance
from engine.features.sustainable import ENOUGH
from engine.population import Population, generate
from engine.recommenders.savings_strategy.study import Study, study
from engine.transactions import INCOME, SPENDING

CUT = date(2025, 9, 1)
END = date(2026, 9, 1)
SEED = 11
MONTHS = 12
REPLAYED = (*INCOME, *SPENDING, "debt_payment")


def main(households: int) -> None:
    """Prints the figures as JSON."""
    population = generate(users=households, seed=SEED, today=date(2026, 9, 15))
    facts = as_facts(population, CUT)
    columns = study(facts, {})
    amount, daily = columns.plan.budget, _daily(population, facts)
    overdrawn, moved = replay(columns, daily)
    saves = amount > 0
    enough = daily.sum(axis=1) >= ENOUGH * MONTHS * amount
    report = {
        "households": households,
        "share_saving": round(float(saves.mean()), 4),
        "median_rate": round(float(np.median(amount[saves] / columns.flow.income[saves])), 4),
        "user_months_overdrawn_by_a_transfer": round(float(overdrawn.mean()), 5),
        "the_same_of_savers": round(float(overdrawn[saves].mean()), 5),
        "share_of_money_moved": round(float(moved[saves].sum() / (MONTHS * amount[saves]).sum()), 4),
        "savers_whose_year_left_nine_tenths": round(float(enough[saves].mean()), 4),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def replay(columns: Study, daily: Floats) -> tuple[Flags, Floats]:
    """Months in which a transfer left the account overdrawn until the next, and the money moved in the year."""
    left = np.maximum(opening(columns), 0.0)
    transfers, last = _transfers(columns), np.zeros(len(daily))
    overdrawn: Flags = np.zeros(daily.shape, dtype=np.bool_)
    moved = np.zeros(len(daily))
    for day in range(daily.shape[1]):
        left = left + daily[:, day]
        due = transfers[:, day] > 0
        made = np.where(due & (left - transfers[:, day] >= columns.cushion), transfers[:, day], 0.0)
        last = np.where(due, made, last)
        left, moved = left - made, moved + made
        overdrawn[:, day] = (left < 0) & (left + last >= 0) & (last > 0)
    return _by_month(overdrawn), moved


def opening(columns: Study) -> Floats:
    """Checking at the end of the history, for want of its balance at the start of the year."""
    return balance(columns.facts, (AccountKind.CHECKING,))


def _daily(population: Population, facts: Facts) -> Floats:
    """What came in and went out each day of the third year: users x days."""
    rows = population.transactions
    day = (rows["date"].astype("datetime64[D]") - np.datetime64(CUT)).astype(np.int64)
    days = (END - CUT).days
    kept = (day >= 0) & (day < days) & np.isin(rows["category"].astype(str), REPLAYED)
    position = {name: row for row, name in enumerate(facts.users)}
    cell = positions(rows["user"][kept], position) * days + day[kept]
    found = np.bincount(cell, weights=rows["amount"][kept], minlength=len(facts) * days)
    return found.reshape(len(facts), days).astype(np.float64)


def _transfers(columns: Study) -> Floats:
    """The plan's transfers, in halves where there are two pay days: users x days."""
    amount, pay = columns.plan.budget, columns.pay
    days = np.arange(np.datetime64(CUT), np.datetime64(END))
    number = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    first = np.where(pay.second > 0, amount / 2, amount)
    second = (number == pay.second[:, None]) * (amount / 2)[:, None]
    return np.asarray((number == pay.first[:, None]) * first[:, None] + second, dtype=np.float64)


def _by_month(flags: Flags) -> Flags:
    """Whether any day of a month was flagged: users x months."""
    months = np.arange(np.datetime64(CUT), np.datetime64(END)).astype("datetime64[M]").astype(np.int64)
    starts = np.flatnonzero(np.diff(months, prepend=-1))
    return np.asarray(np.logical_or.reduceat(flags, starts, axis=1), dtype=np.bool_)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
