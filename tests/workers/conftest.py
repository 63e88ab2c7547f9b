"""A crew of worker processes for a test."""

import os
from collections.abc import Iterator
from pathlib import Path

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine, text

from store.jobs import doorbell
from tests.oracle import oracle, users
from tests.waiting import DEADLINE_SECONDS
from tests.workers.crew import GRANTED, KEY, ROOT, WRITTEN, Crew

__all__ = ["oracle", "users"]


@pytest.fixture
def broker(redis_url: str) -> Iterator[RedisBroker]:
    """The broker of this process: requests ring."""
    opened = doorbell.open_broker(redis_url, answer_seconds=DEADLINE_SECONDS)
    yield opened
    opened.client.close()
    dramatiq.set_broker(None)  # type: ignore[arg-type]


@pytest.fixture
def crew(engine: Engine, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Crew]:
    """No worker yet; those that are hired are killed at the end."""
    with engine.begin() as connection:
        connection.execute(text(WRITTEN))
        connection.execute(text(GRANTED))
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "FINREC_DATA_DIR": str(tmp_path / "data"),
        "FINREC_ENCRYPTION_KEYS": KEY,
        "PYTHONPATH": str(ROOT),
    }
    made = Crew(engine=engine, environment=environment, folder=tmp_path)
    yield made
    made.end()
