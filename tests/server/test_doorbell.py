"""A job that is requested over HTTP rings for the workers, and is there all the same where nothing can ring."""

import httpx
import pytest
from dramatiq.brokers.redis import RedisBroker
from redis import Redis
from sqlalchemy import Engine, text

from server.app import create_app
from store import jobs
from store.settings import Settings
from tests.server.conftest import Token
from tests.server.serving import served

pytestmark = pytest.mark.anyio

TRAIN = {"query": "mutation { trainModels { id status } }"}


async def request(settings: Settings, engine: Engine, token: str) -> str:
    async with served(create_app(settings, engine)) as (address, _), httpx.AsyncClient() as client:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.post(f"http://{address}/graphql", json=TRAIN, headers=headers, timeout=30)
    assert answer.json()["data"]["trainModels"]["status"] == "QUEUED"
    return str(answer.json()["data"]["trainModels"]["id"])


async def test_a_requested_training_rings(settings: Settings, engine: Engine, token: Token) -> None:
    await request(settings, engine, token(role="admin"))
    with Redis.from_url(str(settings.redis_url)) as client:
        assert jobs.bells_waiting(RedisBroker(client=client, middleware=[])) == 1  # type: ignore[no-untyped-call]


async def test_a_training_is_requested_while_redis_is_away(settings: Settings, engine: Engine, token: Token) -> None:
    without = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    run = await request(without, engine, token(role="admin"))
    with engine.connect() as connection:
        assert str(connection.execute(text("SELECT id FROM jobs")).scalar_one()) == run


async def test_the_same_key_starts_one_training(settings: Settings, engine: Engine, token: Token) -> None:
    headers = {"Authorization": f"Bearer {token(role='admin')}", "Idempotency-Key": "once"}
    async with served(create_app(settings, engine)) as (address, _), httpx.AsyncClient() as client:
        answers = [await client.post(f"http://{address}/graphql", json=TRAIN, headers=headers) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs")).scalar_one() == 1
