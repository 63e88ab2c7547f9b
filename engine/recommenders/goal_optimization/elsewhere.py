"""Where the plan's money goes before a goal that gets too little of it, and what rank would change that."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.enums import GoalKind, Priority, code
from engine.facts import Positions
from engine.household.pieces import Place, room
from engine.household.worth import LEAST_TRANSFER, goal_worth
from engine.recommenders.goal_optimization.owed import exceeds_debts, is_debt
from engine.recommenders.goal_optimization.study import Study
from engine.wording import exact, listed

WORDS = {
    Place.MATCH: "your employer's match",
    Place.DEBT: "debts",
    Place.EMERGENCY: "your emergency fund",
    Place.HSA: "a health savings account",
    Place.PLAN: "retirement",
    Place.ROTH_IRA: "retirement",
    Place.TRADITIONAL_IRA: "retirement",
    Place.TAXABLE: "investments",
}
OTHERS = "other goals"
MOST_NAMED = 3
"""Of other goals; more are told together."""
NO_DEBT = "No debt is known that the plan could pay for it. "
NO_ACCOUNT = "No account of a debt is known that the plan could pay for it. "
LEAST_CENT, ALIKE = 0.005, 1e-9
"""Of an amount, and between two worths that are the same."""
FOR_A_GOAL = code(Place.GOAL)
UNRANKED = (code(GoalKind.EMERGENCY_FUND), code(GoalKind.DEBT_PAYOFF))
"""Worth what they spare, whatever their priority."""


def elsewhere(study: Study, goal: int) -> str:
    """A sentence with a space behind it; empty where the goal is on time, or nothing goes elsewhere."""
    if _has_no_debt(study, goal):
        return _debts_elsewhere(study, goal)
    found = claims(study, goal)
    return f"{_shares(study, goal, found)}{_why(study, goal)}. " if found else ""


def shared(study: Study, order: Sequence[int]) -> Iterator[tuple[float, str]]:
    """What comes before the goals of a household, and a sentence; goals with the same before them are told together."""
    alike: dict[tuple[tuple[str, float], ...], list[int]] = {}
    for goal in order:
        alike.setdefault(tuple(claims(study, goal).items()), []).append(goal)
    for found, goals in alike.items():
        if found:
            names = [str(study.facts.goals.name[goal]) for goal in goals]
            told = listed(names) if len(names) <= MOST_NAMED else "the goals that are late"
            yield put_elsewhere(study, goals[0]), f"{_shares(study, goals[0], dict(found))} before {told}."


def claims(study: Study, goal: int) -> Mapping[str, float]:
    """What the plan pays a month and not to a goal that is late, the worthiest first; with the goal's own money it adds
    up to the plan. A scenario's own budget is for goals alone."""
    found: dict[str, float] = {}
    is_fixed = study.scenario.monthly_budget is not None
    if not study.course.short[goal] or is_fixed or _has_no_debt(study, goal):
        return found
    rows = _paid(study, goal)
    rivals = set(study.plan.goal[rows[study.plan.places.place[rows] == FOR_A_GOAL]].tolist())
    for row in rows[study.plan.goal[rows] != goal]:
        name = _name(study, int(row), len(rivals))
        found[name] = found.get(name, 0.0) + float(study.plan.amount[row])
    return found


def put_elsewhere(study: Study, goal: int) -> float:
    """A month, all claims together."""
    return sum(claims(study, goal).values())


def priority(study: Study, goal: int) -> Priority:
    """Medium where none is stated."""
    level = int(study.facts.goals.priority[goal])
    return tuple(Priority)[level] if level >= 0 else Priority.MEDIUM


def _shares(study: Study, goal: int, found: Mapping[str, float]) -> str:
    """`Of the plan's $850 a month, $210.50 goes to your employer's match and $300 to debts`."""
    user = study.facts.goals.user[goal]
    currency = study.facts.profile.currency[user]
    whole = exact(float(study.plan.budget[user]), currency)
    if len(found) == 1 and study.course.contribution[goal] <= 0:
        return f"The plan's {whole} a month goes to {next(iter(found))}"
    (name, value), *more = found.items()
    parts = [
        f"{exact(value, currency)} goes to {name}",
        *(f"{exact(value, currency)} to {name}" for name, value in more),
    ]
    return f"Of the plan's {whole} a month, {listed(parts)}"


def _household(study: Study, goal: int) -> Positions:
    """Rows of the household's plan, the worthiest first."""
    user = study.facts.goals.user[goal]
    return np.arange(*np.searchsorted(study.plan.places.user, [user, user + 1]))


def _paid(study: Study, goal: int) -> Positions:
    """Those of them that get money."""
    rows = _household(study, goal)
    return rows[study.plan.amount[rows] > 0]


def _name(study: Study, row: int, rivals: int) -> str:
    place = tuple(Place)[study.plan.places.place[row]]
    if place is not Place.GOAL:
        return WORDS[place]
    return OTHERS if rivals > MOST_NAMED else str(study.facts.goals.name[study.plan.goal[row]])


def _has_no_debt(study: Study, goal: int) -> bool:
    """Whether the goal wants debts paid, and there are none, or another such goal has them."""
    if not is_debt(study, goal) or not study.course.short[goal]:
        return False
    rows = _household(study, goal)
    return not ((study.plan.goal[rows] == goal) & (study.plan.places.stock[rows] > 0)).any()


def _debts_elsewhere(study: Study, goal: int) -> str:
    """Another goal of the kind has them, or a sum is stated and no account is known, or nothing is."""
    rows = _household(study, goal)
    debts = rows[study.plan.places.place[rows] == code(Place.DEBT)]
    if len(debts):
        return (
            f"What the plan pays on debts counts toward your goal {study.facts.goals.name[study.plan.goal[debts[0]]]}. "
        )
    return NO_ACCOUNT if exceeds_debts(study, goal) else NO_DEBT


def _why(study: Study, goal: int) -> str:
    """Worth decides between places, and what all goals gain together decides among goals."""
    rows = _household(study, goal)
    own, amount = study.plan.goal[rows] == goal, study.plan.amount[rows]
    found = study.plan.places.take(rows)
    lacks = found.worth[own & (amount < room(found) - LEAST_CENT)].max(initial=0.0)
    if (found.worth[~own & (amount > 0)] >= lacks - ALIKE).all():
        return f" first: there it is worth more{_rank(study, goal)}"
    return ": divided so, it brings your goals the most"


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
    others = (plan.places.place[rows] != FOR_A_GOAL) & (plan.goal[rows] != goal)
    return bool(plan.amount[rows][(plan.places.worth[rows] < worth) & others].sum() >= LEAST_TRANSFER)
