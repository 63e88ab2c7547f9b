"""graphql-transport-ws to the letter, for clients that do not keep to it, and how much one may follow."""

import pytest
from sqlalchemy import Engine
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.app import create_app
from server.websocket.follower import Bounds
from store.ids import uuid7
from store.settings import Settings
from tests.server.conftest import Token
from tests.server.serving import served
from tests.server.websocket.client import (
    INIT,
    connected,
    request,
    shows,
)

pytestmark = pytest.mark.anyio


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
