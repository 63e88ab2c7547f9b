"""Where regular pay rose to stay: one step in the months of salary, found whatever single months bring."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.facts import Flags, Floats, Positions

LEAST_SIDE, LEAST_SOUGHT = 6, 2
"""Months before a rise, and since; it is sought nearer to the ends, lest a newer one be taken for it."""
LEAST_RISE, MOST_RISE = 0.05, 1.0
"""Of pay; what is more than doubled is no rise but the beginning of work."""
SETTLED = 3
"""Months after a rise that are left out: spending takes a while to follow."""
PAID_MONTHS = 5
"""Regular pay is the middle one of so many months: three pay days in one, or a month without, do not move it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """The step that explains most, one entry a user; a fall, or nothing, where `lasting` says so."""

    month: Positions
    """The first of the new pay, from the first month loaded on."""
    before: Flags
    """Users x months."""
    since: Flags
    """Those in which spending has settled."""
    pay_before: Floats
    pay_since: Floats
    lasting: Flags
    """Whether it is a rise by enough, with months enough on both sides."""

    @property
    def times(self) -> Floats:
        """Pay since over pay before."""
        return np.asarray(self.pay_since / np.maximum(self.pay_before, 0.01))


def lasting_rise(salary: Floats, seen: Flags) -> Rise:
    """`salary` is users x months, in money of one year; `seen` are the months of which transactions are known."""
    pay = _middle(salary)
    month, place = _step(pay, seen), np.arange(salary.shape[1])
    before: Flags = seen & (place < month[:, None])
    since: Flags = seen & (place >= month[:, None] + SETTLED)
    enough = (before.sum(axis=1) >= LEAST_SIDE) & (since.sum(axis=1) >= LEAST_SIDE)
    paid = ((pay > 0) | ~(before | since)).all(axis=1)
    found = Rise(
        month=month,
        before=before,
        since=since,
        pay_before=mean(pay, before),
        pay_since=mean(pay, since),
        lasting=enough & paid,
    )
    return replace(found, lasting=found.lasting & (found.times >= 1.0 + LEAST_RISE) & (found.times <= 1.0 + MOST_RISE))


def mean(values: Floats, counted: Flags) -> Floats:
    """Of the months counted of each user, 0 where there are none."""
    return np.asarray((values * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1))


def _middle(values: Floats) -> Floats:
    padded = np.pad(values, ((0, 0), (PAID_MONTHS // 2, PAID_MONTHS // 2)), mode="edge")
    return np.asarray(np.median(sliding_window_view(padded, PAID_MONTHS, axis=1), axis=2))


def _step(pay: Floats, seen: Flags) -> Positions:
    """Least squares over all places; after the last month where there is no step."""
    count: Floats = np.cumsum(seen, axis=1, dtype=np.float64)
    sums: Floats = np.cumsum(pay * seen, axis=1)
    before, since = count[:, :-1], count[:, -1:] - count[:, :-1]
    apart = (sums[:, -1:] - sums[:, :-1]) / np.maximum(since, 1.0) - sums[:, :-1] / np.maximum(before, 1.0)
    explained = np.where((before >= LEAST_SOUGHT) & (since >= LEAST_SOUGHT), apart**2 * before * since, 0.0)
    place = np.where(explained.any(axis=1), explained.argmax(axis=1) + 1, pay.shape[1])
    return np.asarray(place, dtype=np.int64)
