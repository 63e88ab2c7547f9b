"""What long work is at, on standard error: a bar where somebody watches, else a line a stage."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from store.loading import Progress

LINE_SECONDS = 5.0
"""Between two lines of one piece of work, so that a log tells of what lasts and not of every batch."""


@contextmanager
def followed(name: str) -> Iterator[Progress]:
    """What the work is called, and while the block lasts how far the function that it yields says that it is."""
    terminal = Console(stderr=True)
    if not terminal.is_terminal:
        yield _lines(name)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=terminal, transient=True) as bars:
        bar = bars.add_task(name, total=1.0)
        yield lambda stage, share: bars.update(bar, description=f"{name}: {stage}", completed=share)


def _lines(name: str) -> Progress:
    """A line at once, and others for later stages."""
    told, at = "", time.monotonic()
    _say(f"{name} ...")

    def tell(stage: str, share: float) -> None:
        nonlocal told, at
        if stage != told and time.monotonic() - at >= LINE_SECONDS:
            told, at = stage, time.monotonic()
            _say(f"{name}: {stage} ({share:.0%})")

    return tell


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
