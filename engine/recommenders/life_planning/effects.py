"""What an event would do to the goals: the household's one plan once more, with the money that the event takes.

Until the likely date what lacks of the cost is put aside first; from then on a child costs every month what its first
year does, and pay ends with retirement. A job loss takes from reserves, which have to be filled again within a year.
What is put aside before and after counts by its share of the months to the goal's date.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, LifeEvent
from engine.facts import Facts, Flags, Floats
from engine.features.cash_flow import Flow
from engine.features.known import or_zero
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.household import Plan, plan, poured
from engine.household.aims import reached
from engine.household.split import growing, split
from engine.recommenders.life_planning.outlook import Outlook

MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """What can be put aside a month until the likely date, and from then on: a value a user."""

    before: Floats
    after: Floats


def effects(
    facts: Facts, flow: Flow, spare: Floats, outlooks: Mapping[LifeEvent, Outlook]
) -> Mapping[LifeEvent, Floats]:
    """By event a change in probability for each goal, in the order of the facts; never above zero."""
    if not len(facts.goals.user):
        return {event: np.zeros(0) for event in outlooks}
    usual = plan(facts, flow, spare)
    paid = growing(facts, usual.places, usual.goal, usual.amount)
    as_planned = _probability(usual.aims.goals, paid)
    return {
        event: np.minimum(_changed(facts, usual, (event, outlook, spare)) - as_planned, 0.0)
        for event, outlook in outlooks.items()
    }


def _changed(facts: Facts, usual: Plan, case: tuple[LifeEvent, Outlook, Floats]) -> Floats:
    """Probabilities if the event comes; as planned where the plan holds it already or it comes after the goal."""
    event, outlook, spare = case
    budgets = _budgets(event, outlook, spare)
    paid = growing(facts, usual.places, usual.goal, usual.amount)
    before, after = (
        paid if budget is spare else _paid(facts, usual, budget) for budget in (budgets.before, budgets.after)
    )
    goals = usual.aims.goals
    until = np.floor(MONTHS_A_YEAR * or_zero(outlook.years))
    months = np.minimum(until[facts.goals.user], goals.months)
    share = months / np.maximum(goals.months, 1)
    changed = _probability(goals, share * before + (1.0 - share) * after)
    return np.where(_is_touched(facts, event, outlook), changed, _probability(usual.aims.goals, paid))


def _budgets(event: LifeEvent, outlook: Outlook, spare: Floats) -> Budgets:
    nothing = np.zeros(len(spare))
    if event is LifeEvent.RETIREMENT:
        return Budgets(before=spare, after=nothing)
    if event is LifeEvent.CHILD:
        return Budgets(before=spare, after=_less(spare, outlook.cost / MONTHS_A_YEAR))
    taken = outlook.cost / MONTHS_A_YEAR if event is LifeEvent.JOB_CHANGE else outlook.monthly
    return Budgets(before=_less(spare, taken), after=spare)


def _less(spare: Floats, taken: Floats) -> Floats:
    return np.maximum(spare - or_zero(taken), 0.0)


def _paid(facts: Facts, usual: Plan, budget: Floats) -> Floats:
    """What each goal gets where the same places share another budget."""
    money = poured(usual.places, np.floor(budget))
    amount = split(facts, usual.places, usual.goal, money, usual.aims)
    return growing(facts, usual.places, usual.goal, amount)


def _is_touched(facts: Facts, event: LifeEvent, outlook: Outlook) -> Flags:
    """Goals of who can have the event; what a plan to buy a home takes is in the budget already."""
    planned = (outlook.plan != UNKNOWN) & (event is LifeEvent.HOME_PURCHASE)
    return np.asarray((outlook.chances.possible & ~planned)[facts.goals.user], dtype=np.bool_)


def _probability(goals: Goals, paid: Floats) -> Floats:
    """Of a goal that is reached: one."""
    return np.where(reached(goals), 1.0, np.clip(success_probability(goals.paying(paid)), 0.0, 1.0))
