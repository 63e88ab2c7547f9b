"""TRAINING: fits a challenger for each category that is due and writes its artifact; the parent registers it.

Everything is fitted again where an attempt was lost: artifacts carry the fence in their path, and none counts before
the parent has registered it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from engine.catalog import BY_NAME, RECOMMENDERS
from engine.errors import InsufficientData
from engine.model import Model
from engine.trainer import Trainer
from engine.training import SEED, Report, Trained, trained
from store import models
from store.learning import Gathered, gather
from store.models import Version
from workers.assignment import Assignment, clock

READING_PART = 0.4
"""Of a category's progress."""

LOG = structlog.get_logger()


def train(assignment: Assignment) -> dict[str, Any]:
    """What was trained, by category, and what was not, with the reason.

    Raises `InsufficientData` where that kept every category that was due from being trained.
    """
    arguments = assignment.claim.arguments
    wanted = arguments.get("categories") or trainable()
    with assignment.reading() as session:
        now = clock(session)
    found: dict[str, Any] = {}
    refused: dict[str, InsufficientData] = {}
    fresh = {} if arguments.get("retrain") else _fresh(assignment, wanted, now)
    due = [name for name in wanted if name not in fresh]
    for place, name in enumerate(due):
        try:
            found[name] = _category(assignment, name, now.date(), _reporter(assignment, name, place, len(due)))
        except InsufficientData as error:
            LOG.warning("not trained", category=name, reason=str(error))
            refused[name] = error
    if refused and not found and not fresh:
        raise next(iter(refused.values()))
    skipped = fresh | {name: str(error) for name, error in refused.items()}
    assignment.report(1.0, _summary(found, skipped))
    return {"trained": found, "skipped": skipped}


def trainable() -> list[str]:
    """Every category that learns; portfolio rebalancing fits the market, not people."""
    return [recommender.name for recommender in RECOMMENDERS if recommender.trainer]


def _category(assignment: Assignment, name: str, today: date, report: Report) -> dict[str, Any]:
    trainer = _trainer(name)
    gathered = gather(assignment.reading, trainer, today, lambda part, told: report(READING_PART * part, told))
    with assignment.reading() as session:
        champion = models.champion(session, name)
    outcome = trained(
        trainer,
        gathered.sample,
        _loaded(assignment, champion) if champion else None,
        lambda part, told: report(READING_PART + (1.0 - READING_PART) * part, told),
    )
    manifest = _manifest(name, today, gathered, outcome)
    return _written(assignment, name, manifest, outcome) | {"against": champion.version if champion else None}


def _loaded(assignment: Assignment, champion: Version) -> Model:
    artifact = assignment.archive.read(champion.path, champion.checksum)
    return _trainer(champion.category).model.from_files(artifact.files)


def _written(assignment: Assignment, name: str, manifest: dict[str, Any], outcome: Trained) -> dict[str, Any]:
    path = f"{name}/{assignment.claim.job_id}-{assignment.claim.fence}"
    return {
        "path": path,
        "checksum": assignment.archive.write(path, outcome.model.files(), manifest),
        "users": outcome.users,
        "proven": outcome.proven,
        "promotes": outcome.promotes,
        "reason": outcome.reason,
        "manifest": manifest,
    }


def _manifest(name: str, today: date, gathered: Gathered, outcome: Trained) -> dict[str, Any]:
    """The same users on the same day give the same manifest: no time, no job."""
    trainer = _trainer(name)
    return {
        "category": name,
        "model": type(outcome.model).__name__,
        "features": list(trainer.features),
        "as_of": today.isoformat(),
        "seed": SEED,
        "users": outcome.users,
        "rows": len(gathered.sample),
        "metrics": [asdict(metric) for metric in outcome.metrics],
        "importance": dict(outcome.model.importance()),
        "verdict": outcome.reason,
    }


def _fresh(assignment: Assignment, names: Sequence[str], now: datetime) -> dict[str, str]:
    """Categories whose newest version is younger than their trainer's days; a version that failed the gate counts."""
    found = {}
    for name in names:
        with assignment.reading() as session:
            newest: Version | None = next(iter(models.versions(session, name)), None)
        days = timedelta(days=_trainer(name).fresh_days)
        if newest and now - newest.trained_at < days:
            found[name] = f"Version {newest.version} is fresh until {(newest.trained_at + days).date()}."
    return found


def _trainer(name: str) -> Trainer[Any]:
    trainer = BY_NAME[name].trainer
    assert trainer is not None, f"{name} does not learn"  # noqa: S101 - the mutation and the command refuse it
    return trainer


def _reporter(assignment: Assignment, name: str, place: int, count: int) -> Report:
    def report(part: float, stage: str) -> None:
        assignment.report((place + part) / count, f"{name}: {stage}")

    return report


def _summary(found: dict[str, Any], skipped: dict[str, str]) -> str:
    told = [f"trained {', '.join(found)}"] if found else []
    return "; ".join([*told, *(f"skipped {name}: {reason}" for name, reason in skipped.items())])
