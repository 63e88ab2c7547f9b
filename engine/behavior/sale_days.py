"""What was at hand on each day of sale: sold that day or kept, in gain or at a loss."""

from dataclasses import dataclass

import numpy as np

from engine.behavior.lots import Lots, price_week, starts
from engine.facts import Flags, Floats, Positions, Prices

MOST_DAYS = 120
"""Latest days of sale of one user that are looked at: beyond, more of them say little more."""
MOST_AGAINST = 0.1
"""Of sales of one of several lots, that took a younger one, where it is said that the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDays:
    """One row a user and day of sale, by user."""

    user: Positions
    day: Positions

    def __len__(self) -> int:
        return len(self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """One row a day of sale and lot that was held in it, of a known price, by day of sale and lot."""

    days: SaleDays
    place: Positions
    """Row of the day of sale."""
    lot: Positions
    sold: Flags
    gain: Floats
    """Of what was sold, or on paper of what was left of the lot; at weekly prices."""
    next_in_line: Flags
    """The oldest of its fund and account, which a sale takes where nobody chooses."""

    def total(self, values: Floats | Flags) -> Floats:
        """By day of sale."""
        return np.bincount(self.place, values, len(self.days)).astype(np.float64)


def at_hand(held: Lots, prices: Prices) -> AtHand:
    """Lots bought before the day, and not sold before it."""
    days, sale = _days(held)
    place, lot, pair = _pairs(held, days, sale)
    sold, gain = np.zeros(len(place), dtype=np.bool_), np.full(len(place), np.nan)
    sold[pair], gain[pair] = True, (held.sold.proceeds - held.sold.cost)[sale >= 0]
    day = days.day[place]
    there = np.flatnonzero((held.acquired[lot] < day) & (day <= held.gone[lot]))
    place, lot, sold = place[there], lot[there], sold[there]
    gain = np.where(sold, gain[there], _paper(held, prices, day[there], lot))
    known = np.isfinite(gain)
    place, lot = place[known], lot[known]
    return AtHand(
        days=days, place=place, lot=lot, sold=sold[known], gain=gain[known], next_in_line=_oldest(held, place, lot)
    )


def takes_the_oldest(at: AtHand, users: int) -> Flags:
    """Users who, selling one of several lots of a fund, sold the oldest.

    Many banks do so unless told otherwise; the oldest stand in gain more often, which is then nobody's choice.
    """
    group = np.cumsum(at.next_in_line) - 1
    sold, size = np.bincount(group, at.sold), np.bincount(group)
    kept_before = np.cumsum(~at.sold)
    first = np.flatnonzero(at.next_in_line)
    passed = at.sold & (kept_before > (kept_before - ~at.sold)[first][group])
    chosen = (sold > 0) & (sold < size)
    user = at.days.user[at.place[first]]
    chances = np.bincount(user[chosen], minlength=users)
    against = np.bincount(user[chosen & (np.bincount(group, passed) > 0)], minlength=users)
    return np.asarray(against <= MOST_AGAINST * chances, dtype=np.bool_)


def _days(held: Lots) -> tuple[SaleDays, Positions]:
    """The latest days of each user, and which of them each sale was on (-1 where it was on none)."""
    user, day = held.user[held.sold.lot], held.sold.day
    order = np.lexsort((day, user))
    new = starts(user[order], day[order])
    number = np.empty(len(user), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    first = order[new]
    last = np.searchsorted(user[first], user[first], side="right")
    kept = last - np.arange(len(first)) <= MOST_DAYS
    place = np.where(kept, np.cumsum(kept) - 1, -1)
    return SaleDays(user=user[first[kept]], day=day[first[kept]]), place[number]


def _pairs(held: Lots, days: SaleDays, sale: Positions) -> tuple[Positions, Positions, Positions]:
    """Every day with every lot of its user, and the pair of each sale that was on one of these days."""
    start = np.searchsorted(held.user, days.user)
    count = np.searchsorted(held.user, days.user, side="right") - start
    offset = np.cumsum(count) - count
    place = np.repeat(np.arange(len(days)), count)
    on = np.flatnonzero(sale >= 0)
    return place, np.arange(len(place)) - (offset - start)[place], (offset - start)[sale[on]] + held.sold.lot[on]


def _paper(held: Lots, prices: Prices, day: Positions, lot: Positions) -> Floats:
    """Gain of what is left of a lot at the price of the week; NaN where there is none."""
    week = price_week(prices, day)
    price = prices.close[held.fund[lot], week] if len(lot) else np.empty(0)
    share = held.cost[lot] / held.quantity[lot]
    return np.where(week >= 0, (price - share) * held.left[lot], np.nan)


def _oldest(held: Lots, place: Positions, lot: Positions) -> Flags:
    """The first lot of each day, account and fund: lots are sorted by the day of purchase within these."""
    return starts(place, held.account[lot], held.fund[lot])
