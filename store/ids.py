"""Identifiers: ordered by time for new rows, derived from the source for loaded ones."""

import secrets
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("5f0e3a52-7c7b-4b7e-9d0a-0f3e9e1f2a61")
"""Root of every derived identifier; changing it would make every loaded row a new one."""


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = (milliseconds << 16) | (0x7 << 12) | (random >> 62)
    low = (0b10 << 62) | (random & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)


def derived(kind: str, *path: str) -> UUID:
    """The same row of the same source always has the same id."""
    return uuid5(NAMESPACE, "\x1f".join((kind, *path)))
