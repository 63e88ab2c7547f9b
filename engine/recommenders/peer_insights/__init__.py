"""Peer insights: households alike, how far along they are, and what those did who reached their goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from engine.enums import AnswerBasis
from engine.facts import Facts, Source
from engine.model import Models
from engine.peers.survey import stand_in
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.peer_insights.advice import advice
from engine.recommenders.peer_insights.answer import PeerBenchmark, PeerInsights, SimilarUser, SuccessPattern
from engine.recommenders.peer_insights.benchmarks import benchmarks
from engine.recommenders.peer_insights.explanation import explanation
from engine.recommenders.peer_insights.study import Study, study

__all__ = ["PeerBenchmark", "PeerInsights", "PeerOptions", "PeerRecommender", "SimilarUser", "SuccessPattern"]

MOST_SIMILAR = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOptions(Options):
    """How many similar households are shown."""

    similar: int = 10

    def __post_init__(self) -> None:
        if not 1 <= self.similar <= MOST_SIMILAR:
            raise ValueError(f"must be from 1 to {MOST_SIMILAR}")


class PeerRecommender(Recommender[PeerInsights]):
    """Peers of one currency, from an artifact that holds no names and no ids: never other users' rows.

    Without a trained model, and where fewer than 20 people are alike, families of the Survey of Consumer Finances 2019
    of the same bands of age and income stand in, in its currency alone, and the explanation says so. Limits: the survey
    tells no savings rate and no progress of goals; that somebody alike did well is no proof that the same helps here.
    """

    name: ClassVar[str] = "peer_insights"
    answer = PeerInsights
    options = PeerOptions
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "goals", "cash_flows"})
    valid_days: ClassVar[int] = 90

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[PeerInsights]:
        columns = study(facts)
        return [_insights(columns, user) for user in range(len(facts))]


def _insights(columns: Study, user: int) -> PeerInsights:
    currency = columns.facts.profile.currency[user]
    peers = stand_in(currency, int(columns.age_band[user]), int(columns.income_band[user]))
    told = benchmarks(columns, user, peers)
    return PeerInsights(
        basis=AnswerBasis.BASE_RATE,
        confidence=None,
        recommendations=advice(columns, user, told),
        explanation=explanation(told, peers, is_survey=True),
        cohort_size=0 if peers is None else peers.size,
        similar_users=(),
        benchmarks=told,
        success_patterns=(),
    )
