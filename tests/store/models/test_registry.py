"""The registry: numbers, champions, going back, and who was answered by what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypedDict
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine import catalog
from engine.enums import VersionStage
from engine.experiments import arm
from engine.learning.metrics import Metric
from store.errors import Conflict, NotFound
from store.models import registry
from store.models.lookups import versions_of
from store.models.manifest import importance, metrics
from store.models.versions import Version
from store.session import clock, transaction
from tests.store.learned import registered
from tests.store.learner import Learner


class Who(TypedDict):
    """Who moves a version, and why."""

    actor: str
    reason: str


WHO = Who(actor="ann", reason="by hand")


@pytest.fixture(autouse=True)
def learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalog.BY_NAME, "counter", Learner())


@pytest.fixture
def three(engine: Engine) -> None:
    """Three versions, each in place after the one before."""
    with transaction(engine) as session:
        for number in (1, 2, 3):
            registered(session)
            registry.promote(session, "counter", number, **WHO)


def in_place(engine: Engine) -> int | None:
    with transaction(engine) as session:
        champion = registry.champion(session, "counter")
    return number(champion)


def test_a_new_version_is_a_challenger_with_the_next_number(engine: Engine) -> None:
    with transaction(engine) as session:
        assert [registered(session).version for _ in range(3)] == [1, 2, 3]
        listed = versions_of(session, ["counter"])["counter"]
    assert [one.version for one in listed] == [3, 2, 1]
    assert {one.stage for one in listed} == {VersionStage.CHALLENGER}
    assert in_place(engine) is None


def test_a_version_tells_its_figures_and_what_it_weighs(engine: Engine) -> None:
    with transaction(engine) as session:
        version = registered(session)
    assert version.name == "counter@1"
    assert metrics(version.manifest) == (Metric(name="rmse", value=3.5, baseline=4.0, bar=5.0),)
    assert list(importance(version.manifest).items()) == [("income", 0.75), ("age", 0.25)]


def test_versions_that_are_registered_at_once_get_different_numbers(engine: Engine) -> None:
    def register(_: int) -> int:
        with transaction(engine) as session:
            return registered(session).version

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(register, range(8))) == list(range(1, 9))


def test_of_promotions_at_once_one_stands_and_each_is_written_down(engine: Engine) -> None:
    with transaction(engine) as session:
        numbers = [registered(session).version for _ in range(4)]

    def promote(number: int) -> None:
        with transaction(engine) as session:
            registry.promote(session, "counter", number, **WHO)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(promote, numbers))
    with engine.connect() as connection:
        noted = connection.execute(text("SELECT version FROM model_promotions ORDER BY at")).scalars().all()
    assert sorted(noted) == numbers
    assert in_place(engine) == noted[-1]


def test_the_version_before_retires(engine: Engine, three: None) -> None:
    with transaction(engine) as session:
        stages = {one.version: one.stage for one in versions_of(session, ["counter"])["counter"]}
    assert stages == {1: VersionStage.RETIRED, 2: VersionStage.RETIRED, 3: VersionStage.CHAMPION}


def rolled_back(session: Session, version: int | None = None) -> int | None:
    placed = registry.rollback(session, "counter", version, **WHO)
    return placed.version if placed else None


def test_rolling_back_goes_one_further_back_each_time_and_never_forth(engine: Engine, three: None) -> None:
    with transaction(engine) as session:
        assert [rolled_back(session), rolled_back(session)] == [2, 1]
        registered(session)
        registry.promote(session, "counter", 4, **WHO)
        assert rolled_back(session) == 1


def test_behind_the_first_version_are_the_rules(engine: Engine, three: None) -> None:
    with transaction(engine) as session:
        assert rolled_back(session, 1) == 1
        assert rolled_back(session) is None
        assert registry.champion(session, "counter") is None
        with pytest.raises(Conflict, match="rules answer already"):
            rolled_back(session)
        registry.promote(session, "counter", 3, **WHO)
        assert rolled_back(session) is None


def test_rolling_back_to_a_version_puts_that_one_in_place(engine: Engine, three: None) -> None:
    with transaction(engine) as session:
        assert rolled_back(session, 1) == 1
        assert registry.champions(session, ["counter"])["counter"].version == 1
    assert in_place(engine) == 1


@pytest.mark.parametrize("move", [registry.promote, registry.rollback])
def test_what_cannot_be_put_in_place_is_refused_in_a_sentence(engine: Engine, three: None, move: object) -> None:
    assert callable(move)
    for category, version, error in [
        ("counter", 9, NotFound("There is no version 9 of counter: the newest is 3.")),
        ("counter", 0, NotFound("There is no version 0 of counter: the newest is 3.")),
        ("risk_assessment", 1, NotFound("There is no version 1 of risk_assessment: none is trained yet.")),
        ("counter", 3, Conflict("Version 3 of counter is in place already.")),
        ("portfolio_rebalancing", 1, Conflict("There are no versions of portfolio_rebalancing")),
    ]:
        with transaction(engine) as session, pytest.raises(type(error), match=str(error)):
            move(session, category, version, **WHO)
    assert in_place(engine) == 3


def test_each_moment_knows_what_was_in_place(engine: Engine, three: None) -> None:
    user = uuid4()
    with transaction(engine) as session:
        registry.rollback(session, "counter", **WHO)
        moments = session.connection().execute(text("SELECT at FROM model_promotions ORDER BY at")).scalars().all()
        before = registry.live_at(session, "counter", user, datetime(2020, 1, 1, tzinfo=UTC))
        seen = [registry.live_at(session, "counter", user, at) for at in moments]
    assert before is None
    assert [number(one) for one in seen] == [1, 2, 3, 2]


def test_in_an_experiment_some_users_were_answered_by_the_challenger(engine: Engine, three: None) -> None:
    experiment, users = uuid4(), [uuid4() for _ in range(50)]
    with transaction(engine) as session:
        registered(session)
        start(session, experiment, champion=3, challenger=4)
        now = clock(session)
        seen = {user: number(registry.live_at(session, "counter", user, now)) for user in users}
        assert seen == {user: 4 if arm(experiment, user, 0.5) else 3 for user in users}
        assert set(seen.values()) == {3, 4}
        session.connection().execute(text("UPDATE experiments SET concluded_at = clock_timestamp()"))
        after = clock(session)
        assert {number(registry.live_at(session, "counter", user, after)) for user in users} == {3}
        assert number(registry.live_at(session, "counter", next(u for u in users if seen[u] == 4), now)) == 4


def start(session: Session, experiment: UUID, *, champion: int, challenger: int) -> None:
    statement = """
        INSERT INTO experiments
            (id, category, champion, challenger, challenger_share, started_at, started_by, samples)
        VALUES (:id, 'counter', :champion, :challenger, 0.5, clock_timestamp(), 'ann', 0)
    """
    session.connection().execute(text(statement), {"id": experiment, "champion": champion, "challenger": challenger})


def number(version: Version | None) -> int | None:
    return None if version is None else version.version
