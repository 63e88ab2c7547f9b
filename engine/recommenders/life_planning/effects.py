"""What an event would do to the goals: the household's one plan once more, with the money that the event takes.

Until the likely date what lacks of the cost is put aside first; from then on a child costs every month what its first
year does, and pay ends with retirement. A job loss takes from reserves, which have to be filled again within a year.
"""

from collections.abc import Mapping

import numpy as np

from engine.enums import UNKNOWN, LifeEvent
from engine.facts import Facts, Flags, Floats
from engine.features.known import or_zero
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.household import Plan, with_budget
from engine.household.aims import reached
from engine.recommenders.life_planning.outlook import Outlook
from engine.recommenders.life_planning.streams import Stream, goal_stream
from engine.units import MONTHS_A_YEAR


def effects(
    facts: Facts, usual: Plan, stream: Stream, spare: Floats, outlooks: Mapping[LifeEvent, Outlook]
) -> Mapping[LifeEvent, Floats]:
    """By event a change in probability for each goal, in the order of the facts; never above zero."""
    if not len(facts.goals.user):
        return {event: np.zeros(0) for event in outlooks}
    goals = usual.aims.goals
    as_planned = _probability(goals, stream.paid(goals.months.astype(np.float64)))
    found = {}
    for event, outlook in outlooks.items():
        changed = _probability(goals, _if_it_comes(facts, usual, stream, (event, outlook, spare)))
        found[event] = np.where(_is_touched(facts, event, outlook), np.minimum(changed - as_planned, 0.0), 0.0)
    return found


def _if_it_comes(facts: Facts, usual: Plan, stream: Stream, case: tuple[LifeEvent, Outlook, Floats]) -> Floats:
    """What is paid into each goal until its date, where the event comes on the likely date."""
    event, outlook, spare = case
    months = usual.aims.goals.months.astype(np.float64)
    until = np.minimum(np.floor(MONTHS_A_YEAR * or_zero(outlook.years))[facts.goals.user], months)
    if event is LifeEvent.RETIREMENT:
        return stream.paid(until)
    if event is LifeEvent.CHILD:
        after = goal_stream(facts, with_budget(facts, usual, _less(spare, outlook.cost / MONTHS_A_YEAR)))
        return stream.paid(until) + after.paid(months) - after.paid(until)
    taken = outlook.cost / MONTHS_A_YEAR if event is LifeEvent.JOB_CHANGE else outlook.monthly
    before = goal_stream(facts, with_budget(facts, usual, _less(spare, taken)))
    return before.paid(until) + stream.paid(months) - stream.paid(until)


def _less(spare: Floats, taken: Floats) -> Floats:
    return np.maximum(spare - or_zero(taken), 0.0)


def _is_touched(facts: Facts, event: LifeEvent, outlook: Outlook) -> Flags:
    """Goals of who can have the event; what a plan to buy a home takes is in the budget already."""
    planned = (outlook.plan != UNKNOWN) & (event is LifeEvent.HOME_PURCHASE)
    return np.asarray((outlook.chances.possible & ~planned)[facts.goals.user], dtype=np.bool_)


def _probability(goals: Goals, paid: Floats) -> Floats:
    """With so much paid in until the date, in equal parts; of a goal that is reached, one."""
    monthly = np.maximum(paid, 0.0) / np.maximum(goals.months, 1)
    return np.where(reached(goals), 1.0, np.clip(success_probability(goals.paying(monthly)), 0.0, 1.0))
