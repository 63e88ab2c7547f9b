"""How many requests may be at the database at once.

A request keeps its connection while it waits for a thread, and a thread that waits for a connection helps nobody: so
who gets in has a connection for certain, and everybody else waits here, without either.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from store.errors import Unavailable


class Slots:
    """As many places as there are connections."""

    def __init__(self, places: int, wait_seconds: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """A place for as long as the block lasts; raises `Unavailable` where none becomes free in time."""
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise Unavailable("finrec has more requests than it can answer: repeat this one in a moment.") from error
        try:
            yield
        finally:
            self._free.release()
