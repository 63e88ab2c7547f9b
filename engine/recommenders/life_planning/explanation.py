"""What moved the answer: the chance of each event times what it costs."""

from collections.abc import Sequence

from engine.answers import Contribution
from engine.enums import LifeEvent
from engine.recommenders.life_planning.study import Study
from engine.recommenders.life_planning.wording import FIVE_YEARS, chance_sentence


def explanation(study: Study, user: int, events: Sequence[LifeEvent]) -> tuple[Contribution, ...]:
    """The strongest first; effects are money."""
    entries = [_event(study, event, user) for event in events]
    return tuple(sorted(entries, key=lambda entry: -abs(entry.effect))) or (_nothing(study, user),)


def _event(study: Study, event: LifeEvent, user: int) -> Contribution:
    outlook = study.outlooks[event]
    chance = float(outlook.chances.within[user, FIVE_YEARS])
    return Contribution(
        feature=event.lower(),
        value=round(chance, 4),
        effect=round(-chance * float(outlook.cost[user]), 2) + 0.0,
        sentence=chance_sentence(study, event, user),
    )


def _nothing(study: Study, user: int) -> Contribution:
    return Contribution(
        feature="age",
        value=float(study.facts.profile.age[user]),
        effect=0.0,
        sentence="None of the events that we look at is one that our figures speak of for a household like yours.",
    )
