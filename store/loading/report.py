"""What became of the rows of a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the work that is behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows of one kind; `removed` are rows that were kept and that the file replaced."""

    read: int
    new: int
    changed: int
    removed: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - self.new - self.changed

    def with_removed(self, rows: int) -> "Counts":
        """The same, and rows that were removed besides."""
        return replace(self, removed=self.removed + rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What one file did, by kind."""

    source: str
    kinds: Mapping[str, Counts]
    seconds: float

    @property
    def read(self) -> int:
        return sum(counts.read for counts in self.kinds.values())

    @property
    def changed_anything(self) -> bool:
        return any(counts.new or counts.changed or counts.removed for counts in self.kinds.values())


def silent(stage: str, share: float) -> None:
    """Shows nothing."""
