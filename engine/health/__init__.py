"""Financial health: one score of 0 to 100 from what can be observed, component by component.

Monotone: a household that is better in one input and equal in the others never scores lower. Every component rises
with what is good for it; whether a component applies depends on what is known, never on how much it is; so the weights
are the same before and after, and the weighted mean cannot fall.
"""

from dataclasses import dataclass

import numpy as np

from engine.enums import HealthBand
from engine.facts import Facts, Floats, Source
from engine.health.components import COMPONENTS
from engine.health.inputs import Inputs, inputs

HEALTH_SOURCES: frozenset[Source] = frozenset({"profile", "accounts", "goals", "cash_flows", "budgets"})

COPING_FROM = 40.0
HEALTHY_FROM = 80.0
"""Cut-offs of the FinHealth Score (Financial Health Network): below 40 vulnerable, 40 to 79 coping, 80 healthy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthComponent:
    """One part of the score, 0 to 100; the weights of an answer add up to 1."""

    name: str
    score: float
    weight: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialHealth:
    """The weighted mean of the components that can be told for this household."""

    overall_score: float
    band: HealthBand
    components: tuple[HealthComponent, ...]


def health(facts: Facts) -> list[FinancialHealth]:
    """One score a user, in the order of `facts.users`."""
    columns = inputs(facts)
    known = np.column_stack([component.known(columns) for component in COMPONENTS])
    scores = np.where(known, np.column_stack([component.score(columns) for component in COMPONENTS]), 0.0)
    weights = known * np.array([component.weight for component in COMPONENTS])
    weights /= weights.sum(axis=1, keepdims=True)
    return [_answer(columns, user, scores[user], weights[user]) for user in range(len(facts))]


def band(score: float) -> HealthBand:
    """The band in which a score lies."""
    if score < COPING_FROM:
        return HealthBand.VULNERABLE
    return HealthBand.COPING if score < HEALTHY_FROM else HealthBand.HEALTHY


def _answer(columns: Inputs, user: int, scores: Floats, weights: Floats) -> FinancialHealth:
    overall = round(min(float(scores @ weights), 100.0), 1)
    parts = zip(COMPONENTS, scores, weights, strict=True)
    return FinancialHealth(
        overall_score=overall,
        band=band(overall),
        components=tuple(
            HealthComponent(
                name=component.name,
                score=round(float(score), 1),
                weight=round(float(weight), 4),
                sentence=component.sentence(columns, user),
            )
            for component, score, weight in parts
            if weight > 0
        ),
    )
