"""What ends a connection, and what is left of it: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Engine, text

from server.app import create_app
from store import jobs
from store.session import transaction
from store.settings import Settings
from tests.server.serving import served
from tests.server.websocket.client import (
    connected,
    request,
    shows,
)

pytestmark = pytest.mark.anyio


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


@contextmanager
def gone_away(server: str, name: str) -> Iterator[None]:
    """A database that ends all connections and takes no new ones, for as long as the block lasts."""
    with psycopg.connect(server, autocommit=True) as elsewhere:
        elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        try:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            elsewhere.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


async def test_a_database_that_goes_away_for_a_while_is_waited_for(
    address: str, engine: Engine, postgres_url: str, bearer: str
) -> None:
    run = request(engine)
    async with connected(address) as client:
        await client.begin(Authorization=bearer)
        await client.follow(run)
        await client.next()
        with gone_away(postgres_url, str(engine.url.database)):
            for _ in range(100):  # several looks
                await client.say(type="ping")
                assert await client.hear() == {"type": "pong"}
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
