"""All money that moved through the current account, in order, to the cent."""

from dataclasses import dataclass, replace

import numpy as np

from engine.facts import Floats
from engine.population.anomalies import with_anomalies
from engine.population.balance_sheet import BalanceSheet
from engine.population.biases import Biases
from engine.population.bills import bill_lines
from engine.population.calendar import Calendar
from engine.population.closing import closing_lines
from engine.population.hours import purchase_hours
from engine.population.income import draw_work, income_lines
from engine.population.lines import Lines, joined
from engine.population.means import draw_means
from engine.population.past import Past
from engine.population.people import People
from engine.population.plan import Plan, draw_plan
from engine.population.saving import saving_lines
from engine.population.spending import spending_lines
from engine.transactions import CATEGORY_NAMES, SPENDING
from engine.units import MONTHS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Rows in order of household and day, and what they were planned from."""

    lines: Lines
    plan: Plan
    monthly_expenses: Floats


def draw_ledger(
    people: People,
    sheet: BalanceSheet,
    biases: Biases,
    past: Past,
    months: Calendar,
    seed: int,
    *,
    purchases: float = 1.0,
) -> Ledger:
    """Income, bills, purchases, saving, anomalies, and what closes the account; `purchases`: how many times as many."""
    means = draw_means(people, sheet, seed)
    work = draw_work(people, past, months, seed)
    plan = draw_plan(people, sheet, means, past, len(months), seed)
    parts = [
        *income_lines(people, work, means, months, seed),
        *bill_lines(plan, sheet, biases, past, months, seed),
        *saving_lines(people, plan, work, biases, past, months, seed),
        *spending_lines(people, plan, work, biases, months, seed, purchases=purchases),
    ]
    drawn = with_anomalies(joined(parts), months, seed)
    rounded = replace(drawn, amount=drawn.amount.round(2))
    closing = closing_lines(rounded, sheet, means.net / MONTHS_A_YEAR, months, seed)
    whole = joined([rounded, *closing])
    whole = replace(whole, hour=purchase_hours(whole, seed))
    return Ledger(lines=whole, plan=plan, monthly_expenses=_monthly_expenses(whole, months, len(people)))


def _monthly_expenses(ledger: Lines, months: Calendar, users: int) -> Floats:
    """Mean spending of the last twelve complete months; of what there is where there are fewer."""
    spent = np.isin(ledger.category, [CATEGORY_NAMES.index(name) for name in SPENDING])
    last = len(months) - 1
    first = max(last - MONTHS_A_YEAR, 0)
    month = months.month(ledger.day)
    counted = spent & (month >= first) & (month < max(last, 1))
    total = np.bincount(ledger.user[counted], -ledger.amount[counted], minlength=users)
    return np.asarray((total / max(last - first, 1)).round(2), dtype=np.float64)
