"""One household, one plan: the next unit of money goes where it is worth most, for every category alike."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Facts, Floats, Positions
from engine.features.cash_flow import Flow
from engine.household.pieces import Pieces
from engine.household.places import places

CENTS = 100.0
NEVER = 1e9
"""Months; stands for infinity in sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Places, the worthiest first within a user, and what each gets a month."""

    budget: Floats
    places: Pieces
    amount: Floats
    """Whole cents; they add up to the budget."""
    months_to_fill: Floats
    """Until the place has all that it can hold when the same budget goes on; infinite where it never has."""

    def rows(self, users: int) -> Positions:
        """Where each user's rows begin; one more entry ends the last."""
        return np.searchsorted(self.places.user, np.arange(users + 1))


def plan(facts: Facts, flow: Flow, budget: Floats) -> Plan:
    """The next month's money, place by place; what a full place cannot take passes on to the next."""
    found = places(facts, flow)
    whole = np.floor(CENTS * np.maximum(budget, 0.0) + 1e-6) / CENTS
    return Plan(
        budget=whole,
        places=found,
        amount=_poured(found, whole),
        months_to_fill=_months_to_fill(found, whole),
    )


def _poured(found: Pieces, budget: Floats) -> Floats:
    """What arrives at each place after those before it have taken theirs."""
    room = np.ceil(CENTS * np.minimum(np.minimum(found.limit, found.stock), budget[found.user]) - 1e-6)
    before = _before(found, room)
    return np.asarray(np.clip(np.rint(CENTS * budget[found.user]) - before, 0.0, room) / CENTS + 0.0, dtype=np.float64)


def _months_to_fill(found: Pieces, budget: Floats) -> Floats:
    """Places without a monthly limit fill one after another; those with one run beside them, once reached."""
    blocking = np.isinf(found.limit)
    flows = np.where(blocking, 0.0, np.minimum(found.limit, budget[found.user]))
    left = np.maximum(budget[found.user] - _before(found, flows), 0.0)
    speed = np.minimum(left, found.limit)
    own = np.where(speed > 0, np.minimum(found.stock, NEVER * speed) / np.where(speed > 0, speed, 1.0), NEVER)
    months = _before(found, np.where(blocking, own, 0.0)) + own
    return np.where(months >= NEVER, np.inf, months)


def _before(found: Pieces, values: Floats) -> Floats:
    """Sum of the values of the same user's rows before each row; a user's sums do not depend on the batch."""
    rank = np.arange(len(found)) - np.searchsorted(found.user, found.user)
    order = np.argsort(rank, kind="stable")
    sums, running = np.zeros(len(found)), np.zeros(int(found.user.max(initial=-1)) + 1)
    for rows in np.split(order, np.cumsum(np.bincount(rank))[:-1]):
        sums[rows] = running[found.user[rows]]
        running[found.user[rows]] += values[rows]
    return sums
