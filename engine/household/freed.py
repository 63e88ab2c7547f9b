"""What goals get as months go on: until a place that serves them is full, and once what comes before them is."""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Flags, Floats
from engine.household import Plan, poured
from engine.household.pieces import Pieces, Place, between
from engine.household.split import contributions, growing, split

WITH_AN_END = (Place.DEBT, Place.EMERGENCY)
LONGEST_MONTHS = 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """One row a goal: when its contribution changes, to what, and to what with the employer's part."""

    months: Floats
    own: Floats
    growing: Floats
    put: Floats
    """What has gone to it by then: of a place with an end all that it lacked, since it is full."""


def freed(facts: Facts, made: Plan) -> Freed:
    """The same budget, poured anew once every place that comes before a goal and has an end is full.

    Goals for which nothing changes, or nothing within thirty years, keep their contribution.
    """
    return _freed(facts, made, ahead_of(made, made.goal != UNKNOWN))


def fund_freed(facts: Facts, made: Plan) -> Freed:
    """The same for emergency goals alone, whose fund goes on once the debts between its steps are paid."""
    debts, fund = made.places.at(Place.DEBT), made.places.at(Place.EMERGENCY)
    return _freed(facts, made, ahead_of(made, fund & (made.goal != UNKNOWN)) & debts)


def ahead_of(made: Plan, rows: Flags) -> Flags:
    """Places with an end that come before the last of a user's rows."""
    last, chosen = np.full(len(made.months), -1), np.flatnonzero(rows)
    last[made.places.user[chosen]] = chosen
    return np.asarray(made.places.at(*WITH_AN_END) & (np.arange(len(rows)) < last[made.places.user]), dtype=np.bool_)


def poured_anew(facts: Facts, made: Plan, ahead: Flags) -> tuple[Floats, Pieces, Floats]:
    """By user the months until all places ahead are full, the places as they are then, and what each gets."""
    found, months = made.places, np.zeros(len(facts))
    np.maximum.at(months, found.user[ahead], np.ceil(made.months_to_fill[ahead]))
    soon = (months <= LONGEST_MONTHS)[found.user]
    full = found.at(*WITH_AN_END) & (made.months_to_fill <= months[found.user]) & soon
    after = replace(found, stock=np.where(full, 0.0, found.stock))
    amount = split(facts, after, made.goal, poured(after, made.budget), made.aims)
    amount = np.where(soon, amount, made.amount)
    return np.minimum(months, LONGEST_MONTHS), after, amount


def filled(made: Plan, until: Floats) -> Floats:
    """What places with an end get by then (months, one value a place) as they fill one after another; 0 of others."""
    rows = np.flatnonzero(made.places.at(*WITH_AN_END) & np.isfinite(made.months_to_fill))
    out, user, end = np.zeros(len(until)), made.places.user[rows], made.months_to_fill[rows]
    start = np.where(np.diff(user, prepend=-1) != 0, 0.0, np.append(0.0, end[:-1])[: len(end)])
    taken = np.maximum(end - start, 1e-9)
    out[rows] = made.places.stock[rows] * between((until[rows] - start) / taken, 0.0, 1.0)
    return out


def overstated(facts: Facts, made: Plan, amount: Floats, since: Floats, until: Floats) -> Floats:
    """By goal, how much less its places with an end take a month, on average between two months, than these amounts.

    Nothing where they hold the whole goal by then: what rising prices take of a full fund, the plan puts in again.
    """
    serving, goals = made.places.at(*WITH_AN_END) & (made.goal != UNKNOWN), made.aims.goals

    def by(months: Floats) -> Floats:
        return contributions(facts, made.goal, serving * filled(made, np.append(months, 0.0)[made.goal]))

    whole = by(until)
    less = contributions(facts, made.goal, serving * amount) - (whole - by(since)) / np.maximum(until - since, 1.0)
    return np.where(whole >= goals.target - goals.saved - 1.0, 0.0, np.maximum(less, 0.0))


def _freed(facts: Facts, made: Plan, ahead: Flags) -> Freed:
    months, after, amount = poured_anew(facts, made, ahead)
    own, full = months[facts.goals.user], after.stock < made.places.stock
    lacked = contributions(facts, made.goal, np.where(full, made.places.stock, 0.0))
    less = overstated(facts, made, amount, own, np.maximum(made.aims.goals.months, _whole(made)))
    return Freed(
        months=own,
        own=contributions(facts, made.goal, amount),
        growing=np.maximum(growing(facts, after, made.goal, amount) - less, 0.0),
        put=lacked + own * growing(facts, after, made.goal, np.where(full, 0.0, made.amount)),
    )


def _whole(made: Plan) -> Floats:
    """By goal the month in which the last of its places with an end is full; 0 where none ever is."""
    rows = made.places.at(*WITH_AN_END) & (made.goal != UNKNOWN) & np.isfinite(made.months_to_fill)
    out = np.zeros(len(made.aims.past))
    np.maximum.at(out, made.goal[rows], made.months_to_fill[rows])
    return out
