"""Recommendations for goals: each only where it applies, all from the one plan."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import GoalKind, Priority, code
from engine.household.pieces import Place
from engine.household.spare import GAP_MONTHS, kept_for_gap
from engine.household.worth import CASH, GOAL_WORTH, LEAST_TRANSFER
from engine.overview.actions import FUND_TARGET, YARDSTICK
from engine.recommenders.goal_optimization.elsewhere import claims, priority, put_elsewhere
from engine.recommenders.goal_optimization.study import Study
from engine.recommenders.goal_optimization.timeline import (
    beyond_income,
    fund_lacks,
    fund_target,
    later,
    lower_target,
    moved,
    needed,
    planned,
    reason,
    recommended,
)
from engine.wording import amount, percent

Figures = dict[str, str]


def advice(study: Study, order: Sequence[int]) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency by rank."""
    found = [one for goal in order for one in _for_goal(study, goal)] or list(_without_goals(order))
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _for_goal(study: Study, goal: int) -> Iterator[Recommendation]:
    """One recommendation says all that is to be done; only a goal that gets money has its date apart from that."""
    if _is_paid_from_cash(study, goal):
        yield _set_aside(study, goal)
    if study.reached[goal]:
        yield from () if _is_paid_from_cash(study, goal) else (_reached(study, goal),)
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


def _is_paid_from_cash(study: Study, goal: int) -> bool:
    """Debts that a goal wants paid off are told of by the savings strategy, debt by debt."""
    is_debt = study.facts.goals.kind[goal] == code(GoalKind.DEBT_PAYOFF)
    return bool(study.plan.aims.at_once[goal] > 0 and not is_debt)


def stated(study: Study, goal: int) -> float:
    """What the household says it puts aside a month."""
    return float(study.plan.aims.goals.contribution[goal])


def _fund(study: Study, goal: int) -> Recommendation:
    shown, name = _money(study, goal, study.course.contribution[goal]), study.facts.goals.name[goal]
    title = f"Put {shown} a month aside for your goal {name}"
    return _advice(
        study,
        goal,
        key="fund_goal",
        title=title,
        description=f"{_today(study, goal)} reaches the target with "
        f"{percent(_rounded(study.today[goal]))} probability; with this plan it is "
        f"{percent(_rounded(study.followed[goal]))} by {recommended(study, goal):%B %Y}.",
        items=(ActionableItem(title=title, amount=money(study.course.contribution[goal])),),
        weighs=_worth(study, goal),
    )


def _today(study: Study, goal: int) -> str:
    before = stated(study, goal)
    return f"Today's {_money(study, goal, before)} a month" if before > 0 else "What is saved, with nothing added,"


def _pause(study: Study, goal: int) -> Recommendation:
    name, before = study.facts.goals.name[goal], _money(study, goal, stated(study, goal))
    return _advice(
        study,
        goal,
        key="pause_goal",
        title=f"Let your goal {name} wait",
        description=f"The {before} a month that it gets today does more elsewhere, or is more than months leave.",
        items=(ActionableItem(title=f"Use the {before} a month as the plan says"),),
    )


def _move(study: Study, goal: int) -> Recommendation:
    day, name, target = recommended(study, goal), study.facts.goals.name[goal], lower_target(study, goal)
    lower = (f"Or lower the target to {_money(study, goal, target)}",) if study.course.short[goal] and target else ()
    return _advice(
        study,
        goal,
        key="move_date",
        title=f"Plan your goal {name} for {day:%B %Y}",
        description=f"{reason(study, goal)}{_freed(study, goal)}",
        items=(ActionableItem(title="Set the new date", due_date=day), *(ActionableItem(title=text) for text in lower)),
    )


