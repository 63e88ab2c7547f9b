"""Peer insights: households alike, how far along they are, and what those did who reached their goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from typing_extensions import override

from engine.enums import AnswerBasis
from engine.facts import Facts, Source
from engine.household.means import CONTRIBUTION
from engine.learning.model import Models
from engine.learning.trainer import Trainer
from engine.peers.crowd import Asked
from engine.peers.traits import traits
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.peer_insights.advice import advice
from engine.recommenders.peer_insights.answer import PeerBenchmark, PeerInsights, SimilarUser, SuccessPattern
from engine.recommenders.peer_insights.benchmarks import benchmarks
from engine.recommenders.peer_insights.explanation import explanation
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.peers import peers
from engine.recommenders.peer_insights.plan import lacking
from engine.recommenders.peer_insights.similar import similar_users
from engine.recommenders.peer_insights.study import Study, study
from engine.recommenders.peer_insights.success import relevant, success_patterns
from engine.recommenders.peer_insights.trainer import PeerTrainer

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
    of the same bands of age and income stand in, in its currency alone, and each figure says so. Limits: the survey
    tells no savings rate, no progress of goals, and of spending only food and housing; that somebody alike did well is
    no proof that the same helps here.
    """

    name: ClassVar[str] = "peer_insights"
    answer = PeerInsights
    options = PeerOptions
    sources: ClassVar[frozenset[Source]] = PeerTrainer.sources
    models: ClassVar[frozenset[str]] = frozenset({"peer_insights", CONTRIBUTION})
    trainer: ClassVar[Trainer[Any] | None] = PeerTrainer()
    valid_days: ClassVar[int] = 90
    rules_version: ClassVar[int] = 6

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[PeerInsights]:
        columns, model = study(facts, models), models.get(self.name)
        if not isinstance(model, PeerModel) or not len(facts):
            return [_insights(columns, user, None, ()) for user in range(len(facts))]
        count = options.similar if isinstance(options, PeerOptions) else PeerOptions().similar
        asked = Asked(
            coarse=model.scaling.coarse(columns.features), currency=columns.currency, mark=model.marks(facts.users)
        )
        near = model.nearest(asked, count)
        own = traits(columns.features)
        return [
            _insights(
                columns,
                user,
                model,
                similar_users(model, near, user, facts.users[user], int(own[user])),
            )
            for user in range(len(facts))
        ]


def _insights(columns: Study, user: int, model: PeerModel | None, similar: Sequence[SimilarUser]) -> PeerInsights:
    groups = peers(columns, user, model)
    nearest = groups[0] if groups else None
    found = relevant(columns, user, () if model is None else model.patterns)
    told = benchmarks(columns, user, groups)
    is_model = bool(similar) or (nearest is not None and not nearest.is_survey)
    return PeerInsights(
        basis=AnswerBasis.MODEL if is_model else AnswerBasis.BASE_RATE,
        confidence=None,
        recommendations=advice(columns, user, told, found),
        explanation=explanation(told, nearest, lacking(columns, user)),
        cohort_size=0 if nearest is None else nearest.cohort.size,
        similar_users=tuple(similar),
        benchmarks=told,
        success_patterns=success_patterns(columns, user, found),
    )
