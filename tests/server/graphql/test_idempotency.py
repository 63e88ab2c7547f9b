"""A mutation that is sent again under its key gets the first answer, and nothing happens twice."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from store import idempotency
from store.crypto import Vault
from store.errors import Conflict
from store.session import transaction
from tests.server import toy
from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": "b7d1c1f0-retry"}
WAIT = "mutation { wait }"
SAVE = """
mutation Save($user: ID!, $limit: Decimal!) {
  saveBudget(userId: $user, input: { category: "dining", monthlyLimit: $limit }) { category monthlyLimit }
}
"""


async def test_a_repeated_mutation_changes_nothing_and_gets_the_same_bytes(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    first, again = [await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5") for _ in range(2)]
    assert first.json() == {"data": {"saveBudget": {"category": "dining", "monthlyLimit": "5"}}}
    assert again.content == first.content
    assert count(engine, "budgets") == 1


async def test_a_repeated_answer_is_audited_too(ask: Ask, token: Token, ann: UUID, engine: Engine) -> None:
    for _ in range(2):
        await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT action, subject FROM audit_log ORDER BY sequence")).all()
    assert [tuple(row) for row in rows] == [("saveBudget", str(ann)), ("repeat", str(ann))]


async def test_without_a_key_a_mutation_runs_each_time(ask: Ask, token: Token, ann: UUID) -> None:
    toy.gate.set()
    answers = [await ask(WAIT, token=token(ann)) for _ in range(2)]
    assert all("errors" not in answer.json() for answer in answers)
    assert [toy.arrived.acquire(blocking=False) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    "change", [{"limit": "6"}, {"query": SAVE.replace("monthlyLimit }", "}")}, {"query": f"# once more\n{SAVE}"}]
)
async def test_the_same_key_for_another_request_is_a_conflict(
    ask: Ask, token: Token, ann: UUID, engine: Engine, change: dict[str, str]
) -> None:
    await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5")
    query, limit = change.get("query", SAVE), change.get("limit", "5")
    other = await ask(query, token=token(ann), headers=KEY, user=str(ann), limit=limit)
    assert (other.status_code, codes(other)) == (409, ["CONFLICT"])
    assert count(engine, "budgets") == 1


async def test_a_key_belongs_to_its_viewer(ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine) -> None:
    for user in (ann, bob):
        saved = await ask(SAVE, token=token(user), headers=KEY, user=str(user), limit="5")
        assert "errors" not in saved.json()
    assert count(engine, "budgets") == 2


async def test_of_two_at_once_one_runs_and_the_other_is_told_so(ask: Ask, token: Token, ann: UUID) -> None:
    first = asyncio.create_task(ask(WAIT, token=token(ann), headers=KEY))
    await asyncio.to_thread(toy.arrived.acquire)
    second = await ask(WAIT, token=token(ann), headers=KEY)
    assert codes(second) == ["CONFLICT"]
    toy.gate.set()
    answered = (await first).content
    assert (await ask(WAIT, token=token(ann), headers=KEY)).content == answered
    assert not toy.arrived.acquire(blocking=False)


async def test_of_twenty_at_once_one_takes_effect(ask: Ask, token: Token, ann: UUID, engine: Engine) -> None:
    answers = await asyncio.gather(
        *(ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5") for _ in range(20))
    )
    assert count(engine, "budgets") == 1
    saved = [answer.content for answer in answers if not codes(answer)]
    refused = [answer for answer in answers if codes(answer)]
    assert len(set(saved)) == 1
    assert all(codes(answer) == ["CONFLICT"] for answer in refused)


async def test_a_mutation_that_failed_may_be_tried_again_under_its_key(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    failed = await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="-1")
    assert codes(failed) == ["BAD_USER_INPUT"]
    saved = await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5")
    assert saved.json()["data"]["saveBudget"]["monthlyLimit"] == "5"
    assert count(engine, "budgets") == 1


@pytest.mark.parametrize("key", ["", " ", "two words", "k" * 201, "tab\there"])
async def test_a_key_that_is_not_sane_is_refused(ask: Ask, token: Token, ann: UUID, engine: Engine, key: str) -> None:
    response = await ask(SAVE, token=token(ann), headers={"Idempotency-Key": key}, user=str(ann), limit="5")
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "Idempotency-Key"}
    assert count(engine, "budgets") == 0


async def test_queries_and_strangers_need_no_key(ask: Ask, token: Token, ann: UUID, engine: Engine) -> None:
    assert (await ask("{ greet }", token=token(ann), headers=KEY)).json() == {"data": {"greet": "hello you"}}
    await ask(SAVE, headers=KEY, user=str(ann), limit="5")
    assert count(engine, "idempotent_responses") == 0


async def test_the_kept_answer_is_encrypted_for_its_place(ask: Ask, token: Token, ann: UUID, engine: Engine) -> None:
    await ask(SAVE, token=token(ann), headers=KEY, user=str(ann), limit="5")
    with engine.begin() as connection:
        assert b"dining" not in connection.execute(text("SELECT response FROM idempotent_responses")).scalar_one()
        connection.execute(text("UPDATE idempotent_responses SET key = 'moved'"))
    moved = await ask(SAVE, token=token(ann), headers={"Idempotency-Key": "moved"}, user=str(ann), limit="5")
    assert (moved.status_code, codes(moved)) == (500, ["INTERNAL"])


# --- the store -------------------------------------------------------------------------------------------------------


def keep(engine: Engine, vault: Vault, key: str, age: str = "0 hours") -> None:
    with transaction(engine) as session:
        idempotency.keep(session, vault, "ann", key, b"asked", b"answer")
        statement = text("UPDATE idempotent_responses SET created_at = now() - CAST(:age AS interval) WHERE key = :key")
        session.connection().execute(statement, {"age": age, "key": key})


def test_an_answer_is_kept_for_a_day(engine: Engine, vault: Vault) -> None:
    keep(engine, vault, "young", "23 hours 59 minutes")
    keep(engine, vault, "old", "24 hours 1 minute")
    with transaction(engine) as session:
        assert idempotency.find(session, vault, "ann", "young", b"asked") == b"answer"
        assert idempotency.find(session, vault, "ann", "old", b"asked") is None


def test_an_answer_that_is_no_longer_kept_gives_way_to_a_new_one(engine: Engine, vault: Vault) -> None:
    keep(engine, vault, "key", "25 hours")
    with transaction(engine) as session:
        idempotency.keep(session, vault, "ann", "key", b"other", b"new")
        assert idempotency.find(session, vault, "ann", "key", b"other") == b"new"


def test_a_claim_ends_with_its_transaction(engine: Engine) -> None:
    with transaction(engine) as one, transaction(engine) as two:
        idempotency.claim(one, "ann", "key")
        idempotency.claim(two, "ann", "another key")
        with pytest.raises(Conflict):
            idempotency.claim(two, "ann", "key")
        one.rollback()
        idempotency.claim(two, "ann", "key")
    with transaction(engine) as later:
        idempotency.claim(later, "ann", "key")
        assert later.connection().execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).scalar()
