"""The figures of the models in place, measured anew on people whom no version has learned from."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session

from engine.catalog import BY_NAME
from engine.learning.metrics import Metric
from engine.learning.training import evaluated
from store.artifacts import Archive
from store.loading import Progress
from store.models import registry
from store.models.learning import gather
from store.models.manifest import verdict
from store.models.versions import Described
from store.session import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One version in place, its figures, and why it was put there when it was trained, or was not."""

    category: str
    version: int
    proven: bool
    metrics: tuple[Metric, ...]
    verdict: str | None


def evaluate(
    engine: Engine, archive: Archive, categories: Sequence[str], today: date, progress: Progress
) -> list[Evaluation]:
    """Of the champions of these categories; one whose rules answer is not among them."""
    with transaction(engine) as session:
        champions = registry.champions(session, categories)
    found = []
    for place, version in enumerate(champions.values()):
        report = partial(_report, progress, version.name, place, len(champions))
        found.append(_evaluated(engine, archive, version, today, report))
    return found


def _evaluated(engine: Engine, archive: Archive, version: Described, today: date, progress: Progress) -> Evaluation:
    trainer = BY_NAME[version.category].trainer
    assert trainer is not None, version.name  # noqa: S101 - what does not learn has no champion
    model = trainer.model.from_files(archive.read(version.path, version.checksum).files)

    def reading() -> AbstractContextManager[Session]:
        return transaction(engine, everyone=True)

    gathered = gather(reading, trainer, today, lambda part, stage: progress(stage, part))
    return Evaluation(
        category=version.category,
        version=version.version,
        proven=version.proven,
        metrics=evaluated(trainer, model, gathered.sample),
        verdict=verdict(version.manifest),
    )


def _report(progress: Progress, name: str, place: int, count: int, stage: str, part: float) -> None:
    progress(f"{name}: {stage}", (place + part) / count)
