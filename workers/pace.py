"""How often, how long, how much."""

from collections.abc import Mapping
from dataclasses import dataclass

MINUTE = 60.0
HOUR = 60 * MINUTE
MIB = 2**20
GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Intervals in seconds. Work of a killed worker goes on after lease, sweep and a second for the doorbell."""

    lease_seconds: float = 10.0
    beat_seconds: float = 1.0
    sweep_seconds: float = 3.0
    queued_seconds: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What an attempt may use: resident memory of all its processes, and time."""

    memory_bytes: int
    seconds: float


LIMITS: Mapping[str, Limit] = {
    "TRAINING": Limit(memory_bytes=6 * GIB, seconds=6 * HOUR),
    "DRIFT": Limit(memory_bytes=4 * GIB, seconds=HOUR),
    "SCORING": Limit(memory_bytes=4 * GIB, seconds=6 * HOUR),
    "LEDGER": Limit(memory_bytes=2 * GIB, seconds=6 * HOUR),
    "RETENTION": Limit(memory_bytes=2 * GIB, seconds=30 * MINUTE),
}
