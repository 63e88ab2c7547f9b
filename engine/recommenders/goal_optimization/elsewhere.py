"""Where the plan's money goes before a goal that gets none of it, and what rank would change that."""

import numpy as np

from engine.enums import GoalKind, Priority, code
from engine.facts import Positions
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER, goal_worth
from engine.recommenders.goal_optimization.study import Study
from engine.wording import amount

WORDS = {
    Place.MATCH: "retirement",
    Place.DEBT: "debts",
    Place.EMERGENCY: "your emergency fund",
    Place.HSA: "a health savings account",
    Place.PLAN: "retirement",
    Place.ROTH_IRA: "retirement",
    Place.TRADITIONAL_IRA: "retirement",
    Place.GOAL: "other goals",
    Place.TAXABLE: "investments",
}
UNRANKED = (code(GoalKind.EMERGENCY_FUND), code(GoalKind.DEBT_PAYOFF))
"""Worth what they spare, whatever their priority."""


def elsewhere(study: Study, goal: int) -> str:
    """A sentence with a space behind it; empty where the goal gets money, or nothing is put aside."""
    total = put_elsewhere(study, goal)
    if total <= 0:
        return ""
    shown = amount(total, study.facts.profile.currency[study.facts.goals.user[goal]])
    return (
        f"The plan's {shown} a month goes to {_named(study, goal)} first: there it is worth more{_rank(study, goal)}. "
    )


def put_elsewhere(study: Study, goal: int) -> float:
    """A month; a scenario's own budget is for goals alone."""
    if study.course.contribution[goal] > 0 or study.scenario.monthly_budget is not None:
        return 0.0
    return float(study.plan.amount[_paid(study, goal)].sum())


def priority(study: Study, goal: int) -> Priority:
    """Medium where none is stated."""
    level = int(study.facts.goals.priority[goal])
    return tuple(Priority)[level] if level >= 0 else Priority.MEDIUM


def _paid(study: Study, goal: int) -> Positions:
    """Rows of the household's plan that get money, the worthiest first."""
    user = study.facts.goals.user[goal]
    first, end = np.searchsorted(study.plan.places.user, [user, user + 1])
    return np.asarray(first + np.flatnonzero(study.plan.amount[first:end] > 0), dtype=np.int64)


def _named(study: Study, goal: int) -> str:
    places = tuple(Place)
    *names, last = dict.fromkeys(WORDS[places[study.plan.places.place[row]]] for row in _paid(study, goal))
    return f"{', '.join(names)} and {last}" if names else last


def _rank(study: Study, goal: int) -> str:
    """What the priority has to do with it."""
    own = priority(study, goal)
    if study.facts.goals.kind[goal] in UNRANKED or own is Priority.CRITICAL:
        return ""
    enough = next((level for level in reversed(tuple(Priority)[: code(own)]) if _gets_some(study, goal, level)), None)
    higher = f"; with {enough.lower()} priority it could get a part of that" if enough else ""
    return f" while this goal has {own.lower()} priority{higher}"


def _gets_some(study: Study, goal: int, level: Priority) -> bool:
    """Whether enough of the money goes to what would be worth less; other goals may still take it."""
    goals, plan, rows = study.plan.aims.goals, study.plan, _paid(study, goal)
    missing = (goals.target[goal] - goals.saved[goal]) / max(float(goals.target[goal]), 1.0)
    worth = goal_worth(code(level), missing)
    rivals = plan.places.at(Place.GOAL)[rows]
    return bool(plan.amount[rows][(plan.places.worth[rows] < worth) & ~rivals].sum() >= LEAST_TRANSFER)
