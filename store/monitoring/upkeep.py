"""How the model of each category does, and whether it should be trained again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from engine.catalog import BY_NAME
from engine.enums import ModelHealth, Severity
from engine.learning.trainer import Trainer
from engine.monitoring.retraining import ALARMING, Decision, Moved, Standing, Verdict, decide
from store.jobs.slots import next_time
from store.models.endings import Refusal, refusals
from store.models.performance import changes
from store.models.registry import champions, newest
from store.models.versions import Version
from store.monitoring.drift import latest_reports
from store.session import clock
from store.tables import DriftReport

TRAINING_EVERY = timedelta(days=1)
TRAINING_AT = timedelta(hours=3)
"""The slots of retraining: each trains the categories that are due then and skips the fresh ones."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What the dashboard shows of a category; `report` is the last check of the version in place."""

    category: str
    health: ModelHealth
    report: DriftReport | None
    verdict: Verdict
    reason: str | None
    last_trained_at: datetime | None
    next_training_at: datetime | None

    @property
    def retraining_due(self) -> bool:
        return self.verdict is Verdict.RETRAIN

    @property
    def retraining_reason(self) -> str | None:
        """Why it is due; None where it is not."""
        return self.reason if self.retraining_due else None


def upkeep_of(session: Session, categories: Collection[str]) -> dict[str, Upkeep]:
    """Of each category, now by the clock of the database; one that does not learn is healthy without a model."""
    return _upkeep_of(session, {category: BY_NAME[category].trainer for category in categories})


def due(session: Session, trainers: Mapping[str, Trainer[Any]]) -> dict[str, str]:
    """The categories to be trained now, each with the reason."""
    return {name: each.reason or "" for name, each in _upkeep_of(session, trainers).items() if each.retraining_due}


def _upkeep_of(session: Session, trainers: Mapping[str, Trainer[Any] | None]) -> dict[str, Upkeep]:
    now, placed, last = clock(session), champions(session, trainers), newest(session, trainers)
    refused = refusals(session, trainers)
    reports = latest_reports(session, [(each.category, each.version) for each in placed.values()])
    return {
        category: _upkeep(
            session,
            _Case(category, trainer, placed.get(category), last.get(category), refused.get(category)),
            reports,
            now,
        )
        if trainer
        else _without_model(category)
        for category, trainer in trainers.items()
    }


@dataclass(frozen=True, slots=True)
class _Case:
    """A category that learns, the version in place, the newest one, and why the last training made none."""

    category: str
    trainer: Trainer[Any]
    champion: Version | None
    newest: Version | None
    refusal: Refusal | None


def _upkeep(session: Session, case: _Case, reports: Mapping[str, DriftReport], now: datetime) -> Upkeep:
    report, fresh_days = reports.get(case.category), case.trainer.fresh_days
    standing = Standing(
        fresh_days=fresh_days,
        newest_days=None if case.newest is None else (now - case.newest.trained_at) / DAY,
        is_newest_champion=bool(case.champion and case.newest and case.champion.version == case.newest.version),
        drift=_moved(report),
        changes=changes(session, case.champion.name) if case.champion else (),
        refused=_told(case.refusal) if case.refusal else None,
    )
    decision = decide(standing)
    return Upkeep(
        category=case.category,
        health=_health(case.champion, standing),
        report=report,
        verdict=decision.verdict,
        reason=decision.reason,
        last_trained_at=case.newest.trained_at if case.newest else None,
        next_training_at=_next_training(decision, case.newest, fresh_days, now),
    )


def _told(refusal: Refusal) -> str:
    return f"The training of {refusal.at.date()} {'failed' if refusal.failed else 'left it out'}: {refusal.reason}"


def _without_model(category: str) -> Upkeep:
    return Upkeep(
        category=category,
        health=ModelHealth.HEALTHY,
        report=None,
        verdict=Verdict.FINE,
        reason=None,
        last_trained_at=None,
        next_training_at=None,
    )


def _health(champion: Version | None, standing: Standing) -> ModelHealth:
    """The worst that holds."""
    if champion is None:
        return ModelHealth.UNTRAINED
    if standing.drift and standing.drift.severity in ALARMING:
        return ModelHealth.DRIFTING
    return ModelHealth.DEGRADED if any(each.is_degraded for each in standing.changes) else ModelHealth.HEALTHY


def _moved(report: DriftReport | None) -> Moved | None:
    sure: list[dict[str, Any]] = [each for each in report.features if each["sure"]] if report else []
    if not sure:
        return None
    worst = max(sure, key=lambda each: each["psi"])
    return Moved(score=worst["psi"], feature=worst["feature"], severity=Severity(worst["severity"]))


def _next_training(decision: Decision, newest: Version | None, fresh_days: int, now: datetime) -> datetime:
    """The first slot at which it will be due."""
    if newest is None or decision.verdict is Verdict.RETRAIN:
        return next_time(TRAINING_EVERY, TRAINING_AT, now)
    return next_time(TRAINING_EVERY, TRAINING_AT, max(now, newest.trained_at + timedelta(days=fresh_days)))
