"""Payments that a household would want to be told of: charged twice, dearer than before, far above the usual.

A shop that is new to the household is named where far more than usual was paid, whatever the hour and whether it is
known or not; at night, of which something is known only where the hour is, less is enough, and it need not be a shop.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import stdtr, stdtrit

from engine.behavior.purchases import NOWHERE, Purchases, crossed, numbered
from engine.behavior.usual import BILL, SORT, Usual, usual
from engine.facts import Flags, Floats, Positions
from engine.transactions import CATEGORY_NAMES

DOUBLED_WITHIN_DAYS = 2
CENTS = 100
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
TIMES = 4.5
"""The usual amount at least: unusual but small is not worth a word."""
LEAST_COMPARED = 3
NEW_RARE, NEW_TIMES = 0.01, 3.0
"""The same of a shop where the household never paid before. Of shops only: a first visit to a doctor is no sign."""
NIGHT_RARE, NIGHT_TIMES = 0.3, 1.3
"""The same where it was paid at night."""
ELSEWHERE_RARE, ELSEWHERE_TIMES = 0.05, 2.0
"""The same at night of any other purchase, of which first visits are more common: at a bar, a taxi, a clinic."""
NIGHT_ENDS = 5
"""O'clock, from midnight on."""
NIGHT_OWL = 0.1
"""Share of the household's own purchases at night from which on a night is nothing unusual."""
LEAST_HOURS = 10
"""As many are taken to be known: where fewer are, most people's nights are quiet."""
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
    spread: float = 1.0

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
    payee = numbered(bought.user, bought.category, bought.merchant)
    compared, before = usual(bought), previous(bought, payee)
    past = bought.day - _first_days(bought)[bought.user]
    kinds = {
        Kind.DOUBLE_CHARGE: _charged_twice(bought, payee),
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


def previous(bought: Purchases, group: Positions) -> Positions:
    """The purchase before of the same group, `NONE` where there is none or nobody knows where it was paid."""
    order = np.argsort(crossed(group, bought.day), kind="stable")
    follows = np.r_[False, group[order][1:] == group[order][:-1]]
    before = np.full(len(bought), NONE)
    before[order[follows]] = order[np.flatnonzero(follows) - 1]
    return np.where(bought.merchant == NOWHERE, NONE, before)


def _charged_twice(bought: Purchases, payee: Positions) -> Flags:
    """The same amount again within two days; not where that is how the household pays there."""
    cents = (CENTS * bought.amount).round().astype(np.int64)
    twin = previous(bought, crossed(payee, cents))
    same = (twin != NONE) & (bought.day - bought.day[twin] <= DOUBLED_WITHIN_DAYS)
    habitual = np.bincount(payee, weights=same)[payee] >= HABIT
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
    return _beyond(bought, compared, tail, FALSE_ALARMS, TIMES)


def _new(bought: Purchases, before: Positions, compared: Usual, tail: Tail) -> Flags:
    """More than is usual where the household never paid before: in shops, at night anywhere, or as unusual as any."""
    shop, night = bought.category == SHOPPING, at_night(bought) & (SORT[bought.category] != BILL)
    told = shop & _beyond(bought, compared, tail, NEW_RARE, NEW_TIMES)
    told |= shop & night & _beyond(bought, compared, tail, NIGHT_RARE, NIGHT_TIMES)
    told |= night & _beyond(bought, compared, tail, ELSEWHERE_RARE, ELSEWHERE_TIMES)
    fresh = (before == NONE) & (bought.merchant != NOWHERE)
    return np.asarray(fresh & (told | _unusual(bought, compared, tail)))


def _beyond(bought: Purchases, compared: Usual, tail: Tail, rare: float, times: float) -> Flags:
    """So rare an amount, and so many times the usual, where there is a usual."""
    far = (compared.score >= tail.score(rare)) & (bought.amount >= times * compared.expected)
    return np.asarray(far & (compared.compared >= LEAST_COMPARED))


def at_night(bought: Purchases) -> Flags:
    """Purchases at an hour at which the household hardly ever buys, by its others whose hour is known."""
    night, known = bought.hour < NIGHT_ENDS, np.isfinite(bought.hour)  # neither where the hour is not known
    nights, hours = (np.bincount(bought.user, weights=each)[bought.user] - each for each in (night, known))
    return np.asarray(night & (nights / np.maximum(hours, LEAST_HOURS) < NIGHT_OWL))


def _first_days(bought: Purchases) -> Positions:
    first = np.full(int(bought.user.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, bought.user, bought.day)
    return first


def _none() -> Positions:
    return np.empty(0, dtype=np.int64)
