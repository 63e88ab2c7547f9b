"""A demo population as facts, and a model that was fitted on it; synthetic, so it says nothing of real people."""

from datetime import date
from functools import cache

import numpy as np

from benchmarks.demo_facts import as_facts
from engine.facts import Facts
from engine.learning.trainer import Sample
from engine.population import generate
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.trainer import PeerTrainer

USERS = 900
TODAY = date(2026, 11, 1)
SEED = 3


@cache
def people() -> Facts:
    """All of them."""
    return as_facts(generate(users=USERS, seed=SEED, today=TODAY, months=24), TODAY)


@cache
def sample() -> Sample:
    """What the trainer learns from."""
    return PeerTrainer().sample(people())


@cache
def model() -> PeerModel:
    """Fitted on all but every fifth."""
    return PeerTrainer().fit(sample().take(known()), SEED)


def known() -> np.ndarray:
    """Who the model has seen."""
    return np.arange(USERS) % 5 > 0
