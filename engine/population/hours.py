"""The hour of purchases: by day and in the evening, rarely at night; other money moves at no hour that a bank tells."""

import numpy as np

from engine.facts import Positions
from engine.population.anomalies import Anomaly
from engine.population.habits import HABITS
from engine.population.lines import NO_HOUR, Lines, category_code
from engine.population.streams import stream

NIGHT_ENDS = 5
BY_HOUR = np.array((6, 4, 3, 2, 3, 6, 15, 30, 45, 55, 70, 80, 90, 85, 75, 75, 80, 95, 100, 85, 60, 40, 25, 14.0))
"""How likely purchases are at each hour, to the likeliest: an assumption; 2 % are before five in the morning."""
PURCHASES = tuple(category_code(habit.category) for habit in HABITS if habit.category != "fees")


def purchase_hours(ledger: Lines, seed: int) -> Positions:
    """One a line; a planted new merchant is paid at night."""
    random = stream(seed, "hours")
    drawn = random.choice(len(BY_HOUR), size=len(ledger), p=BY_HOUR / BY_HOUR.sum())
    at_night = random.integers(0, NIGHT_ENDS, len(ledger))
    bought = np.isin(ledger.category, PURCHASES) & (ledger.amount < 0)
    hour = np.where(ledger.anomaly == Anomaly.NEW_MERCHANT, at_night, drawn)
    return np.where(bought, hour, NO_HOUR)
