"""A migrated database of a benchmark's own, durable as in use."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from server.embedded import postgres_server
from store.migrate import migrate
from store.session import connect


@contextmanager
def database() -> Iterator[Engine]:
    """An empty database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="finrec-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # as root, PostgreSQL runs as another user
        with postgres_server(Path(folder)) as service:
            migrate(service.url)
            engine = connect(service.url)
            yield engine
            engine.dispose()
