"""Fine, watch or retrain: what follows from a model's age, the drift of its users and how its figures developed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.enums import Severity
from engine.learning.metrics import COUNTS, is_lower_better

WORSE_SHARE = 0.10
LEAST_CHANGE = 0.01
"""A calibration error that went from 0.011 to 0.013 is no worse model."""
AGAIN_DAYS = 7
"""Drift that a new version did not cure asks for another one only after so long."""
ALARMING = (Severity.WARNING, Severity.CRITICAL)
UNTRAINED = "No version has been trained yet."


class Verdict(StrEnum):
    """What is to be done about a category's model."""

    FINE = "FINE"
    WATCH = "WATCH"
    RETRAIN = "RETRAIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A metric of the champion: what it was when first measured, and what it is now."""

    metric: str
    was: float
    now: float

    @property
    def worse(self) -> float:
        """By which share of what it was it got worse; negative where it got better."""
        lost = self.now - self.was if is_lower_better(self.metric) else self.was - self.now
        return lost / abs(self.was) if self.was else (float("inf") if lost > 0.0 else 0.0)

    @property
    def is_degraded(self) -> bool:
        far = self.worse > WORSE_SHARE and abs(self.now - self.was) > LEAST_CHANGE
        return far and self.metric not in COUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The drift of the champion's users: how far at most, where, and how much that matters."""

    score: float
    feature: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a decision rests on; ages in days, None where there is no such version."""

    fresh_days: int
    newest_days: float | None
    is_newest_champion: bool = True
    drift: Moved | None = None
    """None where nothing drifted for sure."""
    changes: Sequence[Change] = ()
    refused: str | None = None
    """Why the last training made no version of it, where it left it out or failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, and why, in words."""

    verdict: Verdict
    reason: str | None = None


def decide(standing: Standing) -> Decision:
    """Age alone retrains; so do drift and degradation, unless a version newer than the champion was just tried."""
    age, refused = standing.newest_days, [standing.refused] if standing.refused else []
    if age is None:
        return Decision(verdict=Verdict.RETRAIN, reason=" ".join([UNTRAINED, *refused]))
    worse = _worse(standing)
    told = [*([_old(age)] if age >= standing.fresh_days else []), *worse]
    was_tried = not standing.is_newest_champion and age < AGAIN_DAYS
    if age >= standing.fresh_days or (worse and not was_tried):
        return Decision(verdict=Verdict.RETRAIN, reason=" ".join([*told, *refused]))
    if worse:
        told = [*worse, f"A newer version was trained {_days(age)} ago and has not taken its place."]
    elif standing.drift:
        told = [_drifted(standing.drift)]
    return Decision(verdict=Verdict.WATCH, reason=" ".join(told)) if told else Decision(verdict=Verdict.FINE)


def _worse(standing: Standing) -> list[str]:
    drift = standing.drift
    alarming = [_drifted(drift)] if drift and drift.severity in ALARMING else []
    return [*alarming, *(_degraded(change) for change in standing.changes if change.is_degraded)]


def _drifted(drift: Moved) -> str:
    return f"Users are no longer like those it was trained on: {drift.feature} drifted by {drift.score:.2f}."


def _degraded(change: Change) -> str:
    return f"{change.metric} got worse by {change.worse:.0%}: {change.was:.4g} at first, {change.now:.4g} now."


def _old(age: float) -> str:
    return f"The newest version was trained {_days(age)} ago."


def _days(age: float) -> str:
    days = int(age)
    return f"{days} day" if days == 1 else f"{days} days"
