"""Monthly limits that some households set themselves, and keep more or less."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats, Positions
from engine.population.calendar import Calendar
from engine.population.lines import Lines
from engine.population.people import People
from engine.population.streams import stream
from engine.transactions import CATEGORY_NAMES

BUDGETING, BUDGETED = 0.40, 0.60  # share of households with budgets, and of categories that these limit
CATEGORIES = ("groceries", "dining", "transport", "shopping", "entertainment", "travel", "subscriptions")
TIGHTEST, LOOSEST, HOPE = 0.80, 1.30, 0.20  # of mean spending; the impulsive hope to spend less
ROUND_TO = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """One row a limit."""

    user: Positions
    category: Positions
    monthly_limit: Floats


def draw_budgets(people: People, ledger: Lines, months: Calendar, seed: int) -> Budgets:
    """Around what was spent a month over the ledger."""
    random = stream(seed, "budgets")
    codes = np.array([CATEGORY_NAMES.index(name) for name in CATEGORIES])
    mean = _monthly_mean(ledger, len(people), months)[:, codes]
    set_ = (random.random(len(people)) < BUDGETING)[:, None] & (random.random(mean.shape) < BUDGETED)
    hope = 1.0 - HOPE * people.character.impulsiveness[:, None]
    limit = np.round(mean * random.uniform(TIGHTEST, LOOSEST, mean.shape) * hope / ROUND_TO) * ROUND_TO
    user, column = np.nonzero(set_ & (limit > 0))
    return Budgets(user=user, category=codes[column], monthly_limit=limit[user, column])


def _monthly_mean(ledger: Lines, users: int, months: Calendar) -> Floats:
    cell = ledger.user * len(CATEGORY_NAMES) + ledger.category
    total = np.bincount(cell, -ledger.amount, minlength=users * len(CATEGORY_NAMES))
    elapsed = (months.today - months.first_day + 1) / 30.4375
    return np.asarray(total.reshape(users, -1) / elapsed, dtype=np.float64)
