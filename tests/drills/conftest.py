"""The crew of the tests of workers, with workers of its own."""

import pytest

from tests.workers.conftest import broker, crew
from tests.workers.crew import Crew
from tests.workers.slopes import add_spenders

__all__ = ["broker", "crew"]

SPENDERS = 150


@pytest.fixture
def trained_crew(crew: Crew) -> Crew:
    """A crew, and households from whom something can be learned."""
    add_spenders(crew.engine, SPENDERS)
    return crew


@pytest.fixture
def within_environment(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as a worker of the crew."""
    for name, value in crew.environment.items():
        monkeypatch.setenv(name, value)
