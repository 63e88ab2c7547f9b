"""What the risk assessment answers with."""

from dataclasses import dataclass

from engine.answers import Answer, Contribution
from engine.enums import RiskLevel, RiskMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskProbability:
    """How likely one level of tolerance is."""

    level: RiskLevel
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCapacity:
    """How much risk the household can bear, whatever it wants. The effects of `drivers` are points of the score."""

    level: RiskLevel
    score: float
    """0 to 100."""
    drivers: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessment(Answer):
    """What a person says, what is expected of it, and what it can bear. The effects of `explanation` are levels."""

    stated_tolerance: RiskLevel | None
    predicted_tolerance: RiskLevel
    probabilities: tuple[RiskProbability, ...]
    capacity: RiskCapacity
    mismatch: RiskMismatch
    recommended_level: RiskLevel
    """The lower of tolerance and capacity."""
