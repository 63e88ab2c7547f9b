"""Risk assessment: what a person says of risk, what is expected of it, and what its household can bear, kept apart."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from typing_extensions import override

from engine.enums import AnswerBasis, RiskLevel, RiskMismatch
from engine.facts import Facts, Source
from engine.learning.model import Models
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.risk_assessment.advice import advice
from engine.recommenders.risk_assessment.answer import RiskAssessment, RiskCapacity, RiskProbability
from engine.recommenders.risk_assessment.explanation import drivers, explanation
from engine.recommenders.risk_assessment.model import ToleranceModel
from engine.recommenders.risk_assessment.promises import promises
from engine.recommenders.risk_assessment.study import Study, study
from engine.recommenders.risk_assessment.tolerance import Tolerance
from engine.recommenders.risk_assessment.trainer import ToleranceTrainer

__all__ = ["RiskAssessment", "RiskAssessor", "RiskCapacity", "RiskProbability"]

LEVELS = tuple(RiskLevel)


class RiskAssessor(Recommender[RiskAssessment]):
    """A model of what people alike say of risk, the person's own word, and a monotone capacity score, kept apart.

    With a model (`model.py`) the predicted tolerance is the middle of what it expects, and a word that lies outside its
    interval is a mismatch; the word itself goes on counting. Without one the predicted tolerance is the stated one,
    else the middle answer of US families of the same age and income (Survey of Consumer Finances 2019), and the two
    cannot disagree. Limits: the split of the survey's answers into five levels, the scales and the weights of the
    capacity are documented judgements (`docs/risk-assessment.md`); sex, region and marriage are not read.
    """

    name: ClassVar[str] = "risk_assessment"
    answer = RiskAssessment
    sources: ClassVar[frozenset[Source]] = frozenset(
        {"profile", "accounts", "holdings", "goals", "cash_flows", "prices"}
    )
    models: ClassVar[frozenset[str]] = frozenset({"risk_assessment"})
    trainer = ToleranceTrainer()
    valid_days: ClassVar[int] = 90
    rules_version: ClassVar[int] = 5

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[RiskAssessment]:
        model = models.get(self.name)
        columns = study(facts, model if isinstance(model, ToleranceModel) else None)
        return [_assessment(columns, user) for user in range(len(facts))]

    @override
    def promises(self, answer: RiskAssessment, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _assessment(columns: Study, user: int) -> RiskAssessment:
    wanted, is_stated = columns.tolerance, bool(columns.tolerance.is_stated[user])
    chances = zip(LEVELS, wanted.probabilities[user], strict=True)
    expected = int(wanted.expected[user])
    return RiskAssessment(
        basis=_basis(columns, user),
        confidence=float(wanted.probabilities[user, expected]) if wanted.by_model else None,
        recommendations=advice(columns, user),
        explanation=explanation(columns, user),
        stated_tolerance=LEVELS[wanted.stated[user]] if is_stated else None,
        predicted_tolerance=LEVELS[expected],
        probabilities=tuple(RiskProbability(level=level, probability=float(each)) for level, each in chances),
        capacity=_capacity(columns, user),
        mismatch=_mismatch(wanted, user),
        recommended_level=LEVELS[columns.recommended[user]],
    )


def _basis(columns: Study, user: int) -> AnswerBasis:
    if columns.tolerance.by_model:
        return AnswerBasis.MODEL
    return AnswerBasis.RULE if columns.tolerance.is_stated[user] else AnswerBasis.BASE_RATE


def _mismatch(wanted: Tolerance, user: int) -> RiskMismatch:
    if not wanted.is_stated[user]:
        return RiskMismatch.UNSTATED
    if wanted.overstated[user]:
        return RiskMismatch.OVERSTATED
    return RiskMismatch.UNDERSTATED if wanted.understated[user] else RiskMismatch.ALIGNED


def _capacity(columns: Study, user: int) -> RiskCapacity:
    return RiskCapacity(
        level=LEVELS[columns.capacity.level[user]],
        score=float(columns.capacity.score[user]),
        drivers=drivers(columns, user),
    )
