"""Events in words: of chances, never of certainty."""

from datetime import date, timedelta

from engine.enums import LifeEvent
from engine.recommenders.life_planning.study import Study
from engine.units import DAYS_A_YEAR
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
    LifeEvent.CHILD: "had one more child in the household",
    LifeEvent.JOB_CHANGE: "lost their job (involuntary job loss only)",
    LifeEvent.HOME_PURCHASE: "bought a home",
    LifeEvent.RETIREMENT: "retired",
}


BY_MODEL = "households here whose life so far is like yours"
LEAST_CHANGE = 0.005
"""Of a goal's probability: smaller changes are not worth a word."""


def chance_sentence(study: Study, event: LifeEvent, user: int) -> str:
    """What happened to people alike."""
    chances = study.outlooks[event].chances
    chance = percent(float(chances.within[user, FIVE_YEARS]))
    people = BY_MODEL if chances.by_model[user] else PEOPLE[event]
    return f"Of {people}, {chance} {HAPPENS[event]} within five years; it may or may not happen to you."


def ground(study: Study, event: LifeEvent, user: int) -> str:
    """What the chances of an event rest on."""
    if study.model is not None and study.outlooks[event].chances.by_model[user]:
        proof = study.model.proofs[event]
        return (
            f"A model of the events that households here have had: it came nearer to the truth than the base rate, by "
            f"{percent(proof.skill)}, for {proof.people} people and in years that it had not learned from."
        )
    return f"Base rates: what US panels of 1985 to 2015 saw happen to {PEOPLE[event]}. {_why_no_model(study, event)}"


def effect_sentence(study: Study, event: LifeEvent, goal: int) -> str:
    """What the event would do to one goal."""
    points = 100.0 * abs(float(study.effects[event][goal]))
    shown = f"{points:.0f} percentage point{'' if round(points) == 1 else 's'}"
    return (
        f"If {TITLES[event]} came by {by_when(study, event, int(study.facts.goals.user[goal])):%B %Y}, the chance of "
        f"reaching {study.facts.goals.name[goal]} would be lower by {shown}."
    )


def _why_no_model(study: Study, event: LifeEvent) -> str:
    if study.model is None:
        return "No trained model is in place."
    if event in study.model.proofs and study.model.proofs[event].holds:
        return "The model knows too little of households like yours."
    return "No model has been shown to know more about it."


def by_when(study: Study, event: LifeEvent, user: int) -> date:
    """The date to be ready by."""
    days = round(DAYS_A_YEAR * float(study.outlooks[event].years[user]))
    return study.facts.today + timedelta(days=days)
