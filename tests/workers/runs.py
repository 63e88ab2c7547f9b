"""Trainings as a worker's child does them, and what administrators are told of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from store import jobs
from store.artifacts import Archive
from store.crypto import Vault
from store.jobs import claims
from store.jobs.claims import Claim
from store.models import registry
from store.models.endings import CategoryEnding, endings_in
from store.models.lookups import versions_of
from store.models.versions import Described
from store.session import transaction
from store.tables import ModelVersion
from tests.workers.slopes import TAUGHT, TRAINERS
from workers.assignment import Assignment
from workers.training import Trainers, train

OTHER = "life_planning"
"""A category that learns the same beside it."""


def claimed(engine: Engine, **arguments: Any) -> Claim:
    """The claim on a training that was just asked for."""
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", arguments, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
    assert claim is not None
    return claim


def work(
    engine: Engine, vault: Vault, archive: Archive, claim: Claim, trainers: Trainers = TRAINERS
) -> Mapping[str, Any]:
    """What a worker's child does."""
    return train(Assignment(claim=claim, engine=engine, vault=vault, archive=archive), trainers)


def run(engine: Engine, vault: Vault, archive: Archive, **arguments: Any) -> tuple[UUID, Mapping[str, Any]]:
    claim = claimed(engine, **arguments)
    return claim.job_id, work(engine, vault, archive, claim)


def endings(engine: Engine, job_id: UUID) -> dict[str, CategoryEnding]:
    """What administrators are told of a run, by category."""
    with transaction(engine) as session:
        return {each.category: each for each in endings_in(jobs.find(session, job_id).result)}


def listed(engine: Engine, category: str = TAUGHT) -> list[ModelVersion]:
    """All versions, the first one first."""
    with transaction(engine) as session:
        return versions_of(session, [category])[category][::-1]


def champion(engine: Engine) -> Described | None:
    with transaction(engine) as session:
        return registry.champion(session, TAUGHT)
