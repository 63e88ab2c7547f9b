"""Runs followed over graphql-transport-ws: what is told, to whom, and which documents are guarded."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, text
from websockets.exceptions import ConnectionClosed

from store import jobs
from store.ids import uuid7
from store.session import transaction
from tests.server.conftest import Token
from tests.server.websocket.client import (
    FOLLOW,
    INIT,
    PATIENCE_SECONDS,
    advance,
    claim,
    connected,
    finish,
    request,
    shows,
)
from tests.waiting import until

pytestmark = pytest.mark.anyio

LIVES_SECONDS = (3, 9, 27)
"""Of a token that ends while it is used."""


# --- what is followed ------------------------------------------------------------------------------------------------


async def test_each_change_of_a_run_is_told_until_it_ends(address: str, engine: Engine, bearer: str) -> None:
    run = request(engine)
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(run)
        assert await client.next() == {
            "status": "QUEUED", "progress": 0, "stage": None, "results": [], "errorCode": None
        }  # fmt: skip
        claimed = claim(engine, run)
        assert (await client.next())["status"] == "RUNNING"
        advance(engine, claimed, 0.5, "fitting")
        told = await client.next()
        assert (told["progress"], told["stage"]) == (0.5, "fitting")
        finish(engine, claimed)
        assert (await client.next())["status"] == "SUCCEEDED"
        assert await client.hear() == {"type": "complete", "id": "1"}


async def test_a_run_that_has_ended_is_told_once(address: str, engine: Engine, bearer: str) -> None:
    run = request(engine)
    with transaction(engine) as session:
        jobs.cancel(session, run)
    async with connected(address, headers={"Authorization": bearer}) as client:
        await client.begin()
        await client.follow(run)
        assert (await client.next())["status"] == "CANCELLED"
        assert (await client.hear())["type"] == "complete"


async def test_between_looks_no_transaction_is_open(address: str, engine: Engine, bearer: str) -> None:
    run = request(engine)
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(run)
        await client.next()
        assert await asyncio.to_thread(until, lambda: nobody_is_in_a_transaction(engine))
        with transaction(engine) as session:
            jobs.cancel(session, run)
        assert (await client.next())["status"] == "CANCELLED", "it was followed all the while"


def nobody_is_in_a_transaction(engine: Engine) -> bool:
    """In this database, but for who asks; one that was kept open between looks would show at every time."""
    asked = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start IS NOT NULL "
        "AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        return bool(connection.execute(asked).scalar_one() == 0)


async def test_a_client_may_stop_and_ask_again_under_the_same_name(address: str, engine: Engine, bearer: str) -> None:
    run = request(engine)
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        for _ in range(5):
            await client.follow(run)
            await client.next()
            await client.say(type="complete", id="1")
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}


# --- who may follow --------------------------------------------------------------------------------------------------


async def test_a_user_is_forbidden_and_that_is_noted(address: str, engine: Engine, token: Token, ann: UUID) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=f"Bearer {token(ann)}")
        await client.follow(request(engine))
        assert await client.refusal() == "FORBIDDEN"
    with engine.connect() as connection:
        noted = connection.execute(text("SELECT actor, action, detail FROM audit_log")).one()
    assert tuple(noted) == (str(ann), "refused", "trainingRun: FORBIDDEN")


async def test_without_a_token_nothing_is_told(address: str, engine: Engine) -> None:
    async with connected(address) as client:
        await client.begin()
        await client.follow(request(engine))
        assert await client.refusal() == "UNAUTHENTICATED"


@pytest.mark.parametrize("payload", [{"Authorization": "Bearer x"}, {"authorization": "nonsense"}])
async def test_a_token_that_cannot_be_taken_closes(address: str, payload: dict[str, str]) -> None:
    async with connected(address) as client:
        await client.say(**INIT, payload=payload)
        assert await client.closed() == 4403


async def ended(address: str, run: UUID, bearer: str) -> int:
    """The code with which a connection closes whose token ends while it is used; 0 where it ended before."""
    async with connected(address) as client:
        try:
            await client.begin(Authorization=bearer)
            await client.follow(run)
            await client.next()
        except ConnectionClosed:
            return 0
        return await client.closed()


async def test_the_end_of_a_token_ends_what_it_opened(address: str, engine: Engine, token: Token) -> None:
    code = 0
    for seconds in LIVES_SECONDS:  # a busy machine may take longer to begin than the first one lives
        bearer = f"Bearer {token(role='admin', hours=seconds / 3600)}"
        code = code or await ended(address, request(engine), bearer)
    assert code == 4403
    await shows(address, "finrec_subscriptions_running 0.0")


async def test_a_run_that_is_not_there_is_said_so(address: str, bearer: str) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        for run, code in ((uuid7(), "NOT_FOUND"), ("x", "BAD_USER_INPUT")):
            await client.follow(run)
            assert await client.refusal() == code


# --- the guards ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ('mutation { cancelRun(id: "x") { id } }', "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "BAD_USER_INPUT"),
        (f"subscription($id: ID!) {{ trainingRun(id: $id) {{ {'id ' * 60} }} }}", "QUERY_TOO_COSTLY"),
        ("subscription($id: ID!) { one: trainingRun(id: $id) { id } two: trainingRun(id: $id) { id } }",
         "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_a_document_passes_the_same_guards_as_by_http(address: str, bearer: str, query: str, code: str) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(uuid7(), query=query)
        assert await client.refusal() == code


async def test_a_subscription_by_http_is_told_where_to_go(address: str) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        body = {"query": FOLLOW, "variables": {"id": str(uuid7())}}
        answer = (await client.post(f"http://{address}/graphql", json=body)).json()
    assert "graphql-transport-ws" in answer["errors"][0]["message"]
