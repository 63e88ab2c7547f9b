"""What follows from a training, in one transaction: the version, its figures, and who is champion."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from engine.enums import TrainingEnding
from engine.learning.training import Trained
from store.artifacts import Manifest
from store.audit import Deed
from store.models import performance, registry
from store.models.endings import CategoryEnding

ACTOR = "training"
PROMOTED = "Put in place by the training."
NOT_PROMOTED = "Not put in place by the training."
OVERTAKEN = "Not put in place by the training: another version came in place while it was fitted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenger:
    """A model whose artifact is written; `against` is the version in place that it was compared with."""

    category: str
    path: str
    checksum: str
    manifest: Manifest
    outcome: Trained
    against: int | None


def register(session: Session, challenger: Challenger, job_id: UUID) -> tuple[CategoryEnding, list[Deed]]:
    """Registers the challenger, and promotes it where it passed the gate against the champion of now."""
    outcome, category = challenger.outcome, challenger.category
    registry.take_turn(session, category)
    told = _told(session, challenger)
    verdict = f"{told} {outcome.reason}"
    version = registry.register(
        session,
        category=category,
        path=challenger.path,
        checksum=challenger.checksum,
        proven=outcome.proven,
        training_users=outcome.users,
        manifest={**challenger.manifest, "verdict": verdict},
        job_id=job_id,
    )
    performance.record(session, version.name, outcome.metrics)
    ending = TrainingEnding.PROMOTED if told == PROMOTED else TrainingEnding.NOT_PROMOTED
    ended = CategoryEnding(category=category, ending=ending, reason=verdict, version=version.version)
    if told != PROMOTED:
        return ended, []
    registry.promote(session, category, version.version, actor=ACTOR, reason=outcome.reason)
    return ended, [Deed(actor=ACTOR, action="promote_model", subject=str(job_id), detail=version.name)]


def _told(session: Session, challenger: Challenger) -> str:
    if not challenger.outcome.promotes:
        return NOT_PROMOTED
    champion = registry.champion(session, challenger.category)
    is_against = challenger.against == (champion.version if champion else None)
    return PROMOTED if is_against else OVERTAKEN
