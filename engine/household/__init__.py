"""One household, one plan: the next unit of money goes where it is worth most, for every category alike."""

from dataclasses import dataclass, replace

import numpy as np

from engine.facts import Facts, Floats, Positions
from engine.features.cash_flow import Flow
from engine.features.emergency import target_months
from engine.household.law import law
from engine.household.pieces import Pieces, before
from engine.household.places import cash_rate, places
from engine.household.spare import moved_at_once, spare_cash

CENTS = 100.0
LEAST_TRANSFER = 5.0
"""A smaller rest is not worth a standing order and stays in checking."""
NEVER = 1e9
"""Months; stands for infinity in sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Places, the worthiest first within a user, and what each gets."""

    months: Floats
    """Of spending that the emergency fund should hold."""
    budget: Floats
    """A month: the sum of the amounts."""
    places: Pieces
    """As they are once spare cash has been used."""
    at_once: Floats
    """Once, from spare cash."""
    amount: Floats
    """A month, in whole cents."""
    months_to_fill: Floats
    """Until the place has all that it can hold when the same budget goes on; infinite where it never has."""

    def rows(self, users: int) -> Positions:
        """Where each user's rows begin; one more entry ends the last."""
        return np.searchsorted(self.places.user, np.arange(users + 1))


def plan(facts: Facts, flow: Flow, budget: Floats) -> Plan:
    """Spare cash once, then the next month's money, place by place; what a full place cannot take passes on."""
    rules, months = law(facts), target_months(facts, flow)
    found = places(facts, flow, rules, months)
    lump = moved_at_once(facts, found, spare_cash(facts, flow, months), cash_rate(facts, rules))
    found = replace(found, stock=np.maximum(found.stock - lump, 0.0))
    amount = poured(found, np.floor(np.maximum(budget, 0.0)))
    spent = facts.total(found.user, amount)
    return Plan(
        months=months,
        budget=np.rint(CENTS * spent) / CENTS,
        places=found,
        at_once=lump,
        amount=amount,
        months_to_fill=_months_to_fill(found, spent),
    )


def poured(found: Pieces, budget: Floats) -> Floats:
    """What arrives at each place after those before it have taken theirs, but for a last drop."""
    room = np.floor(CENTS * np.minimum(np.minimum(found.limit, found.stock), budget[found.user]) + 1e-6)
    amount = np.clip(np.rint(CENTS * budget[found.user]) - before(found, room), 0.0, room) / CENTS
    drop = (amount < LEAST_TRANSFER) & (amount < room / CENTS)
    return np.where(drop, 0.0, amount)


def _months_to_fill(found: Pieces, budget: Floats) -> Floats:
    """Places without a monthly limit fill one after another; those with one run beside them, once reached."""
    blocking = np.isinf(found.limit)
    flows = np.where(blocking, 0.0, np.minimum(found.limit, budget[found.user]))
    left = np.maximum(budget[found.user] - before(found, flows), 0.0)
    speed = np.minimum(left, found.limit)
    own = np.where(speed > 0, np.minimum(found.stock, NEVER * speed) / np.where(speed > 0, speed, 1.0), NEVER)
    months = before(found, np.where(blocking, own, 0.0)) + own
    return np.where(months >= NEVER, np.inf, months)
