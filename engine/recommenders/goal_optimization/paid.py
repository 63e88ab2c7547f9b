"""What is said of goals that are reached, or paid at once from spare cash."""

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import GoalKind, Priority, code
from engine.household.pieces import Place
from engine.household.spare import kept_for_gap
from engine.household.worth import CASH, GOAL_WORTH
from engine.recommenders.goal_optimization.figures import about, in_money
from engine.recommenders.goal_optimization.owed import exceeds_debts, is_debt
from engine.recommenders.goal_optimization.study import Study
from engine.recommenders.goal_optimization.timeline import fund_lacks, fund_target


def is_paid_from_cash(study: Study, goal: int) -> bool:
    """Debts that a goal wants paid off are told of by the savings strategy, debt by debt."""
    return bool(study.plan.aims.at_once[goal] > 0 and not is_debt(study, goal))


def set_aside(study: Study, goal: int) -> Recommendation:
    """From spare cash: the whole of what is lacking, or the part that there is."""
    name, paid, goals = study.facts.goals.name[goal], float(study.plan.aims.at_once[goal]), study.plan.aims.goals
    title, target = f"Set {in_money(study, goal, paid)} of spare cash aside for {name}", goals.target[goal]
    part = f"{in_money(study, goal, goals.saved[goal])} of the {in_money(study, goal, target)} is there"
    whole = f"the {in_money(study, goal, target)} is complete"
    return about(
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


def close_or_raise(study: Study, goal: int) -> Recommendation:
    """It can be closed; an emergency fund only where the household needs no more than it."""
    return _raise(study, goal) if fund_lacks(study, goal) else _close(study, goal)


def _raise(study: Study, goal: int) -> Recommendation:
    name, fund = study.facts.goals.name[goal], fund_target(study, goal)
    goals, shown = study.plan.aims.goals, in_money(study, goal, fund)
    return about(
        study,
        goal,
        key="raise_target",
        title=f"Raise the target of {name} to {shown}",
        description=f"The {in_money(study, goal, goals.target[goal])} is there, but {shown} suits what you spend and "
        "how sure your income is.",
        items=(ActionableItem(title=f"Set the target to {shown}", amount=money(fund)),),
    )


def _close(study: Study, goal: int) -> Recommendation:
    name, goals = study.facts.goals.name[goal], study.plan.aims.goals
    done = min(goals.saved[goal], goals.target[goal]) if study.plan.aims.at_once[goal] > 0 else goals.saved[goal]
    saved, target = (in_money(study, goal, value) for value in (done, goals.target[goal]))
    return about(
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
        paid = in_money(study, goal, study.plan.aims.at_once[goal])
        done = "no debt is left" if exceeds_debts(study, goal) else f"{saved} of {target} is done"
        return f"Once {paid} is paid from your cash, as the plan says, {done}."
    if exceeds_debts(study, goal):
        return "No debt is left to pay, so it is done, whatever its target."
    return f"{saved} is there for a target of {target}: use it, or keep it in savings until you do."
