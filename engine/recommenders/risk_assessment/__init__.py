"""Risk assessment: what a person says of risk, what is expected of it, and what its household can bear, kept apart."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from typing_extensions import override

from engine.enums import AnswerBasis, RiskLevel, RiskMismatch
from engine.facts import Facts, Source
from engine.model import Models
from engine.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.risk_assessment.advice import advice
from engine.recommenders.risk_assessment.answer import RiskAssessment, RiskCapacity, RiskProbability
from engine.recommenders.risk_assessment.explanation import drivers, explanation
from engine.recommenders.risk_assessment.promises import promises
from engine.recommenders.risk_assessment.study import Study, study

__all__ = ["RiskAssessment", "RiskAssessor", "RiskCapacity", "RiskProbability"]

LEVELS = tuple(RiskLevel)


class RiskAssessor(Recommender[RiskAssessment]):
    """Rules and base rates: the person's own word, the survey's shares by age and income, a monotone capacity score.

    With no trained model the predicted tolerance is the stated one, else the middle answer of US families of the same
    age and income (Survey of Consumer Finances 2019), and the two cannot disagree. Limits: the split of the survey's
    answers into five levels, the scales and the weights of the capacity are documented judgements
    (`docs/risk-assessment.md`); sex, region and marriage are not read.
    """

    name: ClassVar[str] = "risk_assessment"
    answer = RiskAssessment
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "holdings", "goals", "cash_flows"})
    valid_days: ClassVar[int] = 90

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[RiskAssessment]:
        columns = study(facts)
        return [_assessment(columns, user) for user in range(len(facts))]

    @override
    def promises(self, answer: RiskAssessment, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _assessment(columns: Study, user: int) -> RiskAssessment:
    wanted, is_stated = columns.tolerance, bool(columns.tolerance.is_stated[user])
    chances = zip(LEVELS, wanted.probabilities[user], strict=True)
    return RiskAssessment(
        basis=AnswerBasis.RULE if is_stated else AnswerBasis.BASE_RATE,
        confidence=None,
        recommendations=advice(columns, user),
        explanation=explanation(columns, user),
        stated_tolerance=LEVELS[wanted.stated[user]] if is_stated else None,
        predicted_tolerance=LEVELS[wanted.expected[user]],
        probabilities=tuple(RiskProbability(level=level, probability=float(chance)) for level, chance in chances),
        capacity=_capacity(columns, user),
        mismatch=RiskMismatch.ALIGNED if is_stated else RiskMismatch.UNSTATED,
        recommended_level=LEVELS[columns.recommended[user]],
    )


def _capacity(columns: Study, user: int) -> RiskCapacity:
    return RiskCapacity(
        level=LEVELS[columns.capacity.level[user]],
        score=float(columns.capacity.score[user]),
        drivers=drivers(columns, user),
    )
