"""Runs followed over graphql-transport-ws, by clients that behave and by some that do not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from schema import subscription
from server.app import create_app
from server.websocket.follower import Bounds
from store import claims, jobs
from store.claims import Claim
from store.ids import uuid7
from store.session import transaction
from store.settings import Settings
from tests.server.conftest import Token
from tests.server.serving import served

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 20
BOUNDS = Bounds(connections=4, of_one_viewer=2, operations=2, init_seconds=60)
FOLLOW = "subscription($id: ID!) { trainingRun(id: $id) { status progress stage results { version } errorCode } }"
INIT: dict[str, Any] = {"type": "connection_init"}


class Client:
    """The other end of a connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return dict(json.loads(await self.connection.recv()))

    async def begin(self, **payload: Any) -> None:
        await self.say(**INIT, payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def follow(self, run: object, name: str = "1", query: str = FOLLOW) -> None:
        await self.say(type="subscribe", id=name, payload={"query": query, "variables": {"id": str(run)}})

    async def next(self) -> dict[str, Any]:
        message = await self.hear()
        assert message["type"] == "next", message
        return dict(message["payload"]["data"]["trainingRun"])

    async def refusal(self) -> str:
        message = await self.hear()
        assert message["type"] == "error", message
        (error,) = message["payload"]
        return str(error["extensions"]["code"])

    async def closed(self) -> int:
        """The code with which the server closes; what it says before is of no interest."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.connection.wait_closed()
        return int(self.connection.close_code or 0)


@pytest.fixture
async def address(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The whole API on a free port, quick to look."""
    monkeypatch.setattr(subscription, "POLL_SECONDS", 0.02)
    async with served(create_app(settings, engine, bounds=BOUNDS)) as (address, _):
        yield address


@asynccontextmanager
async def connected(
    address: str, protocol: str | None = "graphql-transport-ws", headers: dict[str, str] | None = None
) -> AsyncIterator[Client]:
    asked = [Subprotocol(protocol)] if protocol else None
    async with connect(f"ws://{address}/graphql", subprotocols=asked, additional_headers=headers) as connection:
        yield Client(connection)


@pytest.fixture
def bearer(token: Token) -> str:
    return f"Bearer {token(role='admin')}"


async def shows(address: str, line: str) -> None:
    """Waits until the metrics hold this line."""
    async with httpx.AsyncClient() as asking, asyncio.timeout(PATIENCE_SECONDS):
        while line not in (await asking.get(f"http://{address}/metrics")).text:
            pass


def request(engine: Engine) -> UUID:
    with transaction(engine) as session:
        return jobs.request(session, "TRAINING", {"categories": []}, requested_by="test").id


def claim(engine: Engine, run: UUID) -> Claim:
    with transaction(engine) as session:
        claimed = claims.claim(session, run, lease_seconds=60)
    assert claimed
    return claimed


def advance(engine: Engine, claimed: Claim, progress: float, stage: str) -> None:
    with transaction(engine) as session:
        claims.advance(session, claimed, progress=progress, stage=stage)


def finish(engine: Engine, claimed: Claim) -> None:
    with transaction(engine) as session:
        assert claims.finish(session, claimed)


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


async def test_between_looks_no_connection_is_kept(address: str, engine: Engine, bearer: str) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(request(engine))
        await client.next()
        statement = text(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
        )
        with engine.connect() as connection:
            seen = [connection.execute(statement).scalar_one() for _ in range(20)]
        assert min(seen) == 0


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


async def test_the_end_of_a_token_ends_what_it_opened(address: str, engine: Engine, token: Token) -> None:
    soon = token(role="admin", hours=1.5 / 3600)
    async with connected(address) as client:
        await client.begin(Authorization=f"Bearer {soon}")
        await client.follow(request(engine))
        await client.next()
        assert await client.closed() == 4403


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
    async with httpx.AsyncClient() as client:
        body = {"query": FOLLOW, "variables": {"id": str(uuid7())}}
        answer = (await client.post(f"http://{address}/graphql", json=body)).json()
    assert "graphql-transport-ws" in answer["errors"][0]["message"]


# --- the protocol ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", [None, "graphql-ws", "soap"])
async def test_no_other_subprotocol_is_spoken(address: str, protocol: str | None) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        async with connected(address, protocol) as client:
            await client.hear()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4406


@pytest.mark.parametrize(
    "message",
    ["", "nonsense", "[]", b"{}", '{"type": "hello"}', '{"type": "subscribe", "id": 7, "payload": {}}',
     '{"type": "subscribe", "payload": {}}', '{"type": "subscribe", "id": "1"}', '{"type": "complete"}',
     '{"type": "connection_init", "payload": "x"}'],
)  # fmt: skip
async def test_a_malformed_message_closes(address: str, message: str | bytes) -> None:
    async with connected(address) as client:
        await client.connection.send(message)
        assert await client.closed() == 4400


async def test_who_says_nothing_is_sent_away(settings: Settings, engine: Engine) -> None:
    app = create_app(settings, engine, bounds=Bounds(init_seconds=0.2))
    async with served(app) as (address, _), connected(address) as client:
        assert await client.closed() == 4408


async def test_a_ping_is_answered_at_any_time(address: str) -> None:
    async with connected(address) as client:
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}


