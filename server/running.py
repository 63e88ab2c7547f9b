"""What runs on a data folder: the lock of its one owner, and `run.json`, by which other commands find it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from server.errors import Busy

RUN_FILE = "run.json"
LOCK_FILE = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Who serves others on a data folder: where its services answer, its processes, and the API's URL if it has one."""

    url: str | None
    database_url: str | None
    redis_url: str | None
    cache_url: str | None
    pids: dict[str, int]
    pid: int = field(default_factory=os.getpid)
    started: float = field(default_factory=lambda: psutil.Process().create_time())


@contextmanager
def published(running: Running, data: Path) -> Iterator[None]:
    """`run.json` for as long as the block lasts; it holds URLs with passwords, so it is ours alone."""
    path = data / RUN_FILE
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(running), indent=2))
    draft.rename(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_running(data: Path) -> Running | None:
    """The `finrec up` of this folder, if it lives; a file left by a killed one names nobody."""
    try:
        running = Running(**json.loads((data / RUN_FILE).read_text()))
        alive = psutil.Process(running.pid).create_time() == running.started
    except (FileNotFoundError, json.JSONDecodeError, TypeError, psutil.NoSuchProcess):
        return None
    return running if alive else None


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """The data folder for us alone; the lock ends with us, however we end. Raises `Busy`."""
    with (data / LOCK_FILE).open("a+") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Busy(data, lock.read()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
