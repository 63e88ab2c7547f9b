"""Peers from the first household to the answer: trained by a job, proven, put in place, and asked as a user asks."""

import pytest
from sqlalchemy import Engine

from engine.enums import AnswerBasis
from engine.recommenders.peer_insights import PeerInsights
from engine.recommenders.peer_insights.trainer import PeerTrainer
from store import advice, jobs
from store.advice.answers import Advice
from store.artifacts import Archive
from store.batches import next_batch
from store.crypto import Vault
from store.demo import load_demo
from store.jobs import claims
from store.models import registry
from store.models.manifest import metrics
from store.models.shelf import Shelf
from store.session import transaction
from tests.households import NOW, TODAY, add_household
from workers.assignment import Assignment
from workers.training import train

USERS = 400
PEERS = "peer_insights"


@pytest.fixture
def trained(engine: Engine, vault: Vault, archive: Archive) -> None:
    """What a worker's child does."""
    load_demo(engine, users=USERS, seed=6, today=TODAY)
    with transaction(engine) as session:
        job = jobs.request(session, "TRAINING", {}, requested_by="test")
        claim = claims.claim(session, job.id, lease_seconds=60)
        assert claim is not None
    assignment = Assignment(claim=claim, engine=engine, vault=vault, archive=archive)
    train(assignment, {PEERS: PeerTrainer()}, clock=lambda _: NOW)


@pytest.mark.usefixtures("trained")
def test_peers_are_trained_put_in_place_and_shown(engine: Engine, vault: Vault, shelf: Shelf) -> None:
    with transaction(engine, everyone=True) as session:
        found = registry.champion(session, PEERS)
        newcomer = add_household(session)
        users = [newcomer, *next_batch(session, None, 5)]
        given = advice.advise(session, vault, shelf, advice.default_keys(users, [PEERS]), NOW)
    assert found is not None
    assert {metric.name for metric in metrics(found.manifest)} >= {
        "hit_rate_at_1",
        "hit_rate_at_3",
        "mrr",
        "recall_at_10",
    }
    assert len(given) == len(users)
    for one in given:
        assert isinstance(one, Advice)
        assert isinstance(one.answer, PeerInsights)
        assert one.model is not None
        assert one.model.name == f"{PEERS}@1"
        assert (one.answer.basis, len(one.answer.similar_users)) == (AnswerBasis.MODEL, 10)
