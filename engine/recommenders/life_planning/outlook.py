"""One event as columns: its chances, when to be ready, what it costs, and what the one plan has for it by then.

Each unit of money is counted once: for a job loss first, then for what is planned, then for the likeliest; retirement
has its own accounts and contributions, and what the others leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.enums import UNKNOWN, GoalKind, LifeEvent, code
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.cash_flow import Flow
from engine.features.known import or_zero
from engine.household import Plan
from engine.recommenders.life_planning.chances import Chances, chances
from engine.recommenders.life_planning.costs import cost
from engine.recommenders.life_planning.model import LifeEventModel
from engine.recommenders.life_planning.purse import Purse, purse
from engine.recommenders.life_planning.streams import Stream, Streams
from engine.units import DAYS_A_YEAR, MONTHS_A_YEAR

REAL_RETURN = 0.03
"""A year above prices, of what is invested for retirement: 5 % (`engine.household.worth`) less 2 % inflation."""
PLANS = {LifeEvent.HOME_PURCHASE: GoalKind.HOME_PURCHASE, LifeEvent.RETIREMENT: GoalKind.RETIREMENT}
"""Goals that say what is planned; they never change a chance."""
SUDDEN = (LifeEvent.JOB_CHANGE,)
"""Comes on any day: only what is there today counts."""
YEARS_TO_FILL = 1.0
"""In which what lacks for a sudden event should be put aside."""
LEAST_COST = 100.0
"""Less is no figure for an event that nobody planned: where incomes are that low, it is not told."""
LEAST_YEARS = 1.0 / MONTHS_A_YEAR
PLANNED, FIRST, LAST = 2.0, 3.0, -1.0
"""Turns beside chances, the highest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One event: a row a user."""

    chances: Chances
    plan: Positions
    """Row of the goal that plans for it, `UNKNOWN` where none does."""
    years: Floats
    """Until the date to be ready by: the plan's, else the likely one."""
    cost: Floats
    ready: Floats
    """What is there by that date if the household's plan goes on; for what is sudden, today."""
    monthly: Floats
    """What would have to be put aside a month from now on, beside what is held for it."""
    aside: Stream
    """What the plan puts by for it."""

    @property
    def readiness(self) -> Floats:
        """Share of the cost that is covered."""
        return np.clip(self.ready / self.cost, 0.0, 1.0)


def outlook(
    facts: Facts, flow: Flow, one: tuple[Plan, Streams], events: Sequence[LifeEvent], model: LifeEventModel | None
) -> Mapping[LifeEvent, Outlook]:
    """All columns of the events, dealt from one purse."""
    made, kept = one
    left = purse(facts, flow, made, kept)
    asked = {event: _asked(facts, flow, event, model) for event in events}
    turns = {event: _turn(event, each) for event, each in asked.items()}
    behind = {event: np.sum([turns[other] > turns[event] for other in events], axis=0) for event in events}
    for place in range(len(events)):
        for event in events:
            turn = np.asarray(behind[event] == place, dtype=np.bool_)
            if turn.any():
                asked[event] = _dealt(facts, made, left, event, asked[event], turn)
    return asked


def _asked(facts: Facts, flow: Flow, event: LifeEvent, model: LifeEventModel | None) -> Outlook:
    """What the event takes; nothing is dealt yet."""
    found, plan = chances(facts, event, model), _plan(facts, event)
    years, none = _years(facts, event, found, plan), np.zeros(len(facts))
    price = cost(facts, flow, event, years)
    if event is not LifeEvent.RETIREMENT:
        price = np.where(plan == UNKNOWN, price, np.maximum(_of_goal(facts, plan, "target_amount"), 1.0))
    return Outlook(
        chances=replace(found, possible=found.possible & ((price >= LEAST_COST) | (plan != UNKNOWN))),
        plan=plan,
        years=years,
        cost=np.maximum(price, 1.0),
        ready=none,
        monthly=none,
        aside=Stream(now=none, later=none, fills=none),
    )


