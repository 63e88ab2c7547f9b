"""What an orchestrator is told: whether the process lives, and whether it can serve."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import Engine, text

from server.app import create_app
from store.session import connect
from store.settings import Settings

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(settings: Settings, engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(settings, engine))
    async with httpx.AsyncClient(transport=transport, base_url="http://finrec") as client:
        yield client


async def test_a_process_without_services_lives_but_is_not_ready(unconnected: httpx.AsyncClient) -> None:
    live, ready = await unconnected.get("/health/live"), await unconnected.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "The database does not answer.", "redis": "REDIS_URL is not set."}


async def test_with_all_services_it_is_ready(settings: Settings, engine: Engine) -> None:
    async with serving(settings, engine) as client:
        ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")


async def test_a_database_that_is_not_migrated_is_not_ready(settings: Settings, postgres_url: str) -> None:
    bare = connect(postgres_url)
    async with serving(settings, bare) as client:
        checks = (await client.get("/health/ready")).json()["checks"]
    bare.dispose()
    assert checks == {
        "database": "The database is not at the newest migration: run `finrec migrate`.",
        "redis": "ok",
    }


async def test_a_queue_that_does_not_answer_is_not_ready(settings: Settings, engine: Engine) -> None:
    lost = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    async with serving(lost, engine) as client:
        ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["redis"]) == (503, "Redis does not answer.")


async def test_what_is_wrong_is_told_without_addresses(settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'unknown'"))
    lost = settings.model_copy(update={"redis_url": "redis://:hunter2@127.0.0.1:1"})
    async with serving(lost, engine) as client:
        ready = await client.get("/health/ready")
    assert ready.status_code == 503
    assert "127.0.0.1" not in ready.text
    assert "hunter2" not in ready.text
