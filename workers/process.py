"""What the processes of this package have in common: settings, logging, signals, and one sentence where that fails."""

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue

import structlog

from store.errors import StoreError
from store.settings import Settings, load_settings
from workers.log import configure

LOG = structlog.get_logger()


def run(name: str, serving: Callable[[Settings], AbstractContextManager[None]]) -> None:
    """Serves until SIGTERM or Ctrl-C; exit code 1 and a sentence where it cannot start, or a thread of it crashes."""
    ends: SimpleQueue[BaseException | None] = SimpleQueue()  # safe in a signal handler, as an Event is not
    signal.signal(signal.SIGTERM, lambda *_: ends.put(None))
    signal.signal(signal.SIGINT, lambda *_: ends.put(None))
    threading.excepthook = lambda crash: ends.put(crash.exc_value)
    try:
        settings = load_settings()
        configure(settings.log_level)
        with serving(settings):
            LOG.info("process ready", name=name)
            crash = ends.get()
            LOG.info("process ends", name=name)
        if crash:
            raise crash
    except StoreError as error:
        sys.exit(f"finrec {name}: {error}")