def _turn(event: LifeEvent, asked: Outlook) -> Floats:
    """The highest first; events of the same chance have theirs in the order of their names."""
    chance = asked.chances.within[:, -1] + 1e-9 * code(event)
    if event is LifeEvent.RETIREMENT:
        return np.full(len(chance), LAST)
    return np.where(asked.plan != UNKNOWN, PLANNED, FIRST if event in SUDDEN else chance)


def _dealt(facts: Facts, made: Plan, left: Purse, event: LifeEvent, asked: Outlook, turn: Flags) -> Outlook:
    """With what there is for the users whose turn it is; for the others as it was."""
    who, months = turn & asked.chances.possible, MONTHS_A_YEAR * asked.years
    growth = (1.0 + REAL_RETURN) ** asked.years if event is LifeEvent.RETIREMENT else np.ones(len(facts))
    own, stream = _own(made, left, event, asked)
    coming = np.zeros(len(facts)) if event in SUDDEN else stream.paid(months)
    wanted = np.maximum(asked.cost - coming - growth * own, 0.0) / growth
    if event is LifeEvent.RETIREMENT:
        wanted = np.minimum(wanted, left.investable)
    held = growth * (own + left.take(wanted, who))
    lacking = np.maximum(asked.cost - held - coming, 0.0)
    share = left.tap(np.where(event in SUDDEN, 0.0, lacking), months, who)
    more = left.streams.unclaimed.part(share)
    ready = np.minimum(held + coming + more.paid(months), asked.cost)
    return replace(
        asked,
        ready=np.where(who, ready, asked.ready),
        monthly=np.where(who, np.maximum(asked.cost - held, 0.0) / months, asked.monthly),
        aside=_chosen(who, stream.plus(more), asked.aside),
    )


def _own(made: Plan, left: Purse, event: LifeEvent, asked: Outlook) -> tuple[Floats, Stream]:
    """What is there for this event and no other, and what the plan puts by for it."""
    if event is LifeEvent.JOB_CHANGE:
        return left.reserve, left.streams.reserve
    if event is LifeEvent.RETIREMENT:
        return left.sheltered, left.streams.retirement
    saved, goals = np.append(made.aims.goals.saved, 0.0)[asked.plan], left.streams.goals
    now, later, fills = (np.append(column, 0.0)[asked.plan] for column in (goals.now, goals.later, goals.fills))
    return saved, Stream(now=now, later=later, fills=fills)


def _chosen(who: Flags, one: Stream, other: Stream) -> Stream:
    return Stream(
        now=np.where(who, one.now, other.now),
        later=np.where(who, one.later, other.later),
        fills=np.where(who, one.fills, other.fills),
    )


def _years(facts: Facts, event: LifeEvent, found: Chances, plan: Positions) -> Floats:
    likely = np.full(len(facts), YEARS_TO_FILL) if event in SUDDEN else found.likely_years
    return np.maximum(np.where(plan == UNKNOWN, likely, _years_to(facts, plan)), LEAST_YEARS)


def _plan(facts: Facts, event: LifeEvent) -> Positions:
    """The goal with the nearest date, where several plan for the event."""
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    if event in PLANS:
        rows = np.flatnonzero(facts.goals.kind == code(PLANS[event]))
        rows = rows[np.argsort(-facts.goals.target_date[rows].astype(np.int64), kind="stable")]
        found[facts.goals.user[rows]] = rows  # the last assignment wins
    return found


def _years_to(facts: Facts, plan: Positions) -> Floats:
    dates = np.append(facts.goals.target_date, np.datetime64(facts.today))  # the last is what `UNKNOWN` points to
    return np.asarray((dates[plan] - np.datetime64(facts.today)).astype(np.int64) / DAYS_A_YEAR, dtype=np.float64)


def _of_goal(facts: Facts, plan: Positions, column: str) -> Floats:
    return np.asarray(np.append(or_zero(getattr(facts.goals, column)), 0.0)[plan], dtype=np.float64)
