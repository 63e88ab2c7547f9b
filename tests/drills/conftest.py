"""The crew of the tests of workers, with workers of its own."""

from pathlib import Path

import pytest

from tests.workers.conftest import broker, crew
from tests.workers.crew import Crew

__all__ = ["broker", "crew"]

WORKER = Path(__file__).with_name("training_worker.py")


@pytest.fixture
def within_environment(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process as a worker of the crew."""
    for name, value in crew.environment.items():
        monkeypatch.setenv(name, value)
