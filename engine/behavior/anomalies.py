"""Payments that a household would want to be told of: charged twice, dearer than before, far above the usual.

A shop that is new to the household is named where far more than usual was paid, whatever the hour and whether it is
known or not; at night, of which something is known only where the hour is, less is enough.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import stdtr, stdtrit

from engine.behavior.purchases import NOWHERE, Purchases, numbered
from engine.behavior.usual import Usual, usual
from engine.categories import CATEGORY_NAMES
from engine.facts import Flags, Floats, Positions

DOUBLED_WITHIN_DAYS = 2
SAME_PRICE = 0.005
HABIT = 3
"""Equal payments in a row at one merchant: that is how the household pays there."""
RISE = 1.15
"""Of a subscription's price, beyond what most rise in a year."""
STEADY = 0.15
"""By which the price before may have differed from the one before that."""
MONTH_DAYS = (20, 45)
FREEDOM = 60.0
"""Degrees of the t curve: amounts stray a little farther than a normal curve has it."""
FALSE_ALARMS = 0.001
"""Share of ordinary purchases whose amounts are as unusual as what is told."""
TIMES = 5.0
"""The usual amount at least: unusual but small is not worth a word."""
LEAST_COMPARED = 3
NEW_RARE, NEW_TIMES, NEW_COMPARED = 0.01, 3.0, 5
"""The same of a shop where the household never paid before. Of shops only: a first visit to a doctor is no sign."""
NIGHT_RARE, NIGHT_TIMES = 0.3, 1.3
"""The same where it was paid at night."""
NIGHT_ENDS = 5
"""O'clock, from midnight on."""
NIGHT_OWL = 0.1
"""Share of the household's own purchases at night from which on a night is nothing unusual."""
KNOWN_DAYS = 90
"""Of a household's past before anything is called unusual, and a merchant new."""
SUBSCRIPTIONS, SHOPPING = CATEGORY_NAMES.index("subscriptions"), CATEGORY_NAMES.index("shopping")
NONE = -1


class Kind(IntEnum):
    """What stands out."""

    DOUBLE_CHARGE = 0
    PRICE_RISE = 1
    UNUSUAL_AMOUNT = 2
    NEW_MERCHANT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Which scores of ordinary amounts are high: `middle` and `spread` of the t curve that their upper part is."""

    middle: float = -0.17
    spread: float = 1.07

    def beyond(self, score: Floats) -> Floats:
        """Share of ordinary purchases with such a score or a higher one."""
        return np.asarray(stdtr(FREEDOM, -(score - self.middle) / self.spread))

    def score(self, chance: float) -> float:
        """That so small a share of ordinary purchases reaches."""
        return float(self.middle - self.spread * stdtrit(FREEDOM, chance))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomalies:
    """One row an alert, as its purchase: `place` is its position among the purchases."""

    place: Positions
    kind: Positions
    expected: Floats
    severity: Floats
    """0 to 1: one less the chance that an ordinary payment is as unusual, or the part that was paid too much."""


def anomalies(bought: Purchases, tail: Tail) -> Anomalies:
    """All that stands out; a purchase counts once, as the plainest thing that it is."""
    if not len(bought):
        return Anomalies(place=_none(), kind=_none(), expected=np.empty(0), severity=np.empty(0))
    compared, before = usual(bought), previous(bought)
    past = bought.day - _first_days(bought)[bought.user]
    kinds = {
        Kind.DOUBLE_CHARGE: _charged_twice(bought, before),
        Kind.PRICE_RISE: _dearer(bought, before),
        Kind.NEW_MERCHANT: _new(bought, before, compared, tail) & (past >= KNOWN_DAYS),
        Kind.UNUSUAL_AMOUNT: _unusual(bought, compared, tail) & (past >= KNOWN_DAYS),
    }
    kind = np.select(list(kinds.values()), [int(each) for each in kinds], NONE)
    place = np.flatnonzero(kind != NONE)
    charged = np.where(kind == Kind.PRICE_RISE, bought.amount[before], compared.expected)
    expected = np.where(kind == Kind.DOUBLE_CHARGE, 0.0, charged)[place]
    severity = np.where(
        kind[place] <= Kind.PRICE_RISE, 1.0 - expected / bought.amount[place], 1.0 - tail.beyond(compared.score[place])
    )
    return Anomalies(place=place, kind=kind[place], expected=expected, severity=np.clip(severity, 0.0, 1.0))


def previous(bought: Purchases) -> Positions:
    """The purchase before at the same merchant, `NONE` where there is none."""
    group = numbered(bought.user, bought.category, bought.merchant)
    order = np.lexsort((np.arange(len(bought)), bought.day, group))
    follows = np.r_[False, group[order][1:] == group[order][:-1]]
    before = np.full(len(bought), NONE)
    before[order[follows]] = order[np.flatnonzero(follows) - 1]
    return np.where(bought.merchant == NOWHERE, NONE, before)


def _charged_twice(bought: Purchases, before: Positions) -> Flags:
    """The same amount again within two days; not where that is how the household pays there."""
    near = bought.day - bought.day[before] <= DOUBLED_WITHIN_DAYS
    same = (before != NONE) & near & (np.abs(bought.amount - bought.amount[before]) <= SAME_PRICE)
    place = numbered(bought.user, bought.category, bought.merchant)
    habitual = np.bincount(place, weights=same)[place] >= HABIT
    return np.asarray(same & ~habitual)


def _dearer(bought: Purchases, before: Positions) -> Flags:
    """A subscription's first payment at a higher price."""
    earlier = np.where(before != NONE, before[before], NONE)
    gap = bought.day - bought.day[before]
    monthly = (before != NONE) & (gap >= MONTH_DAYS[0]) & (gap <= MONTH_DAYS[1])
    steady = (earlier == NONE) | (np.abs(bought.amount[earlier] / bought.amount[before] - 1.0) <= STEADY)
    risen = bought.amount > RISE * bought.amount[before]
    return np.asarray((bought.category == SUBSCRIPTIONS) & monthly & steady & risen)


def _unusual(bought: Purchases, compared: Usual, tail: Tail) -> Flags:
    rare = compared.score >= tail.score(FALSE_ALARMS)
    return np.asarray(rare & (bought.amount >= TIMES * compared.expected) & (compared.compared >= LEAST_COMPARED))


def _new(bought: Purchases, before: Positions, compared: Usual, tail: Tail) -> Flags:
    """More than is usual in shops, at one where the household never paid before; or unusual at any new merchant."""
    fresh = (before == NONE) & (bought.merchant != NOWHERE)
    shop = (bought.category == SHOPPING) & (compared.compared >= NEW_COMPARED)
    times = bought.amount / compared.expected
    dear = (compared.score >= tail.score(NEW_RARE)) & (times >= NEW_TIMES)
    dear |= at_night(bought) & (compared.score >= tail.score(NIGHT_RARE)) & (times >= NIGHT_TIMES)
    return np.asarray(fresh & ((shop & dear) | _unusual(bought, compared, tail)))


def at_night(bought: Purchases) -> Flags:
    """Purchases at an hour at which the household hardly ever buys."""
    night = bought.hour < NIGHT_ENDS  # false where the hour is not known
    known = np.bincount(bought.user, weights=np.isfinite(bought.hour))
    share = np.bincount(bought.user, weights=night) / np.maximum(known, 1.0)
    return np.asarray(night & (share[bought.user] < NIGHT_OWL))


def _first_days(bought: Purchases) -> Positions:
    first = np.full(int(bought.user.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, bought.user, bought.day)
    return first


def _none() -> Positions:
    return np.empty(0, dtype=np.int64)
