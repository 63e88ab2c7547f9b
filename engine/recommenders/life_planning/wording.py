"""Events in words: of chances, never of certainty."""

from datetime import date, timedelta

from engine.enums import LifeEvent
from engine.recommenders.life_planning.study import DAYS_A_YEAR, Study
from engine.wording import percent

FIVE_YEARS = -1
TITLES = {
    LifeEvent.MARRIAGE: "a marriage",
    LifeEvent.CHILD: "a child",
    LifeEvent.JOB_CHANGE: "a loss of your job",
    LifeEvent.HOME_PURCHASE: "buying a home",
    LifeEvent.RETIREMENT: "retirement",
}
PEOPLE = {
    LifeEvent.MARRIAGE: "unmarried people of your age",
    LifeEvent.CHILD: "households like yours by age, marriage and children",
    LifeEvent.JOB_CHANGE: "employees of your age and marital status",
    LifeEvent.HOME_PURCHASE: "tenants of your age and marital status",
    LifeEvent.RETIREMENT: "working people of your age",
}
HAPPENS = {
    LifeEvent.MARRIAGE: "married",
    LifeEvent.CHILD: "had another child in the household",
    LifeEvent.JOB_CHANGE: "lost their job (involuntary job loss only)",
    LifeEvent.HOME_PURCHASE: "bought a home",
    LifeEvent.RETIREMENT: "retired",
}


def chance_sentence(study: Study, event: LifeEvent, user: int) -> str:
    """What happened to people alike."""
    chance = percent(float(study.outlooks[event].chances.within[user, FIVE_YEARS]))
    return f"Of {PEOPLE[event]}, {chance} {HAPPENS[event]} within five years; it may or may not happen to you."


def by_when(study: Study, event: LifeEvent, user: int) -> date:
    """The date to be ready by."""
    days = round(DAYS_A_YEAR * float(study.outlooks[event].years[user]))
    return study.facts.today + timedelta(days=days)
