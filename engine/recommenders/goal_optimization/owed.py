"""What is said of a debt goal whose target is more than the debts: it is done when no debt is left."""

from collections.abc import Mapping

from engine.answers import money
from engine.enums import GoalKind, code
from engine.household.pieces import HALF_A_CENT
from engine.recommenders.goal_optimization.study import Study
from engine.wording import amount


def is_debt(study: Study, goal: int) -> bool:
    return bool(study.facts.goals.kind[goal] == code(GoalKind.DEBT_PAYOFF))


def exceeds_debts(study: Study, goal: int) -> bool:
    """Whether the plan counts it as smaller than its own target."""
    stated = study.facts.goals.target_amount[goal]
    return is_debt(study, goal) and bool(stated > study.plan.aims.goals.target[goal] + HALF_A_CENT)


def done_without_debts(study: Study, goal: int) -> str:
    """A sentence with a space before it; empty where the goal's own target counts."""
    if not exceeds_debts(study, goal):
        return ""
    currency = study.facts.profile.currency[study.facts.goals.user[goal]]
    target, left = (
        amount(float(value), currency) for value in (study.facts.goals.target_amount[goal], _left(study, goal))
    )
    return f" Of its target of {target}, {left} is left to pay: the goal is done when no debt is left."


def owed_figures(study: Study, goal: int) -> Mapping[str, str]:
    """The numbers of that sentence."""
    if not exceeds_debts(study, goal):
        return {}
    stated = study.facts.goals.target_amount[goal]
    return {"target_stated": str(money(stated)), "left_to_pay": str(money(_left(study, goal)))}


def _left(study: Study, goal: int) -> float:
    """Of the debts, once spare cash has paid its part."""
    goals = study.plan.aims.goals
    return max(float(goals.target[goal] - goals.saved[goal]), 0.0)
