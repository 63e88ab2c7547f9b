"""What a plan for goals promises: each goal, by its own date and with today's contribution, at its probability."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.goal_optimization.answer import GoalOptimization, GoalPlan
from engine.recommenders.goal_optimization.timeline import later


def promises(answer: GoalOptimization, today: date) -> Sequence[Promise]:
    """One for each goal whose date lies ahead; it is judged when the month of that date is over."""
    due = [(plan, first_after(own_date(plan))) for plan in answer.goals]
    return [
        Promise(kind=PromiseKind.GOAL_REACHED, subject=str(plan.goal.id), due=day, probability=plan.success_probability)
        for plan, day in due
        if day > today
    ]


def own_date(plan: GoalPlan) -> date:
    """The goal's date, to the month: the recommended one less what it was put off by."""
    moved = plan.timeline_adjustment
    return plan.projection[-1].date if moved is None else later(moved.recommended_date, -moved.months_later)
