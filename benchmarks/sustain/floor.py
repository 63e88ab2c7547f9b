"""How near anybody could come to what demo households put aside next year: the spread that no predictor removes.

    OMP_NUM_THREADS=1 python -m benchmarks.sustain.floor [HOUSEHOLDS]

The same households live the same months again with other luck: all that is hidden of them (people, balance sheets,
events and their dates, pay, plans) stays, the luck of income, purchases, orders kept up or paused and anomalies is
drawn anew. Lives in which the same orders ran in the month before the year are compared: a predictor sees that month.
What then differs is below the error of any predictor, even of one that is told all that is hidden. **Synthetic**.
"""

import json
import sys
from dataclasses import replace
from datetime import date

import numpy as np

from engine.facts import CashFlows, Facts, Floats, Positions
from engine.population.anomalies import with_anomalies
from engine.population.balance_sheet import BalanceSheet, draw_balance_sheet
from engine.population.biases import Biases, draw_biases
from engine.population.bills import bill_lines
from engine.population.calendar import Calendar, calendar
from engine.population.closing import closing_lines
from engine.population.income import draw_work, income_lines
from engine.population.lines import Lines, joined
from engine.population.means import draw_means
from engine.population.past import Past, draw_past
from engine.population.people import People, draw
from engine.population.plan import draw_plan
from engine.population.portfolio import draw_holdings
from engine.population.prices import draw_prices
from engine.population.saving import saving_lines
from engine.population.spending import spending_lines
from engine.sustain.features import scale
from engine.sustain.target import YEAR, outflow, share_kept, window
from engine.transactions import CATEGORY_NAMES

SEED = 11
TODAY = date(2026, 9, 15)
LIVES = 12
MONTHS = 36
KNOWN = 2 * YEAR
"""Months that are compared: one year before, one year since."""


def main(households: int) -> None:
    """Prints the figures as JSON."""
    hidden = _hidden(households)
    lives = [_lived(hidden, SEED + 1000 * (life + 1)) for life in range(LIVES)]
    income = np.mean([before for before, _, _ in lives], axis=0)
    shares = np.array([share for _, share, _ in lives])
    state = np.array([running for _, _, running in lives])
    known = ~np.isnan(shares).any(axis=0)
    dollars = np.array([before * share for before, share, _ in lives])
    report = {
        "data": "SYNTHETIC: the demo population",
        "households": int(known.sum()),
        "lives": LIVES,
        "least_rmse_dollars_a_month": _floor(dollars[:, known], state[:, known]),
        "least_rmse_of_incomes_below_20000_a_month": _floor(*_below(20_000.0, dollars, state, income, known)),
        "least_rmse_of_share": round(_floor(shares[:, known], state[:, known], 6), 4),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _below(
    most: float, dollars: Floats, state: Positions, income: Floats, known: np.ndarray
) -> tuple[Floats, Positions]:
    rows = known & (income < most)
    return dollars[:, rows], state[:, rows]


Hidden = tuple[People, BalanceSheet, Biases, Past, Calendar]


def _hidden(households: int) -> Hidden:
    people, wealth = draw(households, SEED, TODAY)
    biases = draw_biases(people, SEED)
    sheet = draw_balance_sheet(people, wealth, SEED)
    _, sheet = draw_holdings(people, sheet, draw_prices(SEED, TODAY), biases, SEED)
    return people, sheet, biases, draw_past(people, sheet, SEED), calendar(TODAY, MONTHS)


def _lived(hidden: Hidden, luck: int) -> tuple[Floats, Floats, Positions]:
    """Income of the year before, the share put aside in the year since, and which orders ran before that."""
    people = hidden[0]
    flows = _monthly(_lines(hidden, luck), len(people))
    before = window(flows, KNOWN, YEAR)
    income = scale(Facts(today=TODAY, users=np.arange(len(people)).astype(object), sources={"cash_flows": before}))
    last = window(flows, YEAR + 1, YEAR)
    running = 2 * (outflow(last, ("savings_transfer",))[:, 0] > 0) + (outflow(last, ("investment",))[:, 0] > 0)
    return income, share_kept(flows, income), running.astype(np.int64)


def _lines(hidden: Hidden, luck: int) -> Lines:
    """As `engine.population.ledger`, with the luck of another seed."""
    people, sheet, biases, past, months = hidden
    means, work = draw_means(people, sheet, SEED), draw_work(people, past, months, SEED)
    plan = draw_plan(people, sheet, means, past, len(months), SEED)
    parts = [
        *income_lines(people, work, means, months, luck),
        *bill_lines(plan, sheet, biases, past, months, luck),
        *saving_lines(people, plan, work, biases, past, months, luck),
        *spending_lines(people, plan, work, biases, months, luck),
    ]
    drawn = with_anomalies(joined(parts), months, luck)
    rounded = replace(drawn, amount=drawn.amount.round(2))
    return joined([rounded, *closing_lines(rounded, sheet, means.net / YEAR, months, luck)])


def _monthly(lines: Lines, users: int) -> CashFlows:
    """Of the two years up to the month of today."""
    end = np.datetime64(TODAY, "M")
    month = (lines.day.astype("datetime64[D]").astype("datetime64[M]") - (end - KNOWN)).astype(np.int64)
    kept = (month >= 0) & (month < KNOWN)
    cell = (lines.user[kept] * KNOWN + month[kept]) * len(CATEGORY_NAMES) + lines.category[kept]
    amount = np.bincount(cell, weights=lines.amount[kept], minlength=users * KNOWN * len(CATEGORY_NAMES))
    return CashFlows(
        months=np.arange(end - KNOWN, end).astype("datetime64[D]"),
        categories=CATEGORY_NAMES,
        amount=amount.reshape(users, KNOWN, len(CATEGORY_NAMES)).astype(np.float64),
        observed=np.full(users, KNOWN),
    )


def _floor(lived: Floats, state: Positions, places: int = 0) -> float:
    """Root of the mean variance within lives of one household that began the year alike (unbiased, pooled)."""
    squares, freedom = np.zeros(lived.shape[1]), np.zeros(lived.shape[1])
    for each in np.unique(state):
        alike = state == each
        number = alike.sum(axis=0)
        mean = np.where(alike, lived, 0.0).sum(axis=0) / np.maximum(number, 1)
        squares += (np.where(alike, lived - mean, 0.0) ** 2).sum(axis=0)
        freedom += np.maximum(number - 1, 0)
    return round(float(np.sqrt((squares[freedom > 0] / freedom[freedom > 0]).mean())), places)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
