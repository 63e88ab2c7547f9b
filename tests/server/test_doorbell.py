"""A job that is requested over HTTP rings for the workers, and is there all the same where nothing can ring."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from server.app import create_app
from store.settings import Settings
from tests.server.conftest import Token
from tests.server.serving import served
from tests.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.anyio

Ask = Callable[[dict[str, str]], Awaitable[Any]]

TRAIN = {"query": "mutation { trainModels { id status } }"}
WAITING = {"query": "{ admin { monitoringDashboard { bells queues { queue waiting } } } }"}
MOST_RINGS = 20
"""A bell is given up after a tenth of a second, which a busy machine may take."""


@asynccontextmanager
async def asking(settings: Settings, engine: Engine, token: str) -> AsyncIterator[Ask]:
    """What answers a document of an administrator."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        served(create_app(settings, engine)) as (address, _),
        httpx.AsyncClient(headers=headers, timeout=DEADLINE_SECONDS) as client,
    ):

        async def ask(document: dict[str, str]) -> Any:
            answer = await client.post(f"http://{address}/graphql", json=document)
            return answer.json()["data"]

        yield ask


async def dashboard(ask: Ask) -> tuple[int | None, int]:
    """The bells in Redis and the trainings that wait."""
    told = (await ask(WAITING))["admin"]["monitoringDashboard"]
    return told["bells"], next(queue["waiting"] for queue in told["queues"] if queue["queue"] == "training")


async def test_a_requested_training_rings_and_the_dashboard_shows_it(
    settings: Settings, engine: Engine, token: Token
) -> None:
    async with asking(settings, engine, token(role="admin")) as ask:
        bells, asked = None, 0
        while not bells and asked < MOST_RINGS:
            assert (await ask(TRAIN))["trainModels"]["status"] == "QUEUED"
            asked += 1
            bells, waiting = await dashboard(ask)
            assert waiting == asked
        assert bells in range(1, asked + 1)


async def test_a_training_is_requested_while_redis_is_away(settings: Settings, engine: Engine, token: Token) -> None:
    without = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    async with asking(without, engine, token(role="admin")) as ask:
        await ask(TRAIN)
        assert await dashboard(ask) == (None, 1)


async def test_the_same_key_starts_one_training(settings: Settings, engine: Engine, token: Token) -> None:
    headers = {"Authorization": f"Bearer {token(role='admin')}", "Idempotency-Key": "once"}
    async with (
        served(create_app(settings, engine)) as (address, _),
        httpx.AsyncClient(headers=headers, timeout=DEADLINE_SECONDS) as client,
    ):
        answers = [await client.post(f"http://{address}/graphql", json=TRAIN) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs")).scalar_one() == 1
