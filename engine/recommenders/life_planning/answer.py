"""What life planning answers with."""

from dataclasses import dataclass
from decimal import Decimal

from engine.answers import ActionableItem, Answer, GoalRef
from engine.enums import AnswerBasis, LifeEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonProbability:
    """The chance of an event within so many years."""

    years: int
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalEffect:
    """What an event would do to one goal, by the household's one plan."""

    goal: GoalRef
    change: float
    """Of its probability, if the event comes by the likely date: below zero."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEventForecast:
    """One event that may lie ahead: its chances, what it costs, and how far the household is prepared."""

    event: LifeEvent
    probabilities: tuple[HorizonProbability, ...]
    """Within 2, 3, 4 and 5 years; never falls as the horizon grows."""
    estimated_cost: Decimal
    readiness: float
    """0 to 1: how far what is saved and spare covers the cost."""
    preparation: tuple[ActionableItem, ...]
    basis: AnswerBasis
    """What the chances of this event rest on: a model only where it has been shown to know more than the base rate."""
    ground: str
    """The same as a sentence."""
    goal_effects: tuple[GoalEffect, ...]
    """Goals that the event would make less likely, the worst hit first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePlanning(Answer):
    """Events that may lie ahead. The effects of `explanation` are money: chance within five years times cost."""

    events: tuple[LifeEventForecast, ...]
