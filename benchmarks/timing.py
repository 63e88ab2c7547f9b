"""How long a call takes: processor time where a busy machine must not count, the clock where waiting does."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np


def timed(call: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What a call gives and the processor seconds it takes."""
    start = time.process_time()
    found = call(*given)
    return found, time.process_time() - start


def fastest(call: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """The same, the fastest of five: what a process that does little else sees."""
    return min((timed(call, *given) for _ in range(5)), key=lambda one: one[1])


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """Processor time of a call: the least of three rounds of so many calls."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            call()
        rounds.append((time.process_time() - start) / times)
    return round(min(rounds), 6)


def undisturbed(call: Callable[[], object], times: int = 400) -> float:
    """Milliseconds of a call, the quickest twentieth: what it takes while no other process is on the core."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return round(1e3 * float(np.quantile(taken, 0.05)), 3)
