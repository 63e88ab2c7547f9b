"""Experiments: started, listed, concluded; and what is refused."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine

from engine import catalog
from store.errors import BadInput, Conflict, NotFound
from store.models import experiments, registry
from store.session import transaction
from store.tables import Experiment
from tests.store.learned import registered
from tests.store.learner import Learner


@pytest.fixture(autouse=True)
def learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalog.BY_NAME, "counter", Learner())


@pytest.fixture
def two(engine: Engine) -> None:
    """Version 1 is the champion, version 2 a challenger."""
    with transaction(engine) as session:
        registry.promote(session, "counter", registered(session).version, actor="ann", reason="by hand")
        registered(session)


def started(engine: Engine, challenger: int = 2, share: float = 0.3) -> Experiment:
    with transaction(engine) as session:
        return experiments.start(session, "counter", challenger, share, actor="ann")


def in_place(engine: Engine) -> int:
    with transaction(engine) as session:
        champion = registry.champion(session, "counter")
    assert champion
    return champion.version


def test_an_experiment_names_both_versions_and_who_started_it(engine: Engine, two: None) -> None:
    made = started(engine)
    assert (made.champion, made.challenger, made.challenger_share, made.started_by) == (1, 2, 0.3, "ann")
    with transaction(engine) as session:
        assert [one.id for one in experiments.experiments(session, "counter")] == [made.id]
        assert [one.id for one in experiments.running(session)] == [made.id]
        assert experiments.experiments(session, "life_planning") == []


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_share_must_leave_users_to_both(engine: Engine, two: None, share: float) -> None:
    with pytest.raises(BadInput):
        started(engine, share=share)


def test_a_version_that_there_is_not_is_not_found(engine: Engine, two: None) -> None:
    with pytest.raises(NotFound):
        started(engine, challenger=9)


def test_what_has_no_versions_is_not_compared(engine: Engine) -> None:
    with transaction(engine) as session, pytest.raises(Conflict, match="does not learn from people"):
        experiments.start(session, "portfolio_rebalancing", 1, 0.3, actor="ann")


def test_the_champion_is_no_challenger_of_itself(engine: Engine, two: None) -> None:
    with pytest.raises(Conflict):
        started(engine, challenger=1)


def test_nothing_is_compared_with_rules(engine: Engine) -> None:
    with transaction(engine) as session:
        registered(session)
    with pytest.raises(Conflict):
        started(engine, challenger=1)


def test_one_experiment_of_a_category_runs_at_a_time(engine: Engine, two: None) -> None:
    first = started(engine)
    with pytest.raises(Conflict):
        started(engine)
    with transaction(engine) as session:
        experiments.conclude(session, first.id, False, actor="ben")
    assert started(engine).id != first.id


def test_a_conclusion_promotes_or_leaves_the_champion(engine: Engine, two: None) -> None:
    first = started(engine)
    with transaction(engine) as session:
        assert experiments.conclude(session, first.id, False, actor="ben").conclusion == "not promoted by ben"
    assert in_place(engine) == 1
    second = started(engine)
    with transaction(engine) as session:
        ended = experiments.conclude(session, second.id, True, actor="ben")
    assert ended.concluded_at
    assert in_place(engine) == 2


def test_an_experiment_ends_once(engine: Engine, two: None) -> None:
    made = started(engine)
    with transaction(engine) as session:
        experiments.conclude(session, made.id, True, actor="ben")
    with transaction(engine) as session, pytest.raises(Conflict):
        experiments.conclude(session, made.id, False, actor="ben")
    with transaction(engine) as session, pytest.raises(NotFound):
        experiments.conclude(session, uuid4(), False, actor="ben")