async def test_nothing_is_followed_before_the_acknowledgement(address: str) -> None:
    async with connected(address) as client:
        await client.follow(uuid7())
        assert await client.closed() == 4401


async def test_one_initialisation_is_enough(address: str) -> None:
    async with connected(address) as client:
        await client.begin()
        await client.say(**INIT)
        assert await client.closed() == 4429


async def test_a_name_is_given_once_at_a_time(address: str, engine: Engine, bearer: str) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(request(engine))
        await client.follow(request(engine))
        assert await client.closed() == 4409


# --- limits ----------------------------------------------------------------------------------------------------------


async def test_a_connection_follows_so_many_and_no_more(address: str, engine: Engine, bearer: str) -> None:
    run = request(engine)
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        for name in "12":
            await client.follow(run, name)
            await client.next()
        await client.follow(run, "3")
        assert await client.refusal() == "RATE_LIMITED"
        await client.say(type="complete", id="1")
        await client.follow(run, "3")
        assert (await client.next())["status"] == "QUEUED"


async def test_a_viewer_has_so_many_connections_and_the_process_so_many(
    address: str, bearer: str, token: Token
) -> None:
    async with connected(address) as one, connected(address) as two, connected(address) as third:
        await one.begin(Authorization=bearer)
        await two.begin(Authorization=bearer)
        await third.say(**INIT, payload={"Authorization": bearer})
        assert await third.closed() == 1013
        await two.connection.close()
        await shows(address, "finrec_connections 1.0")
        async with connected(address) as again:
            await again.begin(Authorization=bearer)
    await shows(address, "finrec_connections 0.0")
    async with connected(address), connected(address), connected(address), connected(address):
        with pytest.raises(InvalidStatus, match="503"):
            async with connected(address):
                pass


# --- ends ------------------------------------------------------------------------------------------------------------


async def test_a_stopping_server_closes_and_goes(settings: Settings, engine: Engine, bearer: str) -> None:
    async with served(create_app(settings, engine)) as (address, server), connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(request(engine))
        await client.next()
        server.should_exit = True
        assert await client.closed() == 1012
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_client_that_vanishes_leaves_nothing_behind(address: str, engine: Engine, bearer: str) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(request(engine))
        await client.next()
        client.connection.transport.abort()
    await shows(address, "finrec_subscriptions_running 0.0")
    await shows(address, "finrec_connections 0.0")
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_database_that_goes_away_for_a_while_is_waited_for(
    address: str, engine: Engine, postgres_url: str, bearer: str
) -> None:
    run, name = request(engine), engine.url.database
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(run)
        await client.next()
        with psycopg.connect(postgres_url, autocommit=True) as elsewhere:
            elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            for _ in range(100):  # several looks
                await client.say(type="ping")
                assert await client.hear() == {"type": "pong"}
            elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        with transaction(engine) as session:
            jobs.cancel(session, run)
        assert (await client.next())["status"] == "CANCELLED"


async def test_a_fault_ends_the_operation_masked_and_the_connection_stays(
    address: str, engine: Engine, bearer: str
) -> None:
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(request(engine))
        await client.next()
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE jobs RENAME TO lost"))
        assert await client.refusal() == "INTERNAL"
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}
