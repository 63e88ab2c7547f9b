"""Advice is computed once, kept encrypted, served while it is fresh, and computed again when it is not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine import advise as engine_advise
from engine import catalog
from engine.enums import LifeEvent, RecommendationStatus
from engine.errors import InsufficientData
from engine.recommender import Options
from engine.recommenders.life_planning import LifePlanning
from store import advice
from store.advice import Key, Outcome, answers, recommendations
from store.advice.answers import Advice
from store.advice.recommendations import Which
from store.crypto import Vault
from store.errors import NotFound
from store.models.shelf import Shelf
from store.session import connect, transaction
from tests.households import NOW, add_household
from tests.store.counter import Counted, Counter, CountOptions


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    made = Counter()
    monkeypatch.setitem(catalog.BY_NAME, "counter", made)
    yield made
    answers._adapter.cache_clear()


@pytest.fixture
def user(engine: Engine) -> UUID:
    with transaction(engine, everyone=True) as session:
        return add_household(session)


@dataclass
class Asker:
    """Asks as one user would, each time in a transaction of its own."""

    engine: Engine
    vault: Vault
    shelf: Shelf
    user: UUID

    def __call__(self, *, days: float = 0, extra: int = 0, category: str = "counter") -> Advice:
        outcome = self.outcome(days=days, extra=extra, category=category)
        assert isinstance(outcome, Advice), outcome
        return outcome

    def outcome(self, *, days: float = 0, extra: int = 0, category: str = "counter") -> Outcome:
        options = CountOptions(extra=extra) if category == "counter" else Options()
        with transaction(self.engine, users=[self.user]) as session:
            keys, now = [Key(self.user, category, options)], NOW + timedelta(days=days)
            return advice.advise(session, self.vault, self.shelf, keys, now)[0]


@pytest.fixture
def ask(engine: Engine, vault: Vault, shelf: Shelf, user: UUID, counter: Counter) -> Asker:
    return Asker(engine, vault, shelf, user)


def _times(given: Advice) -> int:
    assert isinstance(given.answer, Counted)
    return given.answer.times


def _listed(session: Session, vault: Vault, user: UUID, which: Which, now: datetime) -> list[str]:
    return [one.key for one in recommendations.listed(session, [user], vault=vault, which=which, now=now)[user]]


def _execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_a_fresh_answer_is_served_again_as_it_was(ask: Asker) -> None:
    first, second = ask(), ask(days=6)
    assert _times(first) == _times(second) == 1
    assert replace(first.answer, recommendations=()) == second.answer
    assert second.generated_at == NOW
    assert second.recommendations == first.recommendations


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET data_version = data_version + 1",
        "UPDATE answers SET basis_version = 'rules-0'",
        "UPDATE answers SET model_version = 3",
    ],
)
def test_an_answer_is_stale_when_what_it_rests_on_changes(ask: Asker, engine: Engine, change: str) -> None:
    ask()
    _execute(engine, change)
    assert _times(ask()) == 2
    assert _times(ask()) == 2


def test_an_answer_expires(ask: Asker) -> None:
    ask()
    assert _times(ask(days=7)) == 2


def test_a_what_if_is_computed_each_time_and_not_kept(ask: Asker, engine: Engine) -> None:
    assert _times(ask(extra=100)) == 101
    assert _times(ask(extra=100)) == 102
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM ml_recommendations")).scalar() == 0


def test_nothing_that_was_advised_is_readable_in_the_database(ask: Asker, engine: Engine) -> None:
    ask()
    with engine.connect() as connection:
        answered = connection.execute(text("SELECT payload FROM answers")).all()
        recommended = connection.execute(text("SELECT * FROM ml_recommendations")).all()
    stored = b"".join(bytes(value) for row in (*answered, *recommended) for value in row if isinstance(value, bytes))
    shown = " ".join(str(value) for row in recommended for value in row if not isinstance(value, bytes))
    assert len(stored) > 200
    assert not any(word in stored for word in (b"Title", b"Why it pays", b"amount", b"1000"))
    assert "Title" not in shown


def test_the_same_advice_keeps_its_id_its_date_and_what_the_user_said_of_it(
    ask: Asker, engine: Engine, vault: Vault, counter: Counter
) -> None:
    first = ask().recommendations[0]
    with transaction(engine, users=[ask.user]) as session:
        recommendations.record_interaction(session, vault, first.id, RecommendationStatus.DISMISSED)
    again = ask(days=8)
    same = next(one for one in again.recommendations if one.key == first.key)
    assert (same.id, same.created_at, same.status) == (first.id, first.created_at, RecommendationStatus.DISMISSED)
    assert same.valid_until > first.valid_until


def test_advice_that_is_no_longer_given_expires_and_may_come_back(
    ask: Asker, counter: Counter, engine: Engine, vault: Vault
) -> None:
    ask()
    counter.keys = ["save_more"]
    assert [one.key for one in ask(days=8).recommendations] == ["save_more"]
    with transaction(engine, users=[ask.user]) as session:
        now = NOW + timedelta(days=8)
        assert _listed(session, vault, ask.user, Which(), now) == ["save_more"]
        assert _listed(session, vault, ask.user, Which(statuses=("EXPIRED",)), now) == ["spend_less"]
    counter.keys = ["save_more", "spend_less"]
    back = next(one for one in ask(days=16).recommendations if one.key == "spend_less")
    assert (back.status, back.created_at) == (RecommendationStatus.ACTIVE, NOW + timedelta(days=16))


def test_a_view_does_not_undo_a_dismissal(ask: Asker, engine: Engine, vault: Vault) -> None:
    given = ask().recommendations[0]
    with transaction(engine, users=[ask.user]) as session:
        recommendations.record_interaction(session, vault, given.id, RecommendationStatus.DISMISSED)
        seen = recommendations.record_interaction(session, vault, given.id, RecommendationStatus.VIEWED)
    assert seen.status == RecommendationStatus.DISMISSED


@pytest.mark.parametrize(
    "failure", [InsufficientData("too little", required=3, available=1), ZeroDivisionError("a fault")]
)
def test_a_category_that_fails_leaves_the_others_standing(
    ask: Asker, counter: Counter, engine: Engine, vault: Vault, failure: Exception
) -> None:
    counter.failure = failure
    keys = [Key(ask.user, "counter", CountOptions()), *advice.default_keys([ask.user], ["savings_strategy"])]
    with transaction(engine, users=[ask.user]) as session:
        outcomes = advice.advise(session, vault, ask.shelf, keys, NOW)
    assert outcomes[0] is failure
    assert isinstance(outcomes[1], Advice)
    assert isinstance(ask.outcome(category="savings_strategy"), Advice)


def test_many_users_are_computed_at_once(engine: Engine, vault: Vault, shelf: Shelf, counter: Counter) -> None:
    with transaction(engine, everyone=True) as session:
        users = [add_household(session) for _ in range(5)]
        outcomes = advice.advise(session, vault, shelf, advice.default_keys(users, ["counter"]), NOW)
    assert counter.times == 1
    assert [outcome.user_id for outcome in outcomes if isinstance(outcome, Advice)] == users


class Follower(Counter):
    """A category that builds on the counter."""

    name: ClassVar[str] = "follower"
    needs = frozenset({"counter"})


def test_what_another_category_needs_is_computed_once_and_never_taken_from_a_what_if(
    ask: Asker, counter: Counter, engine: Engine, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalog.BY_NAME, "follower", Follower())
    names = (("counter", 100), ("follower", 0), ("counter", 0))
    keys = [Key(ask.user, name, CountOptions(extra=extra)) for name, extra in names]
    with transaction(engine, users=[ask.user]) as session:
        outcomes = advice.advise(session, vault, ask.shelf, keys, NOW)
    given = [outcome for outcome in outcomes if isinstance(outcome, Advice)]
    assert [_times(one) for one in given] == [101, 1, 2]
    assert counter.times == 2


def test_a_category_is_computed_after_those_it_needs() -> None:
    assert all(
        set(engine_advise.with_needs([name])[:-1]) >= set(catalog.BY_NAME[name].needs) for name in catalog.BY_NAME
    )


def test_advice_goes_as_far_as_the_connection_allows_and_is_computed_anew_when_that_changes(
    engine: Engine, database_url: str, vault: Vault, shelf: Shelf, user: UUID
) -> None:
    near = connect(database_url, reach="education")
    told = []
    for used in (engine, near, engine):
        with transaction(used, users=[user]) as session:
            keys = advice.default_keys([user], ["portfolio_rebalancing"])
            told += advice.advise(session, vault, shelf, keys, NOW)
    near.dispose()
    assert [bool(one.recommendations) for one in told if isinstance(one, Advice)] == [True, False, True]


def test_what_was_kept_under_a_wider_setting_is_not_listed_under_a_narrower_one(
    engine: Engine, database_url: str, vault: Vault, shelf: Shelf, user: UUID
) -> None:
    _execute(engine, "UPDATE financial_profiles SET marital_status = 'MARRIED', birth_date = '1996-03-01'")
    _execute(engine, "UPDATE accounts SET balance = 0 WHERE kind IN ('CHECKING', 'SAVINGS')")
    _execute(engine, "UPDATE transactions SET amount = amount / 3 WHERE amount > 0")
    narrow = [connect(database_url, reach="education"), connect(database_url, life_events_off=[LifeEvent.CHILD])]
    categories = ("portfolio_rebalancing", "life_planning")
    with transaction(engine, users=[user]) as session:
        advice.advise(session, vault, shelf, advice.default_keys([user], categories), NOW)
    listed = []
    for used in (engine, *narrow):
        with transaction(used, users=[user]) as session:
            which = Which(categories=categories)
            found = recommendations.listed(session, [user], vault=vault, which=which, now=NOW)[user]
            listed.append({one.id: one.category for one in found})
    traded = next(id_ for id_, category in listed[0].items() if category == "portfolio_rebalancing")
    with transaction(narrow[0], users=[user]) as session, pytest.raises(NotFound):
        recommendations.find(session, vault, traded)
    for used in narrow:
        used.dispose()
    assert [set(each.values()) for each in listed] == [set(categories), {"life_planning"}, {"portfolio_rebalancing"}]


def test_a_life_event_that_is_turned_off_is_no_longer_told_though_an_answer_was_kept(
    engine: Engine, database_url: str, vault: Vault, shelf: Shelf, user: UUID
) -> None:
    silent = connect(database_url, life_events_off=[LifeEvent.CHILD, LifeEvent.MARRIAGE])
    told = []
    for used in (engine, silent, engine):
        with transaction(used, users=[user]) as session:
            found = advice.advise(session, vault, shelf, advice.default_keys([user], ["life_planning"]), NOW)
            told += [one for one in found if isinstance(one, Advice)]
    silent.dispose()
    events = [{event.event for event in one.answer.events} for one in told if isinstance(one.answer, LifePlanning)]
    assert events[0] == events[2] == events[1] | {LifeEvent.CHILD, LifeEvent.MARRIAGE}
    assert {LifeEvent.CHILD, LifeEvent.MARRIAGE}.isdisjoint(events[1])
    assert not {"prepare_for_child", "prepare_for_marriage"} & {one.key for one in told[1].recommendations}


def test_what_is_kept_comes_back_in_the_order_of_the_answer(ask: Asker, counter: Counter) -> None:
    counter.keys = ["third", "first", "second"]
    given, kept = ask(), ask()
    assert counter.times == 1
    for one_answer in (given, kept):
        assert [one.key for one in one_answer.recommendations] == counter.keys
