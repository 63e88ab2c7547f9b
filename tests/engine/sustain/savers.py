"""Households by hand that put something aside every month, or never do, and models that learned from them."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from engine.facts import Facts
from engine.learning.trainer import Sample
from engine.sustain.chances import Chances
from engine.sustain.model import SustainableContribution
from engine.sustain.sample import KEPT, sample
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import facts, household
from tests.engine.sustain.drawn import QUICK

MONTHS = 36
INCOME = 4_000.0


def saver(
    habit: float,
    *,
    noise: float = 0.0,
    seed: int = 0,
    age: float = 40.0,
    accounts: Sequence[Row] = (),
    goals: Sequence[Row] = (),
) -> Row:
    """Earns 4,000 a month, spends half of it, and puts about so large a part of it aside."""
    random = np.random.default_rng(seed)
    months = [
        {
            "salary": INCOME,
            "rent": -800.0,
            "groceries": -1_200.0,
            "savings_transfer": -INCOME * habit * max(1.0 + noise * random.standard_normal(), 0.0),
        }
        for _ in range(MONTHS)
    ]
    return household(months=months, age=age, accounts=accounts, goals=goals)


@cache
def savers(people: int = 500, seed: int = 1) -> Facts:
    """A third never saves; a tenth of the others stops after two years."""
    random = np.random.default_rng(seed)
    habits = np.where(random.random(people) < 1 / 3, 0.0, random.uniform(0.02, 0.3, people))
    rows = [saver(habit, noise=0.6, seed=1_000 * seed + number) for number, habit in enumerate(habits)]
    made = facts(*rows)
    column = made.cash_flows.categories.index("savings_transfer")
    made.cash_flows.amount[random.random(people) < 0.1, -12:, column] = 0.0
    return made


@cache
def rows() -> Sample:
    """What they give to learn from."""
    return sample(savers())


@cache
def contribution() -> SustainableContribution:
    """Of goal optimization."""
    return SustainableContribution(candidates=(QUICK,)).fit(rows().X, rows().y[:, KEPT])


@cache
def chances() -> Chances:
    """Of the savings strategy."""
    return Chances(candidates=(QUICK,)).fit(rows().X, rows().y[:, KEPT])
