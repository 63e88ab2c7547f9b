"""The daily job of the ledger: judges what is known, waits for what may come, publishes, and compares versions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine.ledger.promises import Promise, PromiseKind
from store.crypto import Vault
from store.errors import ClaimLost
from store.ledger import entries
from store.session import transaction
from store.tables import Transaction
from tests.oracle import Shown, shown
from tests.workers.crew import Crew
from tests.workers.test_scoring import assigned
from workers.ledger import PUBLISHED, WAIT_DAYS, judge_promises

DUE = date(2026, 10, 1)
SPENT = 1_700.0  # by the household of these tests, in every month

pytestmark = pytest.mark.usefixtures("oracle")


def at(day: date) -> Callable[[Session], datetime]:
    return lambda session: datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def spends(low: float = 1_600.0, high: float = 1_800.0, *, due: date = DUE) -> Promise:
    return Promise(
        kind=PromiseKind.MONTH_SPENT,
        subject=str(due - timedelta(days=1)),
        due=due,
        expected=(low + high) / 2,
        low=low,
        high=high,
        before=low,
    )


def recorded(engine: Engine, vault: Vault, *given: Shown) -> None:
    with transaction(engine, everyone=True) as session:
        entries.record(session, vault.ciphers(session, {one.user_id for one in given}), given)


def live_on(engine: Engine, users: Sequence[UUID], until: date) -> None:
    """The households go on spending as before, once a month on the 20th and on the last day."""
    with transaction(engine, everyone=True) as session:
        for user in users:
            session.add_all(_spending(user, until))


def _spending(user: UUID, until: date) -> list[Transaction]:
    months = [date(2026, month, 20) for month in range(7, 13)]
    days = [*(day for day in months if day < until), until]
    return [
        Transaction(user_id=user, date=day, category="rent", amount=Decimal(-SPENT if day.day == 20 else 0))
        for day in days
    ]


def run(engine: Engine, vault: Vault, day: date, size: int = 2) -> dict[str, int]:
    return judge_promises(assigned(engine, vault, "LEDGER"), clock=at(day), batch_users=size)


def figures(engine: Engine) -> dict[str, float]:
    with transaction(engine) as session:
        rows = session.connection().execute(text("SELECT * FROM ml_model_performance ORDER BY recorded_at"))
        return {row.metric_name: float(row.metric_value) for row in rows}


# --- judging ----------------------------------------------------------------------------------------------------------


def test_nothing_is_judged_before_its_day_and_all_of_it_on_it(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    assert run(engine, vault, DUE - timedelta(days=1)) == {"models": 0}
    assert run(engine, vault, DUE) == {"known": 3, "models": 1}
    assert run(engine, vault, DUE + timedelta(days=1)) == {"models": 1}
    assert figures(engine)["ledger_judged"] == 3


def test_what_is_not_known_yet_is_waited_for_and_then_unknown(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users[:1], DUE)
    assert run(engine, vault, DUE)["known"] == 1
    live_on(engine, users[1:2], DUE + timedelta(days=9))
    assert run(engine, vault, DUE + timedelta(days=WAIT_DAYS - 1)) == {"known": 1, "models": 1}
    assert run(engine, vault, DUE + timedelta(days=WAIT_DAYS)) == {"unknown": 1, "models": 1}
    assert figures(engine)["ledger_unknown"] == 1


def test_it_goes_on_behind_the_cursor_and_does_nothing_twice(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    later = assigned(engine, vault, "LEDGER", cursor=users[1])
    assert judge_promises(later, clock=at(DUE)) == {"known": 1, "models": 1}
    with transaction(engine) as session:
        cursor = session.connection().execute(text("SELECT cursor FROM jobs")).scalar_one()
    assert cursor == PUBLISHED
    published = len(figures(engine))
    again = assigned(engine, vault, "LEDGER")
    done = replace(again, claim=replace(again.claim, cursor=PUBLISHED))
    assert judge_promises(done, clock=at(DUE)) == {}
    assert len(figures(engine)) == published


def test_a_claim_lost_in_the_middle_judges_nothing(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    recorded(engine, vault, *(shown(user, spends()) for user in users))
    live_on(engine, users, DUE)
    lost = assigned(engine, vault, "LEDGER")
    with transaction(engine) as session:
        session.connection().execute(text("UPDATE jobs SET status = 'CANCELLED'"))
    with pytest.raises(ClaimLost):
        judge_promises(lost, clock=at(DUE))
    with transaction(engine, everyone=True) as session:
        assert entries.count_due(session, DUE, None) == 3
        assert session.connection().execute(text("SELECT count(*) FROM forecast_scores")).scalar_one() == 0


def test_an_interval_is_judged_by_what_was_spent(engine: Engine, vault: Vault, users: list[UUID]) -> None:
    said = [shown(users[0], spends()), shown(users[1], spends(1_000.0, 1_699.0)), shown(users[2], spends())]
    recorded(engine, vault, *said)
    live_on(engine, users, DUE)
    run(engine, vault, DUE)
    with transaction(engine, everyone=True) as session:
        row = session.connection().execute(text("SELECT * FROM forecast_scores WHERE measure = 'INTERVAL'")).one()
    assert (row.model_name, row.number, row.came) == ("oracle/rule", 3, 2.0)


def test_the_real_child_judges(crew: Crew, vault: Vault) -> None:
    assert crew.ended("LEDGER") == {"ended": "DONE", "result": {"models": 0}}
