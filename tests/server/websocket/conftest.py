"""The whole API, followed by an administrator."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from schema import subscription
from server.app import create_app
from store.settings import Settings
from tests.server.conftest import Token
from tests.server.serving import served
from tests.server.websocket.client import (
    BOUNDS,
)


@pytest.fixture
async def address(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The whole API on a free port, quick to look."""
    monkeypatch.setattr(subscription, "POLL_SECONDS", 0.02)
    async with served(create_app(settings, engine, bounds=BOUNDS)) as (address, _):
        yield address


@pytest.fixture
def bearer(token: Token) -> str:
    return f"Bearer {token(role='admin')}"
