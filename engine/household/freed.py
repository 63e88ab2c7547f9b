"""What goals get once the debts and the emergency fund before them have what they need."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Floats
from engine.household import Plan, poured
from engine.household.pieces import Place
from engine.household.split import contributions, growing, split

WITH_AN_END = (Place.DEBT, Place.EMERGENCY)
LONGEST_MONTHS = 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """One row a goal: when its contribution changes, to what, and to what with the employer's part."""

    months: Floats
    own: Floats
    growing: Floats


def freed(facts: Facts, made: Plan) -> Freed:
    """The same budget, poured anew once every place that comes before a goal and has an end is full.

    Goals for which nothing changes, or nothing within thirty years, keep their contribution.
    """
    found, goal = made.places, made.goal
    last = np.full(len(facts), -1)
    serving = np.flatnonzero(goal != UNKNOWN)
    last[found.user[serving]] = serving
    ahead = np.flatnonzero(found.at(*WITH_AN_END) & (np.arange(len(found)) < last[found.user]))
    months = np.zeros(len(facts))
    np.maximum.at(months, found.user[ahead], np.ceil(made.months_to_fill[ahead]))
    stock = found.stock.copy()
    stock[ahead] = 0.0
    after = replace(found, stock=stock)
    amount = split(facts, after, goal, poured(after, made.budget), made.aims)
    amount = np.where((months <= LONGEST_MONTHS)[found.user], amount, made.amount)
    return Freed(
        months=np.minimum(months, LONGEST_MONTHS)[facts.goals.user],
        own=contributions(facts, goal, amount),
        growing=growing(facts, found, goal, amount),
    )
