"""What gives where the money does not reach a goal in time: the date, or the target, and why."""

import calendar
from datetime import date

from engine.enums import GoalKind, code
from engine.household.aims import ENOUGH
from engine.recommenders.goal_optimization.answer import TimelineAdjustment
from engine.recommenders.goal_optimization.elsewhere import elsewhere
from engine.recommenders.goal_optimization.owed import done_without_debts, exceeds_debts, is_debt
from engine.recommenders.goal_optimization.study import Study
from engine.wording import amount, percent

LEAST_TARGET = 0.25
"""Of the target: less is no target to speak of."""


def later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def due(study: Study, goal: int) -> date:
    """The goal's own date, put off as the scenario says."""
    own: date = study.facts.goals.target_date[goal].item()
    return later(own, study.scenario.delay_months)


def recommended(study: Study, goal: int) -> date:
    """The date that is recommended: the goal's own where it holds."""
    if study.months[goal] == 0 and not study.reached[goal]:
        return later(study.facts.today, int(study.course.end[goal]))
    return later(due(study, goal), moved(study, goal))


def moved(study: Study, goal: int) -> int:
    """Months by which the date is put off."""
    if study.reached[goal]:
        return 0
    if study.months[goal] == 0:
        start, end = due(study, goal), later(study.facts.today, int(study.course.end[goal]))
        return (end.year - start.year) * 12 + end.month - start.month
    return int(study.course.end[goal] - study.plan.aims.goals.months[goal])


def adjustment(study: Study, goal: int) -> TimelineAdjustment | None:
    """None where the date holds."""
    if study.reached[goal] or (study.months[goal] > 0 and not study.course.short[goal]):
        return None
    return TimelineAdjustment(
        recommended_date=recommended(study, goal), months_later=moved(study, goal), reason=reason(study, goal)
    )


def reason(study: Study, goal: int) -> str:
    """What was short, what it takes, and what lower target is in reach."""
    return f"{_short(study, goal)}{done_without_debts(study, goal)}"


def _short(study: Study, goal: int) -> str:
    day = due(study, goal)
    passed = f"The date, {day.day} {day:%B %Y}, has passed. " if study.months[goal] == 0 else ""
    reaches = f"{passed}{_paid(study, goal)} reaches {_target(study, goal)}"
    if not study.course.short[goal]:
        return f"{reaches} within a year."
    if study.course.never[goal]:
        return f"{passed}{_out_of_reach(study, goal)} {_instead(study, goal)}"
    return f"{reaches} by {recommended(study, goal):%B %Y}. {elsewhere(study, goal)}{_instead(study, goal)}"


def lower_target(study: Study, goal: int) -> float:
    """A target within reach by the date, rounded down to what one would say; 0 where none is worth naming."""
    step = 100.0 if study.affordable[goal] >= 1_000.0 else 10.0
    target = float(study.affordable[goal] // step * step)
    # What is owed is not a matter of choice.
    if is_debt(study, goal) or target < fund_target(study, goal):
        return 0.0
    return target if target >= LEAST_TARGET * study.plan.aims.goals.target[goal] else 0.0


def fund_target(study: Study, goal: int) -> float:
    """What the household should hold for emergencies, as the savings strategy says; 0 for goals of another kind."""
    user = study.facts.goals.user[goal]
    is_fund = study.facts.goals.kind[goal] == code(GoalKind.EMERGENCY_FUND)
    return float(study.plan.months[user] * study.spending[user]) if is_fund else 0.0


def fund_lacks(study: Study, goal: int) -> bool:
    """Whether the goal is a fund that is smaller than the household needs."""
    return bool(study.plan.aims.goals.target[goal] < fund_target(study, goal) - 1.0)


def planned(study: Study, goal: int) -> date:
    """The date by which the plan tries to reach the goal: a year from now where its own has passed."""
    return (
        due(study, goal)
        if study.months[goal] > 0
        else later(study.facts.today, int(study.plan.aims.goals.months[goal]))
    )


def contributions(study: Study, goal: int) -> str:
    """What is paid in, now and later; empty where nothing is."""
    now, then = (_money(study, goal, float(paid[goal])) for paid in (study.course.contribution, study.course.later))
    begins = later(study.facts.today, int(study.course.start[goal]))
    if study.course.start[goal] == 0:
        return f"{now} a month" if study.course.contribution[goal] > 0 else ""
    first = f"{now} a month, and " if study.course.contribution[goal] > 0 else ""
    return f"{first}{then} a month from {begins:%B %Y} on"


def _paid(study: Study, goal: int) -> str:
    saved = "what is saved" if study.plan.aims.at_once[goal] <= 0 else "what is saved, with that spare cash,"
    return f"With {percent(ENOUGH)} probability, {_streams(study, goal) or saved}"


def _streams(study: Study, goal: int) -> str:
    """What is paid in, for a debt beside what lenders ask for."""
    paid = contributions(study, goal)
    if study.repaid[goal] <= 0:
        return paid
    return f"what lenders ask for, with {paid} more," if paid else "what lenders ask for"


def needed(study: Study, goal: int) -> float:
    """A month, beside what lenders ask for: the least that is enough by the date that is planned for."""
    return max(float(study.plan.aims.required[goal] - study.repaid[goal]), 0.0)


def beyond_income(study: Study, goal: int) -> bool:
    """More than a month brings: no figure to aim for."""
    income = float(study.income[study.facts.goals.user[goal]])
    return 0.0 < income < needed(study, goal)


def _out_of_reach(study: Study, goal: int) -> str:
    """On no date that anybody would plan for: said without a figure of years, which helps nobody."""
    paid, first = _streams(study, goal), elsewhere(study, goal)
    if paid:
        whole = f"{paid[0].upper()}{paid[1:]} is not likely to reach {_target(study, goal)}"
        return f"{whole} on any date worth planning for. {first}".rstrip()
    alone = f"hat is saved does not {_reach_alone(study, goal)} by itself."
    return f"{first}W{alone}" if first else f"The plan has no money left for it now, and w{alone}"


def _reach_alone(study: Study, goal: int) -> str:
    return "pay off your debts" if exceeds_debts(study, goal) else f"grow to {_target(study, goal)}"


def _target(study: Study, goal: int) -> str:
    """As what the money reaches."""
    if exceeds_debts(study, goal):
        return "the end of your debts"
    return _money(study, goal, float(study.plan.aims.goals.target[goal]))


def _instead(study: Study, goal: int) -> str:
    takes = f"{_money(study, goal, needed(study, goal))} a month{' more' if study.repaid[goal] > 0 else ''}"
    target = lower_target(study, goal)
    lower = f", or a target of {_money(study, goal, target)}" if target else ""
    if beyond_income(study, goal):
        within = f" A target of {_money(study, goal, target)} is in reach." if target else ""
        return f"By {planned(study, goal):%B %Y} it would take more than comes in.{within}"
    return f"By {planned(study, goal):%B %Y} it would take {takes}{lower}."


def _money(study: Study, goal: int, value: float) -> str:
    return amount(value, study.facts.profile.currency[study.facts.goals.user[goal]])
