"""What goals get once the debts and the emergency fund before them have what they need."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Floats, Positions
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
    last = np.full(len(facts), -1)
    serving = np.flatnonzero(made.goal != UNKNOWN)
    last[made.places.user[serving]] = serving
    months, amount = poured_anew(facts, made, last)
    return Freed(
        months=months[facts.goals.user],
        own=contributions(facts, made.goal, amount),
        growing=growing(facts, made.places, made.goal, amount),
    )


def poured_anew(facts: Facts, made: Plan, last: Positions) -> tuple[Floats, Floats]:
    """By user the months until all that has an end before its row `last` is full, and what each place gets then."""
    found = made.places
    ahead = np.flatnonzero(found.at(*WITH_AN_END) & (np.arange(len(found)) < last[found.user]))
    months = np.zeros(len(facts))
    np.maximum.at(months, found.user[ahead], np.ceil(made.months_to_fill[ahead]))
    stock = found.stock.copy()
    stock[ahead] = 0.0
    after = replace(found, stock=stock)
    amount = split(facts, after, made.goal, poured(after, made.budget), made.aims)
    amount = np.where((months <= LONGEST_MONTHS)[found.user], amount, made.amount)
    return np.minimum(months, LONGEST_MONTHS), amount
