"""Recommendations for goals: each only where it applies, all from the one plan."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.worth import LEAST_TRANSFER
from engine.recommenders.goal_optimization.figures import about, in_money, stated
from engine.recommenders.goal_optimization.owed import done_without_debts
from engine.recommenders.goal_optimization.paid import close_or_raise, is_paid_from_cash, set_aside
from engine.recommenders.goal_optimization.study import Study
from engine.recommenders.goal_optimization.timeline import beyond_income, lower_target, needed, reason, recommended
from engine.wording import percent


def advice(study: Study, order: Sequence[int]) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency by rank."""
    found = [one for goal in order for one in _for_goal(study, goal)] or list(_without_goals(order))
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _for_goal(study: Study, goal: int) -> Iterator[Recommendation]:
    """One recommendation says all that is to be done; only a goal that gets money has its date apart from that."""
    if is_paid_from_cash(study, goal):
        yield set_aside(study, goal)
    if study.reached[goal]:
        yield from () if is_paid_from_cash(study, goal) else (close_or_raise(study, goal),)
        return
    late = study.course.short[goal] or study.months[goal] == 0
    if study.course.contribution[goal] > 0:
        yield _fund(study, goal)
    elif stated(study, goal) >= LEAST_TRANSFER and not late and study.repaid[goal] <= 0:
        yield _pause(study, goal)
    if study.course.never[goal]:
        yield _rethink(study, goal)
    elif late:
        yield _move(study, goal)


def _fund(study: Study, goal: int) -> Recommendation:
    shown, name = in_money(study, goal, study.course.contribution[goal]), study.facts.goals.name[goal]
    title = f"Put {shown} a month aside for your goal {name}"
    return about(
        study,
        goal,
        key="fund_goal",
        title=title,
        description=f"{_today(study, goal)} reaches the target with "
        f"{percent(_rounded(study.today[goal]))} probability; with this plan it is "
        f"{percent(_rounded(study.followed[goal]))} by {recommended(study, goal):%B %Y}."
        f"{done_without_debts(study, goal)}",
        items=(ActionableItem(title=title, amount=money(study.course.contribution[goal])),),
        weighs=_worth(study, goal),
    )


def _rounded(probability: float) -> float:
    """To the places that the figures tell, so that the per cent follow from them."""
    return round(float(probability), 4)


def _today(study: Study, goal: int) -> str:
    before = stated(study, goal)
    return f"Today's {in_money(study, goal, before)} a month" if before > 0 else "What is saved, with nothing added,"


def _worth(study: Study, goal: int) -> float:
    """A year, by the yardstick of the plan: within the first, money works for half of it."""
    rows = np.flatnonzero(study.plan.goal == goal)
    return float(6.0 * (study.plan.amount[rows] * study.plan.places.worth[rows]).sum())


def _pause(study: Study, goal: int) -> Recommendation:
    name, before = study.facts.goals.name[goal], in_money(study, goal, stated(study, goal))
    return about(
        study,
        goal,
        key="pause_goal",
        title=f"Let your goal {name} wait",
        description=f"The {before} a month that it gets today does more elsewhere, or is more than months leave.",
        items=(ActionableItem(title=f"Use the {before} a month as the plan says"),),
    )


def _move(study: Study, goal: int) -> Recommendation:
    day, name, target = recommended(study, goal), study.facts.goals.name[goal], lower_target(study, goal)
    lower = (f"Or lower the target to {in_money(study, goal, target)}",) if study.course.short[goal] and target else ()
    return about(
        study,
        goal,
        key="move_date",
        title=f"Plan your goal {name} for {day:%B %Y}",
        description=f"{reason(study, goal)}{_freed(study, goal)}",
        items=(ActionableItem(title="Set the new date", due_date=day), *(ActionableItem(title=text) for text in lower)),
    )


def _rethink(study: Study, goal: int) -> Recommendation:
    name, target = study.facts.goals.name[goal], lower_target(study, goal)
    title = f"Lower the target to {in_money(study, goal, target)}"
    lower = (ActionableItem(title=title, amount=money(target)),) if target else ()
    if beyond_income(study, goal):
        found = (ActionableItem(title=f"{'Or choose' if lower else 'Choose'} another target and date"),)
    else:
        title = f"{'Or find' if lower else 'Find'} {in_money(study, goal, needed(study, goal))} a month"
        found = (ActionableItem(title=title, amount=money(needed(study, goal))),)
    return about(
        study,
        goal,
        key="rethink_goal",
        title=f"Rethink your goal {name}",
        description=f"{reason(study, goal)}{_freed(study, goal)}",
        items=(*lower, *found),
        weighs=0.0,
    )


def _freed(study: Study, goal: int) -> str:
    """What is paid today where the plan has no money for the goal."""
    before = stated(study, goal)
    if study.course.contribution[goal] > 0 or before < LEAST_TRANSFER or study.repaid[goal] > 0:
        return ""
    return f" For now, the {in_money(study, goal, before)} a month that it gets today is needed elsewhere."


def _without_goals(order: Sequence[int]) -> Iterator[Recommendation]:
    if not order:
        yield Recommendation(
            key="set_a_goal",
            title="Set a goal",
            description="A target with a date shows what to put aside and how likely it is to be reached.",
            priority=Priority.LOW,
            actionable_items=(ActionableItem(title="Name what you save for, how much it takes, and by when"),),
        )
