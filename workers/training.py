"""TRAINING: fits a challenger for each category that is due, writes its artifact, and registers it at once.

What an attempt has registered counts, and another attempt at the same run does not train it again. Artifacts carry the
fence in their path: what a lost attempt wrote stands in nobody's way.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session

from engine.catalog import TRAINERS
from engine.enums import TrainingEnding
from engine.errors import InsufficientData
from engine.learning.model import Model
from engine.learning.trainer import Trainer
from engine.learning.training import SEED, Report, Trained, trained
from engine.monitoring.drift import reference
from store.audit import Deed
from store.errors import CorruptArtifact
from store.models import registry
from store.models.endings import CategoryEnding, as_result
from store.models.learning import Gathered, gather
from store.models.lookups import results_of
from store.models.versions import Version
from store.monitoring import upkeep
from store.session import clock
from store.tables import ModelVersion
from workers.assignment import Assignment
from workers.registration import Challenger, register

READING_PART = 0.4
"""Of a category's progress."""

Trainers = Mapping[str, Trainer[Any]]
Clock = Callable[[Session], datetime]

LOG = structlog.get_logger()


def train(assignment: Assignment, trainers: Trainers = TRAINERS, *, clock: Clock = clock) -> dict[str, Any]:
    """What this run has trained, and what it has not, with the reason.

    Raises `InsufficientData` where that kept every category that was due from being trained, unless the schedule
    asked: a new installation does not fail night after night.
    """
    arguments, made = assignment.claim.arguments, _made(assignment)
    wanted = {name: trainers[name] for name in arguments.get("categories") or trainers if name not in made}
    with assignment.reading() as session:
        now = clock(session)
        fresh = {} if arguments.get("retrain") else _fresh(session, wanted, now)
    due = {name: each for name, each in wanted.items() if name not in fresh}
    assignment.report(len(made) / max(len(made) + len(due), 1), "beginning", as_result(*fresh.values()))
    refused = _all(assignment, due, now.date(), len(made))
    made = _made(assignment)
    if refused and not made and not fresh and not arguments.get("scheduled"):
        raise _nothing(refused)
    skipped = {name: ended.reason for name, ended in fresh.items()} | {name: str(why) for name, why in refused.items()}
    assignment.report(1.0, _summary(made, skipped))
    return {"trained": {name: version.stage for name, version in made.items()}, "skipped": skipped}


def _nothing(refused: Mapping[str, InsufficientData]) -> InsufficientData:
    """Why nothing was trained, by category where there are several."""
    first = next(iter(refused.values()))
    told = " ".join(f"{name}: {error}" for name, error in refused.items())
    return first if len(refused) == 1 else InsufficientData(told, required=first.required, available=first.available)


def _made(assignment: Assignment) -> dict[str, ModelVersion]:
    """The versions that this run has registered, by category."""
    job_id = assignment.claim.job_id
    with assignment.reading() as session:
        return {version.category: version for version in results_of(session, [job_id])[job_id]}


def _all(assignment: Assignment, due: Trainers, today: date, before: int) -> dict[str, InsufficientData]:
    """Trains them one after the other; those that too few people have the data for, with the reason."""
    refused, count = {}, before + len(due)
    for place, (name, trainer) in enumerate(due.items(), before):
        try:
            challenger = _challenger(assignment, name, trainer, today, _reporter(assignment, name, place, count))
        except InsufficientData as error:
            LOG.warning("not trained", category=name, reason=str(error))
            refused[name] = error
            assignment.report((place + 1) / count, f"{name}: skipped", as_result(_refused(name, error)))
        else:
            _register(assignment, challenger, (place + 1) / count)
    return refused


def _refused(name: str, error: InsufficientData) -> CategoryEnding:
    return CategoryEnding(
        category=name,
        ending=TrainingEnding.INSUFFICIENT_DATA,
        reason=str(error),
        required=error.required,
        available=error.available,
    )


def _register(assignment: Assignment, challenger: Challenger, progress: float) -> None:
    deeds: list[Deed] = []
    result: dict[str, Any] = {}
    stage = f"{challenger.category}: trained"
    with assignment.step(progress=progress, stage=stage, result=result, deeds=deeds) as session:
        ended, done = register(session, challenger, assignment.claim.job_id)
        result |= as_result(ended)
        deeds += done


def _challenger(assignment: Assignment, name: str, trainer: Trainer[Any], today: date, report: Report) -> Challenger:
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
    path = f"{name}/{assignment.claim.job_id}-{assignment.claim.fence}"
    return Challenger(
        category=name,
        path=path,
        checksum=assignment.archive.write(path, outcome.model.files(), manifest),
        manifest=manifest,
        outcome=outcome,
        against=champion.version if champion else None,
    )


def _loaded(assignment: Assignment, trainer: Trainer[Any], champion: Version | None) -> Model | None:
    """None too where its artifact is corrupt: then the challenger has the rule to beat, and can take its place."""
    if champion is None:
        return None
    try:
        return trainer.model.from_files(assignment.archive.read(champion.path, champion.checksum).files)
    except CorruptArtifact as error:
        LOG.error("the champion is corrupt", version=champion.name, reason=str(error))
        return None


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


def _fresh(session: Session, wanted: Trainers, now: datetime) -> dict[str, CategoryEnding]:
    """Categories that neither age, drift nor degradation makes due; a version that failed the gate counts."""
    due, newest = upkeep.due(session, wanted), registry.newest(session, wanted)
    found = {}
    for name, last in newest.items():
        until = last.trained_at + timedelta(days=wanted[name].fresh_days)
        if until > now and name not in due:
            reason = f"Version {last.version} is fresh until {until.date()}."
            found[name] = CategoryEnding(category=name, ending=TrainingEnding.FRESH, reason=reason)
    return found


def _reporter(assignment: Assignment, name: str, place: int, count: int) -> Report:
    def report(part: float, stage: str) -> None:
        assignment.report((place + part) / count, f"{name}: {stage}")

    return report


def _summary(made: Mapping[str, ModelVersion], skipped: Mapping[str, str]) -> str:
    told = [f"{version.category}@{version.version} trained, {version.stage.lower()}" for version in made.values()]
    return "; ".join([*told, *(f"skipped {name}: {reason.removesuffix('.')}" for name, reason in skipped.items())])
