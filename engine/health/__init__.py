"""Financial health: one score of 0 to 100 from what can be observed, component by component.

Monotone: a household that is better in one input and equal in the others never scores lower. Every component rises
with what is good for it; whether a component applies depends on what is known, never on how much it is; so the weights
are the same before and after, and the weighted mean cannot fall.
"""

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from engine.answers import money
from engine.enums import HealthBand
from engine.facts import Facts, Floats, Source
from engine.health.components import COMPONENTS, Component, Step
from engine.health.inputs import Inputs, inputs
from engine.wording import amount

HEALTH_SOURCES: frozenset[Source] = frozenset({"profile", "accounts", "goals", "cash_flows", "budgets"})

LEAST_STEP, LEAST_OF_INCOME = 1.0, 0.001
"""Money, and of a month's income: a step of less is not told."""
COPING_FROM = 40.0
HEALTHY_FROM = 80.0
"""Cut-offs of the FinHealth Score (Financial Health Network): below 40 vulnerable, 40 to 79 coping, 80 healthy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthAction:
    """The next better mark of a component: what leads there, and the points that the overall score gains."""

    title: str
    amount: Decimal | None
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthComponent:
    """One part of the score, 0 to 100; the weights of an answer add up to 1."""

    name: str
    score: float
    """0 to 100."""
    weight: float
    sentence: str
    best_action: HealthAction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialHealth:
    """The weighted mean of the components that can be told for this household."""

    overall_score: float
    """0 to 100."""
    band: HealthBand
    components: tuple[HealthComponent, ...]


def health(facts: Facts) -> list[FinancialHealth]:
    """One score a user, in the order of `facts.users`."""
    columns = inputs(facts)
    known = np.column_stack([component.known(columns) for component in COMPONENTS])
    scores = np.where(known, np.column_stack([component.score(columns) for component in COMPONENTS]), 0.0)
    weights = known * np.array([component.weight for component in COMPONENTS])
    weights /= weights.sum(axis=1, keepdims=True)
    steps = [component.step(columns) for component in COMPONENTS]
    return [_answer(columns, user, scores[user], weights[user], steps) for user in range(len(facts))]


def band(score: float) -> HealthBand:
    """The band in which a score lies."""
    if score < COPING_FROM:
        return HealthBand.VULNERABLE
    return HealthBand.COPING if score < HEALTHY_FROM else HealthBand.HEALTHY


def _answer(columns: Inputs, user: int, scores: Floats, weights: Floats, steps: list[Step]) -> FinancialHealth:
    overall = round(min(float(scores @ weights), 100.0), 1)
    parts = zip(COMPONENTS, scores, weights, steps, strict=True)
    return FinancialHealth(
        overall_score=overall,
        band=band(overall),
        components=tuple(
            HealthComponent(
                name=component.name,
                score=round(float(score), 1),
                weight=round(float(weight), 4),
                sentence=_sentence(columns, user, component, round(float(score), 1)),
                best_action=_best_action(columns, user, component, step, float(weight), float(score)),
            )
            for component, score, weight, step in parts
            if weight > 0
        ),
    )


def _sentence(columns: Inputs, user: int, component: Component, score: float) -> str:
    """Of who scores well a strength: the band of the whole is the band of a part."""
    return (component.strong if score >= HEALTHY_FROM else component.sentence)(columns, user)


def _best_action(
    columns: Inputs, user: int, component: Component, step: Step, weight: float, score: float
) -> HealthAction | None:
    points = round(weight * (float(step.points[user]) - score), 1)
    needed = float(step.money[user])
    if points <= 0 or needed < max(LEAST_STEP, LEAST_OF_INCOME * float(columns.income[user])):
        return None
    return HealthAction(
        title=component.action.format(amount=amount(needed, columns.currency[user])),
        amount=None if math.isnan(needed) else money(needed),
        points=points,
    )
