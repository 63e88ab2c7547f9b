"""An experiment from its start to its conclusion: who is answered by what, what users do, and what is made of it."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine

from engine import catalog
from engine.enums import RecommendationStatus
from store import advice
from store.advice import answers, recommendations
from store.advice.answers import Advice
from store.artifacts import Archive
from store.crypto import Vault
from store.models import experiments
from store.models.shelf import Shelf
from store.session import transaction
from store.tables import Experiment
from tests.households import NOW, add_household
from tests.store.learned import learned
from tests.store.learner import Learner, Stepped
from tests.workers.test_scoring import assigned
from workers.ledger import judge_promises

USERS = 24


@pytest.fixture(autouse=True)
def learner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(catalog.BY_NAME, "counter", Learner())
    yield
    answers._adapter.cache_clear()


@pytest.fixture
def users(engine: Engine) -> list[UUID]:
    with transaction(engine, everyone=True) as session:
        return [add_household(session, months=1) for _ in range(USERS)]


def asked(engine: Engine, vault: Vault, shelf: Shelf, users: list[UUID]) -> dict[UUID, Advice]:
    with transaction(engine, everyone=True) as session:
        given = advice.advise(session, vault, shelf, advice.default_keys(users, ["counter"]), NOW)
    return {one.user_id: one for one in given if isinstance(one, Advice)}


def step(one: Advice) -> int:
    assert isinstance(one.answer, Stepped)
    return one.answer.step


def started(engine: Engine, archive: Archive) -> Experiment:
    learned(engine, archive, 7)
    learned(engine, archive, 8, in_place=False)
    with transaction(engine) as session:
        return experiments.start(session, "counter", 2, 0.5, actor="ann")


def react(engine: Engine, vault: Vault, one: Advice, reaction: RecommendationStatus) -> None:
    with transaction(engine, everyone=True) as session:
        recommendations.record_interaction(session, vault, one.recommendations[0].id, reaction)


def test_what_users_accept_of_a_challenger_is_its_score_and_a_promotion_gives_it_to_all(
    engine: Engine, vault: Vault, shelf: Shelf, archive: Archive, users: list[UUID]
) -> None:
    trial = started(engine, archive)
    with transaction(engine, everyone=True) as session:  # advice is given as of the households' day
        experiments.find(session, trial.id).started_at = NOW
    given = asked(engine, vault, shelf, users)
    drawn = [one for one in given.values() if step(one) == 8]
    assert 0 < len(drawn) < USERS
    for one in given.values():
        react(engine, vault, one, RecommendationStatus.ACCEPTED if one in drawn else RecommendationStatus.DISMISSED)
    judge_promises(assigned(engine, vault, "LEDGER"))
    with transaction(engine) as session:
        found = experiments.find(session, trial.id)
    assert (found.samples, found.champion_score, found.challenger_score) == (USERS, 0.25, 0.75)
    assert found.probability_better is None  # of so few nothing is said
    with transaction(engine) as session:
        experiments.conclude(session, trial.id, True, actor="ann")
    assert {step(one) for one in asked(engine, vault, shelf, users).values()} == {8}


def test_advice_that_was_given_before_the_experiment_counts_for_neither(
    engine: Engine, vault: Vault, shelf: Shelf, archive: Archive, users: list[UUID]
) -> None:
    trial = started(engine, archive)
    given = asked(engine, vault, shelf, users)  # months before the experiment's own start
    for one in given.values():
        react(engine, vault, one, RecommendationStatus.ACCEPTED)
    judge_promises(assigned(engine, vault, "LEDGER"))
    with transaction(engine) as session:
        found = experiments.find(session, trial.id)
    assert (found.samples, found.champion_score, found.challenger_score) == (0, None, None)
