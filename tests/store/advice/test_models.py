"""Each answer is of the version that holds for its user, says so, and is computed anew when another one does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from engine import catalog
from store import advice
from store.advice import answers
from store.advice.answers import Advice
from store.artifacts import Archive
from store.crypto import Vault
from store.models import registry
from store.models.shelf import Shelf
from store.session import clock, connect, transaction
from tests.households import NOW, add_household
from tests.store.learned import corrupt, learned, start_experiment
from tests.store.learner import Follower, Learner, Stepped

USERS = 12
MORE_USERS = 20
"""Of twelve whose ids are drawn, one arm of an experiment is empty once in 2,000 times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One process: asks for everybody."""

    engine: Engine
    vault: Vault
    shelf: Shelf
    users: list[UUID]

    def ask(self, *categories: str) -> list[Advice]:
        with transaction(self.engine, everyone=True) as session:
            keys = advice.default_keys(self.users, categories or ("counter",))
            given = advice.advise(session, self.vault, self.shelf, keys, NOW)
        return [one for one in given if isinstance(one, Advice)]

    def steps(self, category: str = "counter") -> list[int]:
        given = self.ask(category)
        assert len(given) == len(self.users)
        return [one.answer.step for one in given if isinstance(one.answer, Stepped)]


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Learner]:
    made = Learner()
    monkeypatch.setitem(catalog.BY_NAME, "counter", made)
    monkeypatch.setitem(catalog.BY_NAME, "follower", Follower())
    yield made
    answers._adapter.cache_clear()


@pytest.fixture
def office(engine: Engine, vault: Vault, shelf: Shelf, learner: Learner) -> Office:
    with transaction(engine, everyone=True) as session:
        users = [add_household(session, months=1) for _ in range(USERS)]
    return Office(engine=engine, vault=vault, shelf=shelf, users=users)


def kept(engine: Engine) -> list[tuple[int | None, str]]:
    """The version of each kept answer, and the name beside its recommendation."""
    statement = """SELECT a.model_version, r.model_name
        FROM answers AS a JOIN ml_recommendations AS r ON r.answer_id = a.id ORDER BY a.user_id"""
    with engine.connect() as connection:
        return [(row.model_version, row.model_name) for row in connection.execute(text(statement))]


def test_an_answer_carries_the_version_that_made_it(office: Office, engine: Engine, archive: Archive) -> None:
    assert {one.model for one in office.ask()} == {None}
    assert set(kept(engine)) == {(None, "counter/rule")}
    learned(engine, archive, 7)
    for _ in ("computed", "kept"):
        given = office.ask()
        assert [one.model and one.model.name for one in given] == ["counter@1"] * USERS
        assert {one.recommendations[0].model_name for one in given} == {"counter@1"}
    assert set(kept(engine)) == {(1, "counter@1")}


def test_a_promotion_and_a_rollback_make_the_answers_of_the_other_version_stale(
    office: Office, engine: Engine, archive: Archive, learner: Learner
) -> None:
    assert office.steps() == [0] * USERS
    learned(engine, archive, 7)
    assert office.steps() == office.steps() == [7] * USERS
    learned(engine, archive, 8)
    assert office.steps() == [8] * USERS
    with transaction(engine) as session:
        registry.rollback(session, "counter", actor="ann", reason="by hand")
    assert office.steps() == office.steps() == [7] * USERS
    assert learner.times == [USERS] * 4


def test_another_process_answers_with_what_was_promoted_at_once(
    office: Office, database_url: str, engine: Engine, archive: Archive, vault: Vault
) -> None:
    there = connect(database_url)
    other = Office(engine=there, vault=vault, shelf=Shelf(archive), users=office.users)
    learned(engine, archive, 7)
    assert (office.steps(), other.steps()) == ([7] * USERS, [7] * USERS)
    learned(there, archive, 8)
    assert (office.steps(), other.steps()) == ([8] * USERS, [8] * USERS)
    there.dispose()


def test_what_builds_on_a_model_is_stale_with_it(office: Office, engine: Engine, archive: Archive) -> None:
    assert office.steps("follower") == [0] * USERS
    learned(engine, archive, 7)
    assert office.steps("follower") == [7] * USERS
    given = office.ask("follower")
    assert {one.model for one in given} == {None}
    assert {one.recommendations[0].model_name for one in given} == {"follower/rule"}


def test_in_an_experiment_each_user_keeps_one_version_until_it_ends(
    office: Office, engine: Engine, archive: Archive, learner: Learner
) -> None:
    with transaction(engine, everyone=True) as session:
        office.users.extend(add_household(session, months=1) for _ in range(MORE_USERS))
    learned(engine, archive, 7)
    learned(engine, archive, 8, in_place=False)
    assert office.steps() == [7] * len(office.users)
    learner.times.clear()
    with transaction(engine) as session:
        start_experiment(session, champion=1, challenger=2)
    seen = office.steps()
    assert set(seen) == {7, 8}
    assert learner.times == [seen.count(8)]
    assert office.steps() == seen
    with transaction(engine, everyone=True) as session:
        now = clock(session)
        live = [registry.live_at(session, "counter", user, now) for user in office.users]
        assert [one and one.version for one in live] == [1 if step == 7 else 2 for step in seen]
        session.connection().execute(text("UPDATE experiments SET concluded_at = clock_timestamp()"))
    assert office.steps() == [7] * len(office.users)


def test_a_version_put_in_place_by_hand_says_that_it_is_not_proven(
    office: Office, engine: Engine, archive: Archive
) -> None:
    learned(engine, archive, 7)
    assert [one.answer.explanation for one in office.ask()] == [()] * USERS
    learned(engine, archive, 8, proven=False)
    for _ in ("computed", "kept"):
        said = office.ask()[0].answer.explanation[-1].sentence
        assert "Version 2 of this model was put in place by hand" in said


def test_no_request_fails_while_versions_change(office: Office, engine: Engine, archive: Archive) -> None:
    learned(engine, archive, 7)
    done = Event()

    def ask(order: int) -> list[int]:
        """How many answers each question got, in this order of users and categories."""
        asking, counts = replace(office, users=office.users[::order]), []
        while not done.is_set():
            counts.append(len(asking.ask(*("counter", "follower")[::order])))
        return counts

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask, order) for order in (1, -1)]
        for number in range(8, 20):
            learned(engine, archive, number)
        done.set()
    assert {count for each in asking for count in each.result()} == {2 * USERS}
    assert office.steps() == [19] * USERS


def test_a_corrupt_champion_fails_no_request(office: Office, engine: Engine, archive: Archive) -> None:
    learned(engine, archive, 7)
    assert office.steps() == [7] * USERS
    corrupt(archive, learned(engine, archive, 8))
    assert office.steps() == [7] * USERS
    assert {one.model and one.model.version for one in office.ask()} == {1}
