"""Behavioral insights: how a household spends, what comes next, what stands out, and which habits cost money."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, cast

import numpy as np
from typing_extensions import override

from engine.behavior.series import LEAST_MONTHS
from engine.enums import AnswerBasis, BiasKind
from engine.errors import EngineError, InsufficientData
from engine.facts import Facts, Source
from engine.features.cash_flow import stopped
from engine.learning.model import Models
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.behavioral_insights.advice import advice
from engine.recommenders.behavioral_insights.answer import (
    BehavioralBias,
    BehavioralInsights,
    BiasNotJudged,
    CategorySpending,
    Seasonality,
    SpendingAnomaly,
    SpendingForecast,
    SpendingMonth,
    SpendingSegment,
)
from engine.recommenders.behavioral_insights.explanation import explanation
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.months import by_category, forecast, history, seasonality
from engine.recommenders.behavioral_insights.payments import payments
from engine.recommenders.behavioral_insights.promises import promises
from engine.recommenders.behavioral_insights.study import Study, study
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer
from engine.recommenders.behavioral_insights.wording import evidence, not_judged
from engine.wording import silence

__all__ = [
    "BehaviorAnalyst",
    "BehavioralBias",
    "BehavioralInsights",
    "BiasNotJudged",
    "CategorySpending",
    "Seasonality",
    "SpendingAnomaly",
    "SpendingForecast",
    "SpendingMonth",
    "SpendingSegment",
]


class BehaviorAnalyst(Recommender[BehavioralInsights]):
    """Reads what was spent; without a model, by rules whose ranges are wide on purpose.

    Nothing is said below three complete months. Trend and season are fitted from two years on (STL, robust where a
    month stands out); the forecast is the median of the last twelve months, or a learned line. A habit is told only
    where a count shows it that chance hardly would. Limits: sales to rebalance look like losses that are shunned; money
    that is not in the transactions is not seen. `docs/behavioral-insights.md`.
    """

    name: ClassVar[str] = "behavioral_insights"
    answer = BehavioralInsights
    sources: ClassVar[frozenset[Source]] = frozenset(
        {"profile", "accounts", "cash_flows", "transactions", "budgets", "holdings", "sales", "prices"}
    )
    models: ClassVar[frozenset[str]] = frozenset({"behavioral_insights"})
    trainer: ClassVar[BehaviorTrainer] = BehaviorTrainer()
    valid_days: ClassVar[int] = 7
    rules_version: ClassVar[int] = 5

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[BehavioralInsights | EngineError]:
        columns = study(facts, cast(BehaviorModel | None, models.get(self.name)))
        return [_insights(columns, user) for user in range(len(facts))]

    @override
    def promises(self, answer: BehavioralInsights, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _insights(columns: Study, user: int) -> BehavioralInsights | EngineError:
    observed = int(columns.known.observed[user])
    if observed < LEAST_MONTHS:
        message = (
            f"Habits are told from {LEAST_MONTHS} complete months of transactions on; {observed} are known."
            f"{silence(stopped(columns.facts)[user], 'habits are not told')}"
        )
        return InsufficientData(message, required=LEAST_MONTHS, available=observed)
    adherence = _rounded(columns.adherence[user])
    return BehavioralInsights(
        basis=AnswerBasis.MODEL if columns.model else AnswerBasis.RULE,
        confidence=None,
        recommendations=advice(columns, user),
        explanation=explanation(columns, user),
        months_observed=observed,
        history=history(columns, user),
        by_category=by_category(columns, user),
        seasonality=seasonality(columns, user),
        spending_volatility=_rounded(columns.volatility[user]),
        impulse_spending_score=_rounded(columns.impulse[user]),
        budget_adherence=None if np.isnan(adherence) else adherence,
        anomalies=tuple(each.anomaly for each in payments(columns, user)),
        biases=_biases(columns, user),
        biases_not_judged=_not_judged(columns, user),
        forecast=forecast(columns, user),
        segment=_segment(columns, user),
    )


def _biases(columns: Study, user: int) -> tuple[BehavioralBias, ...]:
    """The strongest first."""
    found = [
        BehavioralBias(kind=kind, strength=_rounded(bias.strength[user]), evidence=evidence(columns, kind, user))
        for kind, bias in columns.biases.items()
        if bias.present[user]
    ]
    return tuple(sorted(found, key=lambda each: -each.strength))


def _not_judged(columns: Study, user: int) -> tuple[BiasNotJudged, ...]:
    """Those that the data cannot show, and those of which too little was seen."""
    return tuple(
        BiasNotJudged(kind=kind, reason=not_judged(columns, kind, user))
        for kind in BiasKind
        if kind not in columns.biases or not columns.biases[kind].judged[user]
    )


def _segment(columns: Study, user: int) -> SpendingSegment:
    segment = columns.segments[int(columns.segment[user])]
    return SpendingSegment(name=segment.name, description=segment.description, share=segment.share)


def _rounded(value: float) -> float:
    return round(float(value), 6)
