"""The ledger: promises kept once and encrypted, found when they are due, judged once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine.ledger.promises import Promise, PromiseKind
from engine.recommenders.goal_optimization import GoalOptions, GoalScenario
from store import advice
from store.crypto import Vault
from store.ledger import entries, scores
from store.ledger.entries import Judgement
from store.models.shelf import Shelf
from store.retention import FORECAST_DAYS, forget_forecasts
from store.session import transaction
from tests.households import NOW
from tests.oracle import Shown, shown

TODAY = NOW.date()
DUE = TODAY + timedelta(days=100)

pytestmark = pytest.mark.usefixtures("oracle")


def chance(probability: float, *, subject: str = "one", due: date = DUE) -> Promise:
    return Promise(kind=PromiseKind.GOAL_REACHED, subject=subject, due=due, probability=probability)


def recorded(engine: Engine, vault: Vault, *given: Shown) -> None:
    with transaction(engine, everyone=True) as session:
        entries.record(session, vault.ciphers(session, {one.user_id for one in given}), given)


def count(session: Session) -> int:
    return cast(int, session.connection().execute(text("SELECT count(*) FROM forecasts")).scalar_one())


# --- kept -------------------------------------------------------------------------------------------------------------


def test_every_kept_answer_leaves_its_promises_once_a_month(
    engine: Engine, vault: Vault, shelf: Shelf, users: list[UUID]
) -> None:
    keys = advice.default_keys(users, ["savings_strategy", "life_planning", "goal_optimization"])
    counts = []
    for days in (0, 0, 10, 31):
        with transaction(engine, everyone=True) as session:
            advice.refresh(session, vault, shelf, keys, NOW + timedelta(days=days))
            counts.append(count(session))
    assert counts[0] == counts[1] == counts[2] > 3 * len(users)
    assert counts[3] > counts[2]


def test_a_what_if_promises_nothing(engine: Engine, vault: Vault, shelf: Shelf, users: list[UUID]) -> None:
    key = advice.Key(users[0], "goal_optimization", GoalOptions(scenario=GoalScenario(delay_months=12)))
    with transaction(engine, everyone=True) as session:
        advice.advise(session, vault, shelf, [key], NOW)
        assert count(session) == 0


def test_what_was_said_first_stands(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, shown(users[0], chance(0.2)))
    recorded(engine, vault, shown(users[0], chance(0.9), chance(0.5, subject="other"), at=NOW + timedelta(days=3)))
    with transaction(engine, everyone=True) as session:
        found = entries.due(session, vault.ciphers(session, users), DUE)
    assert {(each.promise and each.promise.probability, each.said_on) for each in found} == {
        (0.2, TODAY),
        (0.5, TODAY + timedelta(days=3)),
    }


def test_what_was_said_and_what_came_are_encrypted_with_the_users_key(
    engine: Engine, vault: Vault, users: list[UUID]
) -> None:
    recorded(engine, vault, shown(users[0], chance(0.25)))
    with transaction(engine, everyone=True) as session:
        found = entries.due(session, vault.ciphers(session, users), DUE)
        entries.judge(session, vault.ciphers(session, users), [Judgement(entry=found[0], came=1.0)])
        row = session.connection().execute(text("SELECT * FROM forecasts")).one()
    assert b"0.25" not in row.said
    assert b"1.0" not in row.outcome


def test_nobody_sees_what_was_promised_to_another(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, chance(0.25)) for user in users))
    with transaction(engine, users=[users[1]]) as session:
        assert count(session) == 1


def test_a_promise_whose_key_is_gone_can_be_read_by_nobody(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, shown(users[0], chance(0.25)))
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("DELETE FROM user_keys"))
        found = entries.due(session, vault.ciphers(session, users), DUE)
    assert [each.promise for each in found] == [None]


# --- due and judged ---------------------------------------------------------------------------------------------------


def test_users_are_found_from_the_day_something_is_due_some_at_a_time(
    engine: Engine, vault: Vault, users: list[UUID]
) -> None:
    recorded(engine, vault, *(shown(user, chance(0.5), chance(0.5, subject="two")) for user in users))
    with transaction(engine, everyone=True) as session:
        assert entries.users_due(session, DUE - timedelta(days=1), None, 10) == []
        assert entries.users_due(session, DUE, None, 2) == users[:2]
        assert entries.users_due(session, DUE, users[1], 2) == users[2:]


def test_a_promise_is_judged_once(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, shown(users[0], chance(0.5)))
    with transaction(engine, everyone=True) as session:
        keys = vault.ciphers(session, users)
        judged = [Judgement(entry=each, came=1.0) for each in entries.due(session, keys, DUE)]
        assert entries.judge(session, keys, judged) == judged
        assert entries.judge(session, keys, [replace(each, came=0.0) for each in judged]) == []
        assert entries.due(session, keys, DUE) == []
        assert entries.users_due(session, DUE, None, 9) == []


def test_only_what_nobody_had_promised_before_counts_since_then(
    engine: Engine, vault: Vault, users: list[UUID]
) -> None:
    later = NOW + timedelta(days=5)
    recorded(engine, vault, shown(users[0], chance(0.5)))
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("UPDATE forecasts SET model_name = 'oracle@1'"))
    recorded(engine, vault, shown(users[0], chance(0.7), chance(0.8, subject="new"), at=later))
    with transaction(engine, everyone=True) as session:
        keys = vault.ciphers(session, users)
        entries.judge(session, keys, [Judgement(entry=each, came=1.0) for each in entries.due(session, keys, DUE)])
        found = entries.judged_since(session, vault, users, "oracle", NOW + timedelta(days=1))
    assert [(each.entry.promise and each.entry.promise.subject, each.came) for each in found] == [("new", 1.0)]


def test_what_was_judged_is_forgotten_after_two_years_and_what_is_open_never(
    engine: Engine, vault: Vault, users: list[UUID]
) -> None:
    recorded(engine, vault, *(shown(user, chance(0.5)) for user in users[:2]))
    with transaction(engine, everyone=True) as session:
        keys = vault.ciphers(session, users[:1])
        entries.judge(session, keys, [Judgement(entry=each, came=1.0) for each in entries.due(session, keys, DUE)])
        judged = session.connection().execute(text("SELECT max(judged_at) FROM forecasts")).scalar_one()
        assert forget_forecasts(session, judged + timedelta(days=FORECAST_DAYS)) == 0
        assert forget_forecasts(session, judged + timedelta(days=FORECAST_DAYS + 1)) == 1
        assert forget_forecasts(session, judged + timedelta(days=9 * FORECAST_DAYS)) == 0
        assert count(session) == 1


# --- scores -----------------------------------------------------------------------------------------------------------


RULE = ("oracle", None)


def judged_on(engine: Engine, vault: Vault, users: list[UUID], today: date, *pairs: tuple[float, float | None]) -> None:
    """Makes, judges and sums one promise a pair."""
    subjects = {f"{today}:{number}": pair for number, pair in enumerate(pairs)}
    said = [chance(probability, subject=subject) for subject, (probability, _) in subjects.items()]
    recorded(engine, vault, shown(users[0], *said))
    with transaction(engine, everyone=True) as session:
        keys = vault.ciphers(session, users)
        ripe = entries.due(session, keys, DUE)
        judged = [Judgement(entry=each, came=subjects[each.promise.subject][1]) for each in ripe if each.promise]
        scores.add(session, entries.judge(session, keys, judged), today)


def test_sums_grow_from_day_to_day_and_old_ones_fall_out(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    judged_on(engine, vault, users, TODAY, (0.85, 1.0), (0.85, 0.0))
    judged_on(engine, vault, users[1:], TODAY, (0.85, 1.0))
    judged_on(engine, vault, users, TODAY + timedelta(days=300), (0.85, 1.0), (0.15, None))
    with transaction(engine) as session:
        both = scores.calibrations(session, [RULE], TODAY + timedelta(days=364))[RULE]
        late = scores.calibrations(session, [RULE], TODAY + timedelta(days=366))[RULE]
        other = scores.calibrations(session, [RULE, ("oracle", 1)], TODAY)["oracle", 1]
    assert (both[8].number, both[8].came) == (4, 0.75)
    assert both[8].said == pytest.approx(0.85)
    assert sum(each.number for each in both) == 4
    assert (late[8].number, late[8].came) == (1, 1.0)
    assert {(each.number, each.said, each.came) for each in other} == {(0, None, None)}


def test_figures_are_published_by_model(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    judged_on(engine, vault, users, TODAY, *[(0.75, 1.0)] * 75, *[(0.75, 0.0)] * 25, (0.5, None))
    with transaction(engine) as session:
        assert scores.publish(session, TODAY) == 1
        rows = session.connection().execute(text("SELECT * FROM ml_model_performance"))
        found = {row.metric_name: (row.model_name, float(row.metric_value), row.baseline_value) for row in rows}
    assert found["ledger_brier"] == ("oracle/rule", 0.1875, pytest.approx(0.1875))
    assert found["ledger_calibration_error"][1] == 0
    assert found["ledger_judged"][1] == 100
    assert found["ledger_unknown"][1] == 1
