"""One recommendation about a goal, with every number that its sentences say."""

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.household.spare import GAP_MONTHS
from engine.household.worth import GOAL_WORTH
from engine.overview.actions import FUND_TARGET, YARDSTICK
from engine.recommenders.goal_optimization.elsewhere import claims, priority, put_elsewhere
from engine.recommenders.goal_optimization.owed import owed_figures
from engine.recommenders.goal_optimization.study import Study
from engine.recommenders.goal_optimization.timeline import (
    fund_target,
    later,
    lower_target,
    moved,
    needed,
    planned,
    recommended,
)
from engine.wording import amount


def about(
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


def _figures(study: Study, goal: int) -> dict[str, str]:
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
        **owed_figures(study, goal),
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


def stated(study: Study, goal: int) -> float:
    """What the household says it puts aside a month."""
    return float(study.plan.aims.goals.contribution[goal])


def in_money(study: Study, goal: int, value: float) -> str:
    """In the household's currency."""
    return amount(float(value), study.facts.profile.currency[study.facts.goals.user[goal]])
