"""TRAINING: fits a challenger for each category that is due and writes its artifact; the parent registers it.

Everything is fitted again where an attempt was lost: artifacts carry the fence in their path, and none counts before
the parent has registered it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from engine.catalog import TRAINERS
from engine.errors import InsufficientData
from engine.learning.model import Model
from engine.learning.trainer import Trainer
from engine.learning.training import SEED, Report, Trained, trained
from engine.monitoring import reference
from store.errors import CorruptArtifact
from store.models import registry
from store.models.learning import Gathered, gather
from store.models.registry import Version
from store.monitoring import upkeep
from store.session import clock
from workers.assignment import Assignment

READING_PART = 0.4
"""Of a category's progress."""

LOG = structlog.get_logger()


def train(assignment: Assignment, trainers: Mapping[str, Trainer[Any]] = TRAINERS) -> dict[str, Any]:
    """What was trained, by category, and what was not, with the reason.

    Raises `InsufficientData` where that kept every category that was due from being trained, unless the schedule
    asked: a new installation does not fail night after night.
    """
    arguments = assignment.claim.arguments
    wanted = {name: trainers[name] for name in arguments.get("categories") or trainers}
    with assignment.reading() as session:
        now = clock(session)
    fresh = {} if arguments.get("retrain") else _fresh(assignment, wanted, now)
    due = {name: trainer for name, trainer in wanted.items() if name not in fresh}
    found, refused = _all(assignment, due, now.date())
    if refused and not found and not fresh and not arguments.get("scheduled"):
        raise next(iter(refused.values()))
    skipped = fresh | {name: str(error) for name, error in refused.items()}
    assignment.report(1.0, _summary(found, skipped))
    return {"trained": found, "skipped": skipped}


def _all(
    assignment: Assignment, due: Mapping[str, Trainer[Any]], today: date
) -> tuple[dict[str, dict[str, Any]], dict[str, InsufficientData]]:
    found, refused = {}, {}
    for place, (name, trainer) in enumerate(due.items()):
        try:
            found[name] = _category(assignment, name, trainer, today, _reporter(assignment, name, place, len(due)))
        except InsufficientData as error:
            LOG.warning("not trained", category=name, reason=str(error))
            refused[name] = error
    return found, refused


def _category(assignment: Assignment, name: str, trainer: Trainer[Any], today: date, report: Report) -> dict[str, Any]:
    gathered = gather(assignment.reading, trainer, today, lambda part, told: report(READING_PART * part, told))
    with assignment.reading() as session:
        champion = registry.champion(session, name)
    outcome = trained(
        trainer,
        gathered.sample,
        _loaded(assignment, trainer, champion),
        lambda part, told: report(READING_PART + (1.0 - READING_PART) * part, told),
    )
    manifest = _manifest(name, trainer, today, gathered, outcome)
    return _written(assignment, name, manifest, outcome) | {"against": champion.version if champion else None}


def _loaded(assignment: Assignment, trainer: Trainer[Any], champion: Version | None) -> Model | None:
    """None too where its artifact is corrupt: then the challenger has the rule to beat, and can take its place."""
    if champion is None:
        return None
    try:
        return trainer.model.from_files(assignment.archive.read(champion.path, champion.checksum).files)
    except CorruptArtifact as error:
        LOG.error("the champion is corrupt", version=champion.name, reason=str(error))
        return None


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


def _manifest(name: str, trainer: Trainer[Any], today: date, gathered: Gathered, outcome: Trained) -> dict[str, Any]:
    """The same users on the same day give the same manifest: no time, no job."""
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
        "reference": reference(trainer.features, gathered.columns).as_dict(),
    }


def _fresh(assignment: Assignment, wanted: Mapping[str, Trainer[Any]], now: datetime) -> dict[str, str]:
    """Categories that neither age, drift nor degradation makes due; a version that failed the gate counts."""
    with assignment.reading() as session:
        due, newest = upkeep.due(session, wanted), registry.newest(session, wanted)
    found = {}
    for name, last in newest.items():
        until = last.trained_at + timedelta(days=wanted[name].fresh_days)
        if until > now and name not in due:
            found[name] = f"Version {last.version} is fresh until {until.date()}."
    return found


def _reporter(assignment: Assignment, name: str, place: int, count: int) -> Report:
    def report(part: float, stage: str) -> None:
        assignment.report((place + part) / count, f"{name}: {stage}")

    return report


def _summary(found: dict[str, Any], skipped: dict[str, str]) -> str:
    told = [f"trained {', '.join(found)}"] if found else []
    return "; ".join([*told, *(f"skipped {name}: {reason}" for name, reason in skipped.items())])