def _rethink(study: Study, goal: int) -> Recommendation:
    name, target = study.facts.goals.name[goal], lower_target(study, goal)
    title = f"Lower the target to {_money(study, goal, target)}"
    lower = (ActionableItem(title=title, amount=money(target)),) if target else ()
    if beyond_income(study, goal):
        found = (ActionableItem(title=f"{'Or choose' if lower else 'Choose'} another target and date"),)
    else:
        title = f"{'Or find' if lower else 'Find'} {_money(study, goal, needed(study, goal))} a month"
        found = (ActionableItem(title=title, amount=money(needed(study, goal))),)
    return _advice(
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
    return f" For now, the {_money(study, goal, before)} a month that it gets today is needed elsewhere."


def _set_aside(study: Study, goal: int) -> Recommendation:
    """From spare cash: the whole of what is lacking, or the part that there is."""
    name, paid, goals = study.facts.goals.name[goal], float(study.plan.aims.at_once[goal]), study.plan.aims.goals
    title, target = f"Set {_money(study, goal, paid)} of spare cash aside for {name}", goals.target[goal]
    part = f"{_money(study, goal, goals.saved[goal])} of the {_money(study, goal, target)} is there"
    whole = f"the {_money(study, goal, target)} is complete"
    return _advice(
        study,
        goal,
        key="complete_goal",
        title=title,
        description=f"Then {whole if study.reached[goal] else part}{_stays(study, goal)}. It comes before cheap debts "
        "and before investing what else is spare.",
        items=(
            ActionableItem(title=title, amount=money(paid)),
            ActionableItem(title="Keep it in savings until you use it"),
        ),
        weighs=_worth_of_cash(study, goal),
    )


def _stays(study: Study, goal: int) -> str:
    """What of the cash is left alone; a larger emergency fund is that fund."""
    user = study.facts.goals.user[goal]
    is_fund = study.facts.goals.kind[goal] == code(GoalKind.EMERGENCY_FUND)
    fund = "" if is_fund else "your emergency fund stays whole"
    gap = kept_for_gap(float(study.shortfall[user]), study.facts.profile.currency[user])
    return "".join(f", and {clause}" for clause in (fund, gap) if clause)


def _worth_of_cash(study: Study, goal: int) -> float:
    """A year, by the yardstick of the plan: no less than what is invested of the same cash, since it comes first."""
    plan, user = study.plan, study.facts.goals.user[goal]
    rows = np.flatnonzero((plan.places.user == user) & plan.places.at(Place.TAXABLE))
    invested = float((plan.at_once[rows] * plan.places.worth[rows]).sum())
    return invested + float(plan.aims.at_once[goal] * (CASH + GOAL_WORTH[study.facts.goals.priority[goal]]))


def _reached(study: Study, goal: int) -> Recommendation:
    """It can be closed; an emergency fund only where the household needs no more than it."""
    return _raise(study, goal) if fund_lacks(study, goal) else _close(study, goal)


def _raise(study: Study, goal: int) -> Recommendation:
    name, fund = study.facts.goals.name[goal], fund_target(study, goal)
    goals, shown = study.plan.aims.goals, _money(study, goal, fund)
    return _advice(
        study,
        goal,
        key="raise_target",
        title=f"Raise the target of {name} to {shown}",
        description=f"The {_money(study, goal, goals.target[goal])} is there, but {shown} suits what you spend and how "
        "sure your income is.",
        items=(ActionableItem(title=f"Set the target to {shown}", amount=money(fund)),),
    )


def _close(study: Study, goal: int) -> Recommendation:
    name, goals = study.facts.goals.name[goal], study.plan.aims.goals
    done = min(goals.saved[goal], goals.target[goal]) if study.plan.aims.at_once[goal] > 0 else goals.saved[goal]
    saved, target = (_money(study, goal, value) for value in (done, goals.target[goal]))
    return _advice(
        study,
        goal,
        key="close_goal",
        title=f"Your goal {name} is reached",
        description=_done(study, goal, saved, target),
        items=(ActionableItem(title=f"Mark {name} as achieved"),),
        urgency=Priority.LOW,
    )


def _done(study: Study, goal: int, saved: str, target: str) -> str:
    if study.plan.aims.at_once[goal] > 0:
        paid = _money(study, goal, study.plan.aims.at_once[goal])
        return f"Once {paid} is paid from your cash, as the plan says, {saved} of {target} is done."
    return f"{saved} is there for a target of {target}: use it, or keep it in savings until you do."


def _without_goals(order: Sequence[int]) -> Iterator[Recommendation]:
    if not order:
        yield Recommendation(
            key="set_a_goal",
            title="Set a first goal",
            description="A target with a date shows what to put aside and how likely it is to be reached.",
            priority=Priority.LOW,
            actionable_items=(ActionableItem(title="Name what you save for, how much it takes, and by when"),),
        )


def _advice(
    study: Study,
    goal: int,
    *,
    key: str,
    title: str,
    description: str,
    items: tuple[ActionableItem, ...],
    weighs: float | None = None,
    urgency: Priority | None = None,
) -> Recommendation:
    return Recommendation(
        key=f"{key}:{study.facts.goals.id[goal]}",
        title=title,
        description=description,
        priority=urgency or priority(study, goal),
        actionable_items=items,
        data=_figures(study, goal) if weighs is None else _figures(study, goal) | {YARDSTICK: str(money(weighs))},
    )


def _figures(study: Study, goal: int) -> Figures:
    """Everything that sentences about the goal say in numbers, and what its gain in probability is worth.

    What comes later than wanted is worth less: half, where it takes twice the time.
    """
    goals, wanted = study.plan.aims.goals, max(int(study.months[goal]), 1)
    gained = float(study.followed[goal] - study.course.by_date[goal]) * wanted / (wanted + max(moved(study, goal), 0))
    return {
        "monthly_amount": str(money(study.course.contribution[goal])),
        "monthly_amount_today": str(money(stated(study, goal))),
        "monthly_amount_later": str(money(study.course.later[goal])),
        "later_from": later(study.facts.today, int(study.course.start[goal])).isoformat(),
        "plan_a_month": str(money(study.plan.budget[study.facts.goals.user[goal]])),
        "put_elsewhere_a_month": str(money(put_elsewhere(study, goal))),
        **{f"before_it: {name}": str(money(value)) for name, value in claims(study, goal).items()},
        "needed_a_month": str(money(needed(study, goal))),
        "target": str(money(goals.target[goal])),
        "saved": str(money(goals.saved[goal])),
        "monthly_gap": str(money(study.shortfall[study.facts.goals.user[goal]])),
        "gap_covered_months": f"{GAP_MONTHS:g}",
        "paid_at_once": str(money(study.plan.aims.at_once[goal])),
        FUND_TARGET: str(money(fund_target(study, goal))),
        "lower_target": str(money(lower_target(study, goal))),
        "planned_date": planned(study, goal).isoformat(),
        "recommended_date": recommended(study, goal).isoformat(),
        "months_later": str(moved(study, goal)),
        "probability_today": f"{study.today[goal]:.4f}",
        "probability_if_followed": f"{study.followed[goal]:.4f}",
        YARDSTICK: str(money(max(gained, 0.0) * goals.target[goal] * GOAL_WORTH[study.facts.goals.priority[goal]])),
    }


def _worth(study: Study, goal: int) -> float:
    """A year, by the yardstick of the plan: within the first, money works for half of it."""
    rows = np.flatnonzero(study.plan.goal == goal)
    return float(6.0 * (study.plan.amount[rows] * study.plan.places.worth[rows]).sum())


def _rounded(probability: float) -> float:
    return round(float(probability), 4)


def _money(study: Study, goal: int, value: float) -> str:
    return amount(float(value), study.facts.profile.currency[study.facts.goals.user[goal]])
