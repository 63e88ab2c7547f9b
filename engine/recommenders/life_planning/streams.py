"""What the household's one plan puts by as months go on: now, and once the debts and reserves before it are full."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, GoalKind, code
from engine.facts import Facts, Flags, Floats
from engine.features.income import MONTHS
from engine.features.known import or_zero
from engine.household import Plan
from engine.household.freed import ahead_of, filled, freed, poured_anew
from engine.household.pieces import Place
from engine.household.split import FOR_RETIREMENT, growing, matched

UNCLAIMED = (Place.PLAN, Place.ROTH_IRA, Place.TRADITIONAL_IRA, Place.TAXABLE)
"""Investing that serves no goal of the household: an event may have it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Money a month, now and later; one row a user or a goal."""

    now: Floats
    later: Floats
    fills: Floats
    """Months until `later` begins."""

    def paid(self, until: Floats | float) -> Floats:
        """In the first months until then."""
        first = np.minimum(until, self.fills)
        return np.asarray(self.now * first + self.later * (until - first), dtype=np.float64)

    def part(self, share: Floats) -> "Stream":
        """So much of it."""
        return Stream(now=share * self.now, later=share * self.later, fills=self.fills)

    def plus(self, other: "Stream") -> "Stream":
        """Both; where they change at different times, from the later one on."""
        mine, others = (np.where(each.later == each.now, 0.0, each.fills) for each in (self, other))
        return Stream(now=self.now + other.now, later=self.later + other.later, fills=np.maximum(mine, others))

    @staticmethod
    def until(whole: Floats, monthly: Floats) -> "Stream":
        """So much a month until the whole is there, and nothing after that."""
        none = np.zeros(len(monthly))
        return Stream(now=monthly, later=none, fills=np.divide(whole, monthly, out=none.copy(), where=monthly > 0))


def goal_stream(facts: Facts, made: Plan) -> Stream:
    """What each goal gets, in the order of the facts, with what an employer adds."""
    after = freed(facts, made)
    return Stream(
        now=growing(facts, made.places, made.goal, made.amount), later=after.growing, fills=or_zero(after.months)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """What a household's months hold for events; one row a user, and a goal where it is said."""

    unclaimed: Stream
    retirement: Stream
    """With what an employer adds to it."""
    reserve: Stream
    """Into the emergency fund in the next year, until it is full or the plan pays debts between its steps."""
    goals: Stream
    """One row a goal."""


def streams(facts: Facts, made: Plan) -> Streams:
    """All of them, from one plan."""
    found = made.places
    months, _, later = poured_anew(facts, made, ahead_of(made, found.at(Place.TAXABLE)))
    in_a_year = filled(made, np.full(len(found), MONTHS))
    unclaimed, fund = found.at(*UNCLAIMED) & (made.goal == UNKNOWN), found.at(Place.EMERGENCY)

    def of(rows: Flags, factor: Floats | float = 1.0) -> Stream:
        now, after = (facts.total(found.user[rows], (factor * amount)[rows]) for amount in (made.amount, later))
        return Stream(now=now, later=after, fills=months)

    return Streams(
        unclaimed=of(unclaimed),
        retirement=of(
            (found.at(*FOR_RETIREMENT, Place.HSA) & ~unclaimed) | _serves_retirement(facts, made), matched(facts, found)
        ),
        reserve=Stream.until(facts.total(found.user[fund], in_a_year[fund]), of(fund).now),
        goals=goal_stream(facts, made) if len(facts.goals.user) else _nothing(),
    )


def _serves_retirement(facts: Facts, made: Plan) -> Flags:
    kinds = np.append(facts.goals.kind, UNKNOWN)[made.goal]  # the last is what `UNKNOWN` points to
    return np.asarray(kinds == code(GoalKind.RETIREMENT), dtype=np.bool_)


def _nothing() -> Stream:
    return Stream(now=np.zeros(0), later=np.zeros(0), fills=np.zeros(0))
