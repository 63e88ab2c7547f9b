"""Sums by month and category stay equal to the transactions behind them, whatever writes those."""

import datetime as dt
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from engine.transactions import CATEGORY_NAMES
from store.households.transactions import add_transactions
from store.loading.kinds import KINDS
from store.loading.load import load_columns, loading
from store.migrate import downgrade, migrate
from store.session import transaction
from tests.households import TODAY, add_household
from tests.waiting import DEADLINE_SECONDS, is_locked_out, until

KEPT = "SELECT user_id, month, category, amount, count FROM monthly_flows ORDER BY 1, 2, 3"
SCANNED = """
SELECT user_id, date_trunc('month', date::timestamp)::date AS month, category, sum(amount) AS amount, count(*)
FROM transactions GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
LAST_DAYS = 70
DRAWN_ROWS = 40

Write = Callable[[Session, random.Random, list[UUID]], object]


def rows_of(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with transaction(engine, everyone=True) as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def drawn(luck: random.Random) -> dict[str, Any]:
    """A transaction whose name is often known already."""
    return {
        "external_id": f"t{luck.randrange(60)}",
        "account_id": None,
        "date": TODAY - dt.timedelta(days=luck.randrange(LAST_DAYS)),
        "amount": Decimal(luck.randrange(-9999, 9999)) / 100,
        "category": luck.choice(CATEGORY_NAMES[:6]),
        "merchant": None,
        "hour": None,
    }


def execute(statement: str) -> Write:
    return lambda session, luck, users: session.connection().execute(
        text(statement),
        {"user": luck.choice(users), "other": users[0], "day": TODAY - dt.timedelta(luck.randrange(70))},
    )


WRITES: dict[str, Write] = {
    "add": lambda session, luck, users: add_transactions(
        session, luck.choice(users), [drawn(luck) for _ in range(DRAWN_ROWS)]
    ),
    "change": execute("UPDATE transactions SET amount = amount + 1, category = 'dining' WHERE user_id = :user"),
    "move": execute("UPDATE transactions SET date = date - 20 WHERE user_id = :user AND date > :day"),
    "hand over": execute("UPDATE transactions SET user_id = :other, external_id = NULL WHERE date = :day"),
    "delete": execute("DELETE FROM transactions WHERE date < :day"),
    "close accounts": execute("DELETE FROM accounts WHERE user_id = :user AND kind = 'CHECKING'"),
}


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_a_scan_after_any_sequence_of_writes(engine: Engine, seed: int) -> None:
    luck = random.Random(seed)
    with transaction(engine, everyone=True) as session:
        users = [add_household(session) for _ in range(3)]
    for write in luck.choices(list(WRITES.values()), k=12):
        with transaction(engine, everyone=True) as session:
            write(session, luck, users)
        assert rows_of(engine, KEPT) == rows_of(engine, SCANNED)


def load(engine: Engine, rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame([{**row, "user": "ada"} for row in rows]).drop("account_id")
    with loading(engine) as session:
        load_columns(session, KINDS["transactions"], frame, today=TODAY, source="file")


def test_a_file_that_is_loaded_again_with_corrections_moves_the_sums(engine: Engine) -> None:
    luck = random.Random(7)
    with transaction(engine, everyone=True) as session:
        add_household(session, "ada")
    rows = [{**drawn(luck), "external_id": f"f{number}"} for number in range(DRAWN_ROWS)]
    load(engine, rows)
    first = rows_of(engine, KEPT)
    assert first == rows_of(engine, SCANNED)
    load(engine, rows)
    assert rows_of(engine, KEPT) == first
    load(engine, [row | {"amount": row["amount"] - 5, "category": "travel"} for row in rows[:9]])
    assert rows_of(engine, KEPT) == rows_of(engine, SCANNED) != first


def test_a_household_that_is_erased_leaves_no_sums(engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        gone, kept = add_household(session), add_household(session)
    with transaction(engine, everyone=True) as session:
        session.connection().execute(text("DELETE FROM users WHERE id = :id"), {"id": gone})
    found = rows_of(engine, KEPT)
    assert {row[0] for row in found} == {kept}
    assert found == rows_of(engine, SCANNED)


def test_an_emptied_table_has_no_sums(engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        add_household(session)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE transactions"))
    assert rows_of(engine, KEPT) == []


def test_what_was_there_before_the_table_is_counted(engine: Engine, database_url: str) -> None:
    with transaction(engine, everyone=True) as session:
        add_household(session)
    before = rows_of(engine, KEPT)
    downgrade(database_url, "0003")
    migrate(database_url)
    assert rows_of(engine, KEPT) == before == rows_of(engine, SCANNED)


def test_a_file_and_a_request_that_write_one_household_wait_for_each_other(engine: Engine) -> None:
    luck = random.Random(3)
    with transaction(engine, everyone=True) as session:
        user = add_household(session, "ada")
    with ThreadPoolExecutor() as pool:
        with transaction(engine, everyone=True) as session:
            add_transactions(session, user, [drawn(luck)])
            loaded = pool.submit(load, engine, [drawn(luck) | {"external_id": "file"}])
            until(lambda: is_locked_out(engine))
            add_transactions(session, user, [drawn(luck) for _ in range(DRAWN_ROWS)])
        loaded.result(timeout=DEADLINE_SECONDS)
    assert rows_of(engine, KEPT) == rows_of(engine, SCANNED)
