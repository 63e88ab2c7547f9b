"""Life planning: events that may lie ahead, their chances, and what being ready for them takes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.answers import GoalRef, money
from engine.enums import AnswerBasis, LifeEvent
from engine.errors import EngineError, InsufficientData
from engine.facts import Facts, Source
from engine.learning.model import Models
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.life_planning.advice import advice
from engine.recommenders.life_planning.answer import GoalEffect, HorizonProbability, LifeEventForecast, LifePlanning
from engine.recommenders.life_planning.chances import HORIZONS_YEARS
from engine.recommenders.life_planning.explanation import explanation
from engine.recommenders.life_planning.preparation import preparation
from engine.recommenders.life_planning.promises import promises
from engine.recommenders.life_planning.study import CATEGORY, Study, study
from engine.recommenders.life_planning.trainer import LifeEventTrainer
from engine.recommenders.life_planning.wording import LEAST_CHANGE, effect_sentence, ground
from engine.wording import chance

__all__ = ["GoalEffect", "HorizonProbability", "LifeEventForecast", "LifePlanner", "LifePlanning"]


class LifePlanner(Recommender[LifePlanning]):
    """Base rates: how many US household heads of the same age, marriage and children had the event, 1985-2015.

    A model (`model.py`) answers for an event only where it has been shown to know more; each event says which. Says
    nothing of events that cannot lie ahead or that the table has no people for. A job change is involuntary job loss
    only; marriage rates are those of unmarried men. A goal to buy a home or to retire is a plan: it gives cost and
    date, never a chance. Sex, health and the end of a marriage are not read and not guessed; each event can be left
    out. Limits: `docs/life-planning.md`.
    """

    name: ClassVar[str] = CATEGORY
    answer = LifePlanning
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "goals", "cash_flows", "life_events"})
    models: ClassVar[frozenset[str]] = frozenset({"life_planning", "goal_optimization"})
    trainer = LifeEventTrainer()
    valid_days: ClassVar[int] = 90
    rules_version: ClassVar[int] = 6

    def __init__(self, *, left_out: Collection[LifeEvent] = ()) -> None:
        self.events = tuple(event for event in LifeEvent if event not in left_out)

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[LifePlanning | EngineError]:
        columns = study(facts, self.events, models)
        rows = np.searchsorted(facts.goals.user, np.arange(len(facts) + 1))
        return [_planning(columns, user, range(rows[user], rows[user + 1])) for user in range(len(facts))]

    @override
    def promises(self, answer: LifePlanning, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _planning(columns: Study, user: int, goals: Sequence[int]) -> LifePlanning | EngineError:
    if np.isnan(columns.facts.profile.age[user]):
        message = "Without an age nothing can be said of life events: state a birth date."
        return InsufficientData(message, required=1, available=0)
    ahead = [event for event, outlook in columns.outlooks.items() if outlook.chances.possible[user]]
    by_model = any(columns.outlooks[event].chances.by_model[user] for event in ahead)
    return LifePlanning(
        basis=AnswerBasis.MODEL if by_model else AnswerBasis.BASE_RATE,
        confidence=None,
        recommendations=advice(columns, user),
        explanation=explanation(columns, user, ahead),
        events=tuple(_forecast(columns, event, user, goals) for event in ahead),
    )


def _forecast(columns: Study, event: LifeEvent, user: int, goals: Sequence[int]) -> LifeEventForecast:
    outlook = columns.outlooks[event]
    within = zip(HORIZONS_YEARS, outlook.chances.within[user], strict=True)
    return LifeEventForecast(
        event=event,
        probabilities=tuple(HorizonProbability(years=years, probability=chance(each)) for years, each in within),
        estimated_cost=money(outlook.cost[user]),
        readiness=float(outlook.readiness[user]),
        preparation=preparation(columns, event, user),
        basis=AnswerBasis.MODEL if outlook.chances.by_model[user] else AnswerBasis.BASE_RATE,
        ground=ground(columns, event, user),
        goal_effects=tuple(_goal_effects(columns, event, goals)),
    )


def _goal_effects(columns: Study, event: LifeEvent, goals: Sequence[int]) -> Iterator[GoalEffect]:
    change = columns.effects[event]
    for goal in sorted(goals, key=lambda goal: float(change[goal])):
        if change[goal] <= -LEAST_CHANGE:
            yield GoalEffect(
                goal=GoalRef(id=columns.facts.goals.id[goal]),
                change=round(float(change[goal]), 4),
                sentence=effect_sentence(columns, event, goal),
            )
