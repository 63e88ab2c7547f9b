"""One demo population, drawn once, with what is planted in it."""

from datetime import date

import pytest

from benchmarks.behavior.demo import Demo, demo

TODAY = date(2026, 9, 15)


@pytest.fixture(scope="session")
def drawn() -> Demo:
    """Synthetic households: figures of them say nothing of real people."""
    return demo(users=700, seed=3, today=TODAY)
