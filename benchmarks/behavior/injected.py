"""Payments put into households by another hand than the demo's, as a doubter would: one each, of any category."""

from dataclasses import fields, replace

import numpy as np

from engine.behavior.anomalies import KNOWN_DAYS, NONE, SUBSCRIPTIONS, Tail, anomalies, previous
from engine.behavior.purchases import NOWHERE, Purchases, numbered
from engine.behavior.usual import BILL, SORT
from engine.facts import Flags, Floats, Positions
from engine.learning.metrics import rounded
from engine.units import DAYS_A_YEAR

KINDS = ("double_charge", "price_rise", "tenfold_amount", "new_merchant_at_night")
DOUBLED, RAISED, TENFOLD, AT_NIGHT = range(len(KINDS))
RISE = (1.2, 1.6)
NIGHT_TIMES, NIGHT_HOURS = (3.0, 10.0), 5
"""Times one of the household's own purchases, of any kind but bills."""


def told_of_injected(bought: Purchases, tail: Tail, seed: int) -> dict[str, float]:
    """Precision and recall, and how often a household hears of an ordinary payment."""
    after, put = _injected(np.random.default_rng(seed), bought)
    alert = np.zeros(len(after), dtype=np.bool_)
    alert[anomalies(after, tail).place] = True
    past = _past(after)
    known = past >= KNOWN_DAYS
    last = np.flatnonzero(np.diff(after.user, append=-1))  # of each household
    years = np.maximum(past[last] - KNOWN_DAYS, 0).sum() / DAYS_A_YEAR
    recall = {name: alert[put == kind].mean() for kind, name in enumerate(KINDS) if (put == kind).any()}
    return rounded(
        {
            "put_in": float((put != NONE).sum()),
            "precision": float((put[known & alert] != NONE).mean()),
            "recall": float(alert[put != NONE].mean()),
            **{f"recall_{name}": float(share) for name, share in recall.items()},
            "wrong_alerts_a_household_year": float((known & alert & (put == NONE)).sum() / years),
        }
    )


def taken(bought: Purchases, rows: Positions) -> Purchases:
    """Some purchases, in a given order."""
    return Purchases(**{each.name: getattr(bought, each.name)[rows] for each in fields(Purchases)})


def _injected(random: np.random.Generator, bought: Purchases) -> tuple[Purchases, Positions]:
    """Kinds take turns; a household without what a kind takes is left as it is. With the kind of each purchase."""
    turn = numbered(bought.user) % len(KINDS)
    row = _one_each(random, bought.user, _possible(bought, turn) & (_past(bought) >= KNOWN_DAYS))
    doubled, raised, tenfold, at_night = (row[turn[row] == kind] for kind in range(len(KINDS)))
    amount, put = bought.amount * _rises(random, bought, raised), np.full(len(bought), NONE)
    amount[tenfold] *= 10.0
    put[raised], put[tenfold] = RAISED, TENFOLD
    parts = [replace(bought, amount=amount), _again(random, bought, doubled), _elsewhere(random, bought, at_night)]
    whole = Purchases(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Purchases)}
    )
    order = np.lexsort((whole.day, whole.user))
    kinds = np.r_[put, np.full(len(doubled), DOUBLED), np.full(len(at_night), AT_NIGHT)]
    return taken(whole, order), kinds[order]


def _possible(bought: Purchases, turn: Positions) -> Flags:
    """Rows from which the household's kind can be made."""
    rows = {
        DOUBLED: bought.merchant != NOWHERE,
        RAISED: (bought.category == SUBSCRIPTIONS) & (previous(bought, _payee(bought)) != NONE),
        TENFOLD: bought.category != SUBSCRIPTIONS,
        AT_NIGHT: SORT[bought.category] != BILL,
    }
    return np.choose(turn, [rows[kind] for kind in range(len(KINDS))])


def _again(random: np.random.Generator, bought: Purchases, rows: Positions) -> Purchases:
    """The same on the same day or the next."""
    copy = taken(bought, rows)
    return replace(copy, day=np.minimum(copy.day + random.integers(0, 2, len(rows)), bought.day.max()))


def _elsewhere(random: np.random.Generator, bought: Purchases, rows: Positions) -> Purchases:
    """The same day at night, where nobody ever paid, for more."""
    copy = taken(bought, rows)
    return replace(
        copy,
        amount=copy.amount * random.uniform(*NIGHT_TIMES, len(rows)),
        merchant=np.full(len(rows), bought.merchant.max() + 1),
        hour=random.integers(0, NIGHT_HOURS, len(rows)).astype(np.float64),
    )


def _one_each(random: np.random.Generator, user: Positions, possible: Flags) -> Positions:
    """One row a household, where it has any."""
    rows = random.permutation(np.flatnonzero(possible))
    return np.asarray(rows[np.unique(user[rows], return_index=True)[1]])


def _rises(random: np.random.Generator, bought: Purchases, raised: Positions) -> Floats:
    """What each purchase is multiplied by: a service that was raised stays dearer."""
    service = _payee(bought)
    since, times = np.full(len(bought), bought.day.max() + 1), np.ones(len(bought))
    since[service[raised]], times[service[raised]] = bought.day[raised], random.uniform(*RISE, len(raised))
    return np.where(bought.day >= since[service], times[service], 1.0)


def _payee(bought: Purchases) -> Positions:
    return numbered(bought.user, bought.category, bought.merchant)


def _past(bought: Purchases) -> Positions:
    """Days since the household's first purchase."""
    first = np.flatnonzero(np.diff(bought.user, prepend=-1))
    return np.asarray(bought.day - np.repeat(bought.day[first], np.diff(np.r_[first, len(bought)])))
