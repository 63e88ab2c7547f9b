"""What follows from a training, in one transaction: the version, its figures, and who is champion."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from engine.learning.training import Trained
from store.artifacts import Manifest
from store.audit import Deed
from store.models import performance, registry

ACTOR = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenger:
    """A model whose artifact is written; `against` is the version in place that it was compared with."""

    category: str
    path: str
    checksum: str
    manifest: Manifest
    outcome: Trained
    against: int | None


def register(session: Session, challenger: Challenger, job_id: UUID) -> list[Deed]:
    """Registers the challenger, and promotes it where it passed the gate against the champion of now."""
    outcome, category = challenger.outcome, challenger.category
    version = registry.register(
        session,
        category=category,
        path=challenger.path,
        checksum=challenger.checksum,
        proven=outcome.proven,
        training_users=outcome.users,
        manifest={**challenger.manifest, "verdict": outcome.reason},
        job_id=job_id,
    )
    performance.record(session, version.name, outcome.metrics)
    if not outcome.promotes or not _is_still_against(session, challenger):
        return []
    registry.promote(session, category, version.version, actor=ACTOR, reason=outcome.reason)
    return [Deed(actor=ACTOR, action="promote_model", subject=str(job_id), detail=version.name)]


def _is_still_against(session: Session, challenger: Challenger) -> bool:
    """Whether the champion is still the one that the challenger was compared with."""
    champion = registry.champion(session, challenger.category)
    return challenger.against == (champion.version if champion else None)
