"""Lifestyle inflation on many more households, by how much they buy: steady months are what it is judged from.

The demo's purchases are few and large. Drawn with three times as many, each a third, a month has some 26 transactions,
still fewer than the 40 and more of a real household. **Synthetic**.
"""

from datetime import date

import numpy as np

from engine.behavior.lifestyle import lifestyle_inflation
from engine.facts import CashFlows, Facts
from engine.learning.metrics import rounded
from engine.population.balance_sheet import draw_balance_sheet
from engine.population.biases import draw_biases
from engine.population.calendar import calendar
from engine.population.ledger import draw_ledger
from engine.population.lines import Lines
from engine.population.past import draw_past
from engine.population.people import draw
from engine.transactions import CATEGORY_NAMES

HOUSEHOLDS, MONTHS = 4_000, 36
NAME = "LIFESTYLE_INFLATION"
DRAWS = {NAME: (1.0, 6), f"{NAME}, three times the purchases": (3.0, 3)}
"""How many times as many purchases as in the demo, and draws: the more purchases, the longer a draw takes."""


def lifestyle(seed: int, today: date) -> dict[str, dict[str, float]]:
    """By number of purchases: who is judged, who is told, and how many of them have the habit."""
    return {name: _figures(times, draws, seed, today) for name, (times, draws) in DRAWS.items()}


def _figures(times: float, draws: int, seed: int, today: date) -> dict[str, float]:
    planted, judged, told, rose, count = (
        np.concatenate(column)
        for column in zip(*(_drawn(times, seed + draw, today) for draw in range(draws)), strict=True)
    )
    return rounded(
        {
            "households": float(len(planted)),
            "transactions_a_month": float(count.mean() / MONTHS),
            "pay_rose": float(rose.mean()),
            "judged": float(judged.mean()),
            "told": float(told.mean()),
            "precision": float(planted[told].mean()),
            "recall_where_judged": float(told[planted & judged].mean()),
            "recall": float(told[planted].mean()),
            "told_without_it": float(told[~planted].mean()),
            "told_without_it_where_judged": float(told[~planted & judged].mean()),
        }
    )


def _drawn(times: float, seed: int, today: date) -> tuple[np.ndarray, ...]:
    people, wealth = draw(HOUSEHOLDS, seed, today)
    biases, sheet = draw_biases(people, seed), draw_balance_sheet(people, wealth, seed)
    past, months = draw_past(people, sheet, seed), calendar(today, MONTHS)
    lines = draw_ledger(people, sheet, biases, past, months, seed, purchases=times).lines
    facts = _facts(lines, today)
    found = lifestyle_inflation(facts)
    count = np.bincount(lines.user, minlength=HOUSEHOLDS)
    return biases.lifestyle_inflation > 0, found.judged, found.present, found.shown["lasting"] > 0, count


def _facts(lines: Lines, today: date) -> Facts:
    """Monthly sums alone."""
    end = np.datetime64(today, "M")
    month = (lines.day.astype("datetime64[D]").astype("datetime64[M]") - (end - MONTHS)).astype(np.int64)
    kept = (month >= 0) & (month < MONTHS)
    cell = (lines.user[kept] * MONTHS + month[kept]) * len(CATEGORY_NAMES) + lines.category[kept]
    sums = np.bincount(cell, lines.amount[kept], minlength=HOUSEHOLDS * MONTHS * len(CATEGORY_NAMES))
    flows = CashFlows(
        months=np.arange(end - MONTHS, end).astype("datetime64[D]"),
        categories=CATEGORY_NAMES,
        amount=sums.reshape(HOUSEHOLDS, MONTHS, len(CATEGORY_NAMES)).astype(np.float64),
        observed=np.full(HOUSEHOLDS, MONTHS),
    )
    return Facts(today=today, users=np.arange(HOUSEHOLDS).astype(object), sources={"cash_flows": flows})
