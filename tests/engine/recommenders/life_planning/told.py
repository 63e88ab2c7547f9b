"""What life planning tells a household."""

from engine.advise import advise
from engine.enums import LifeEvent
from engine.recommenders.life_planning import LifeEventForecast, LifePlanning
from tests.engine.facts_factory import Row, facts


def plannings(*batch: Row) -> list[LifePlanning]:
    found = advise(facts(*batch), ["life_planning"])["life_planning"]
    return [answer for answer in found if isinstance(answer, LifePlanning)]


def planning(one: Row) -> LifePlanning:
    return plannings(one)[0]


def forecast(answer: LifePlanning, event: LifeEvent) -> LifeEventForecast:
    return next(each for each in answer.events if each.event == event)


def chances(answer: LifePlanning, event: LifeEvent) -> list[float]:
    return [each.probability for each in forecast(answer, event).probabilities]
