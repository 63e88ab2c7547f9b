"""Who waits for the database waits without holding anything, and not for ever."""

import asyncio

import pytest

from server.slots import Slots
from store.errors import Unavailable

pytestmark = pytest.mark.anyio


async def test_a_place_is_free_again_after_an_error() -> None:
    slots = Slots(1, wait_seconds=0.01)
    with pytest.raises(ZeroDivisionError):
        async with slots.taken():
            raise ZeroDivisionError
    async with slots.taken():
        pass


async def test_who_waits_too_long_is_sent_away() -> None:
    slots = Slots(1, wait_seconds=0.01)
    async with slots.taken():
        with pytest.raises(Unavailable):
            async with slots.taken():
                raise AssertionError("two in one place")


async def test_who_leaves_while_waiting_takes_no_place() -> None:
    slots = Slots(1, wait_seconds=60)
    async with slots.taken():
        waiting = asyncio.create_task(slots.taken().__aenter__())
        await asyncio.wait({waiting}, timeout=0)
        waiting.cancel()
        await asyncio.wait({waiting})
    assert waiting.cancelled()
    async with slots.taken():
        pass
