"""A client of graphql-transport-ws, and the runs that it follows."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import Engine
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from server.websocket.follower import Bounds
from store import jobs
from store.jobs import claims
from store.jobs.claims import Claim
from store.session import transaction

PATIENCE_SECONDS = 60
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


@asynccontextmanager
async def connected(
    address: str, protocol: str | None = "graphql-transport-ws", headers: dict[str, str] | None = None
) -> AsyncIterator[Client]:
    asked = [Subprotocol(protocol)] if protocol else None
    async with connect(
        f"ws://{address}/graphql", subprotocols=asked, additional_headers=headers, open_timeout=PATIENCE_SECONDS
    ) as connection:
        yield Client(connection)


async def shows(address: str, line: str) -> None:
    """Waits until the metrics hold this line."""
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as asking, asyncio.timeout(PATIENCE_SECONDS):
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
