"""Habits of the successful that this household could take up: only where its own plan puts money there."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import GoalKind, Priority, code
from engine.household.pieces import Place
from engine.household.worth import LEAST_TRANSFER
from engine.peers.habits import Habit
from engine.peers.patterns import Pattern
from engine.recommenders.peer_insights.plan import next_open, planned, planned_for
from engine.recommenders.peer_insights.study import Study
from engine.recommenders.peer_insights.success import TITLES as WHAT_THEY_DID
from engine.wording import amount, percent

Amount = Callable[[Study, int, GoalKind], float]
ITEMS = {
    Habit.MONTHLY_TRANSFERS: "Have {amount} moved each month, on the day after pay day",
    Habit.RESERVE_FIRST: "Put {amount} a month into your emergency fund",
    Habit.EXTRA_ON_DEBT: "Pay {amount} a month beyond what lenders ask for",
    Habit.RAISED_SAVING: "Raise what you put aside for {goal} by {amount} a month",
}
TITLES = {
    Habit.MONTHLY_TRANSFERS: "Put {amount} aside for {goal} automatically every month",
    Habit.RESERVE_FIRST: "Build your emergency fund first: {amount} a month",
    Habit.EXTRA_ON_DEBT: "Pay {amount} a month more on your debts",
    Habit.RAISED_SAVING: "Put {amount} a month more aside for {goal}",
}
GOALS = {
    GoalKind.EMERGENCY_FUND: "your emergency fund",
    GoalKind.RETIREMENT: "retirement",
    GoalKind.HOME_PURCHASE: "a home",
    GoalKind.EDUCATION: "education",
    GoalKind.DEBT_PAYOFF: "paying off debts",
    GoalKind.MAJOR_PURCHASE: "a large purchase",
    GoalKind.TRAVEL: "travel",
    GoalKind.OTHER: "your goal",
}
NO_BUDGET, BUDGET = "Set a monthly budget, and look at it once a week", "Look at your budgets once a week"


def adoption(study: Study, user: int, found: Sequence[Pattern]) -> Iterator[Recommendation]:
    """One a habit, for the goal where it goes with success the most; no money is told twice."""
    told: set[str] = set()
    for each in found:
        paid_for = PAID_FOR.get(each.habit, each.kind)
        if told & {each.habit, paid_for} or study.habits[each.habit][user] or not study.seen[user]:
            continue
        advised = _budget(study, user, each) if each.habit is Habit.BUDGETS_KEPT else _money(study, user, each)
        if advised is not None:
            told |= {each.habit, paid_for}
            yield advised


def _money(study: Study, user: int, found: Pattern) -> Recommendation | None:
    value = AMOUNTS[found.habit](study, user, found.kind)
    if value < LEAST_TRANSFER:
        return None
    words = {"amount": amount(value, study.facts.profile.currency[user]), "goal": GOALS[found.kind]}
    return Recommendation(
        key=f"adopt:{found.habit}",
        title=TITLES[found.habit].format(**words),
        description=f"{_reason(found)} Your plan has the money for it.",
        priority=Priority.MEDIUM,
        actionable_items=(ActionableItem(title=ITEMS[found.habit].format(**words), amount=money(value)),),
        data={"monthly_amount": str(money(value)), **_figures(found)},
    )


def _budget(study: Study, user: int, found: Pattern) -> Recommendation | None:
    """Where money that is freed has a place."""
    if next_open(study, user) is None:
        return None
    title = BUDGET if (study.facts.budgets.user == user).any() else NO_BUDGET
    return Recommendation(
        key="keep_budgets",
        title=title,
        description=f"{_reason(found)} What it frees has a place in your plan.",
        priority=Priority.LOW,
        actionable_items=(ActionableItem(title=title),),
        data=_figures(found),
    )


def _reason(found: Pattern) -> str:
    kind = "" if found.kind is GoalKind.OTHER else f" ({found.kind.replace('_', ' ').lower()})"
    title = WHAT_THEY_DID[found.habit]
    return (
        f"{percent(found.successful)} of those who reached such a goal{kind} {title[0].lower()}{title[1:]}, against "
        f"{percent(found.others)} of others of like income."
    )


def _figures(found: Pattern) -> Mapping[str, str]:
    return {"goal_kind": str(found.kind), "lift": f"{found.lift:.2f}", "least_lift": f"{found.low:.2f}"}


def _more_than_now(study: Study, user: int, kind: GoalKind) -> float:
    """What the plan gives goals of the kind beyond what they get today."""
    goals = study.facts.goals
    rows = (goals.user == user) & (goals.kind == code(kind))
    return planned_for(study, user, kind) - float(np.nansum(goals.monthly_contribution[rows]))


AMOUNTS: Mapping[Habit, Amount] = {
    Habit.MONTHLY_TRANSFERS: planned_for,
    Habit.RESERVE_FIRST: lambda study, user, _: planned(study, user, Place.EMERGENCY),
    Habit.EXTRA_ON_DEBT: lambda study, user, _: planned(study, user, Place.DEBT),
    Habit.RAISED_SAVING: _more_than_now,
}
PAID_FOR: Mapping[Habit, str] = {
    Habit.RESERVE_FIRST: GoalKind.EMERGENCY_FUND,
    Habit.EXTRA_ON_DEBT: GoalKind.DEBT_PAYOFF,
    Habit.BUDGETS_KEPT: Habit.BUDGETS_KEPT,
}
"""Where a habit's money goes, if not to the goal that is pursued."""
