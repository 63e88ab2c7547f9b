"""What follows from a training, in the transaction that finishes its job: versions, figures, and who is champion."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from store import audit
from store.audit import Deed
from store.claims import Claim
from store.models import performance, registry
from store.models.manifest import metrics
from store.models.registry import Version

ACTOR = "training"


def register_trained(session: Session, claim: Claim, result: Mapping[str, Any]) -> None:
    """Registers each challenger, and promotes those that passed the gate against the champion of now."""
    deeds = [
        deed for category, found in result["trained"].items() for deed in _registered(session, claim, category, found)
    ]
    audit.append(session, deeds)


def _registered(session: Session, claim: Claim, category: str, found: Mapping[str, Any]) -> list[Deed]:
    version = registry.register(
        session,
        category=category,
        path=found["path"],
        checksum=found["checksum"],
        proven=found["proven"],
        training_users=found["users"],
        manifest={**found["manifest"], "verdict": found["reason"]},
        job_id=claim.job_id,
    )
    performance.record(session, version.name, metrics(version.manifest))
    if not found["promotes"] or not _is_still_against(session, category, found["against"]):
        return []
    registry.promote(session, category, version.version, actor=ACTOR, reason=found["reason"])
    return [Deed(actor=ACTOR, action="promote_model", subject=str(claim.job_id), detail=version.name)]


def _is_still_against(session: Session, category: str, against: int | None) -> bool:
    """Whether the champion is still the one that the challenger was compared with."""
    champion: Version | None = registry.champion(session, category)
    return against == (champion.version if champion else None)
