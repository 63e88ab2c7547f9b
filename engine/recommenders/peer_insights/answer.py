"""What peer insights answer with."""

from dataclasses import dataclass

from engine.answers import Answer
from engine.enums import GoalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarUser:
    """A household alike, under a name that is made for the one who asks."""

    handle: str
    similarity: float
    """Cosine similarity of scaled features."""
    age_band: str
    income_band: str
    shared_traits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerBenchmark:
    """One metric of the household beside its peers: a ratio, or months."""

    metric: str
    value: float
    p25: float | None
    median: float | None
    p75: float | None
    percentile: float | None
    """Share of peers below."""
    source: str
    """Whose figures these are; where there are none, why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessPattern:
    """What those who reached a goal of this kind did more often than others of like income."""

    title: str
    goal_kind: GoalKind | None
    prevalence_among_successful: float
    prevalence_among_others: float
    lift: float
    lift_low: float
    lift_high: float
    adopted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerInsights(Answer):
    """How households alike are doing. The effects of `explanation` are shares of peers from the middle."""

    cohort_size: int
    similar_users: tuple[SimilarUser, ...]
    """Pseudonyms and bands only: nothing here leads back to a person."""
    benchmarks: tuple[PeerBenchmark, ...]
    """Null values where fewer than 20 peers stand behind a figure."""
    success_patterns: tuple[SuccessPattern, ...]
