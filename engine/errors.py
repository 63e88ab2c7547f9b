"""What the engine may refuse to answer, each with a stable code."""

from functools import partial
from typing import Any


class EngineError(Exception):
    """Root of the engine's errors; the message is a sentence that a user may read."""

    code = "INTERNAL"


class InsufficientData(EngineError):
    """Too few rows stand behind an answer or a model."""

    code = "INSUFFICIENT_DATA"

    def __init__(self, message: str, *, required: int, available: int) -> None:
        super().__init__(message)
        self.required = required
        self.available = available

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it comes back from another process: by itself an exception is made anew of its message alone."""
        return partial(InsufficientData, required=self.required, available=self.available), self.args


class Infeasible(EngineError):
    """No plan satisfies the constraints, even after they were relaxed."""

    code = "INFEASIBLE"


class SourceNotLoaded(EngineError):
    """A recommender read a source that it does not declare."""

    def __init__(self, source: str) -> None:
        super().__init__(f"the source {source!r} was not loaded: declare it in the recommender's `sources`")
