"""Recommendations of life planning: an event that is likely enough and not prepared for."""

from engine.answers import Recommendation, money
from engine.enums import UNKNOWN, LifeEvent, Priority
from engine.recommenders.life_planning.outlook import SUDDEN
from engine.recommenders.life_planning.preparation import LEAST_HELD, preparation
from engine.recommenders.life_planning.study import Study
from engine.recommenders.life_planning.wording import FIVE_YEARS, TITLES, by_when, chance_sentence
from engine.wording import amount, percent

LEAST_CHANCE = 0.05
"""Within five years: rarer events need no preparation of their own."""
CHOSEN = (LifeEvent.MARRIAGE, LifeEvent.CHILD, LifeEvent.HOME_PURCHASE)
"""What people decide on themselves: unless they plan it, we speak of it only where it is likely and money is left."""
PREPARED = 0.95
LIKELY = 0.30
LIKELY_LOSS = 0.10
"""Of the job, within five years: as many as one in ten of the young and the single."""
UNPREPARED = 0.50
LEAST_SHARE = 0.01
"""Of the cost; a smaller part is not worth a figure."""


def advice(study: Study, user: int) -> tuple[Recommendation, ...]:
    """The most urgent first; of equal urgency, the likeliest first."""
    events = sorted(study.outlooks, key=lambda event: -_chance(study, event, user))
    found = [_prepare(study, event, user) for event in events if _is_needed(study, event, user)]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _is_needed(study: Study, event: LifeEvent, user: int) -> bool:
    outlook = study.outlooks[event]
    expected = _is_expected(study, event, user) or outlook.plan[user] != UNKNOWN
    return bool(outlook.chances.possible[user] and expected and outlook.readiness[user] < PREPARED)


def _is_expected(study: Study, event: LifeEvent, user: int) -> bool:
    if event in CHOSEN:
        return _chance(study, event, user) >= LIKELY and bool(study.outlooks[event].ready[user] >= LEAST_HELD)
    return _chance(study, event, user) >= LEAST_CHANCE


def _chance(study: Study, event: LifeEvent, user: int) -> float:
    return float(study.outlooks[event].chances.within[user, FIVE_YEARS])


def _prepare(study: Study, event: LifeEvent, user: int) -> Recommendation:
    outlook, currency = study.outlooks[event], study.facts.profile.currency[user]
    covered, needed = float(outlook.readiness[user]), float(outlook.cost[user])
    planned = outlook.plan[user] != UNKNOWN
    ground = f"You plan for it by {by_when(study, event, user):%B %Y}. " if planned else ""
    return Recommendation(
        key=f"{'plan_for:' if planned else 'prepare_for_'}{event.lower()}",
        title=f"Prepare for {'your plan of' if planned else 'the chance of'} {TITLES[event]}",
        description=(
            f"{ground}{chance_sentence(study, event, user)} It would take about {amount(needed, currency)}; "
            f"{_covers(study, event, user)}."
        ),
        priority=_priority(study, event, user),
        actionable_items=preparation(study, event, user),
        data={
            "chance_within_five_years": f"{_chance(study, event, user):.4f}",
            "estimated_cost": str(money(needed)),
            "readiness": f"{covered:.4f}",
        },
    )


def _covers(study: Study, event: LifeEvent, user: int) -> str:
    outlook = study.outlooks[event]
    covered = float(outlook.readiness[user])
    whose = "your plan leaves" if outlook.plan[user] == UNKNOWN else "you saved and your plan puts by"
    if event in SUDDEN:
        whose = "you could use today"
    if covered < LEAST_SHARE:
        return "there is nothing for it yet"
    return f"what {whose} for it covers {percent(covered)} of that"


def _priority(study: Study, event: LifeEvent, user: int) -> Priority:
    """What cannot be put off counts more than what can."""
    bare = study.outlooks[event].readiness[user] < UNPREPARED
    if event is LifeEvent.JOB_CHANGE:
        return Priority.HIGH if bare and _chance(study, event, user) >= LIKELY_LOSS else Priority.MEDIUM
    planned = study.outlooks[event].plan[user] != UNKNOWN
    likely = planned or _chance(study, event, user) >= LIKELY
    return Priority.MEDIUM if bare and likely else Priority.LOW
