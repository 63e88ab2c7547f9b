"""A bar on standard error for work that takes a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from store.loading import Progress


@contextmanager
def followed(name: str) -> Iterator[Progress]:
    """A bar while the block lasts, moved by the function that it yields; nothing where nobody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    terminal = Console(stderr=True)
    with Bars(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        bar = bars.add_task(name, total=1.0)
        yield lambda stage, share: bars.update(bar, description=f"{name}: {stage}", completed=share)
