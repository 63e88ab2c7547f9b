"""The services a command needs: configured ones, those of a running `finrec up`, or our own while it lasts."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from server.embedded.postgres import postgres_server
from server.embedded.reach import reach_postgres, reach_redis
from server.embedded.redis import redis_server
from server.embedded.service import Service
from server.errors import Busy, ServerError
from server.running import LOCK_FILE, Running, find_running, owned, published
from store.settings import Settings

WAIT_SECONDS = 300.0  # for another command, or for a `finrec up` that is still starting
POLL_SECONDS = 0.1


@contextmanager
def services(settings: Settings, *, lasting: bool = False) -> Iterator[Settings]:
    """Settings whose URLs are set and answer; other commands may use what is `lasting` while it lasts."""
    with ExitStack() as stack:
        if settings.database_url and settings.redis_url:
            yield reached(settings)
        else:
            yield _attached_or_started(settings, stack, lasting=lasting)


@contextmanager
def embedded(settings: Settings) -> Iterator[tuple[Settings, tuple[Service, ...]]]:
    """Starts what is not configured; the data folder must be ours (`owned`)."""
    found: dict[str, str] = {}
    started: list[Service] = []
    with ExitStack() as stack:
        reached(settings)
        data = settings.data_dir.resolve()
        if not settings.database_url:
            started.append(stack.enter_context(postgres_server(data)))
            found["database_url"] = started[-1].url
        if not settings.redis_url:
            started.append(stack.enter_context(redis_server(data)))
            found["redis_url"] = started[-1].url
        yield settings.model_copy(update=found), tuple(started)


def reached(settings: Settings) -> Settings:
    """The same settings, once everything they name has answered."""
    if settings.database_url:
        reach_postgres(settings.database_url)
    if settings.redis_url:
        reach_redis(settings.redis_url)
    return settings


def _attached_or_started(settings: Settings, stack: ExitStack, *, lasting: bool) -> Settings:
    data = data_folder(settings)
    running = _running_or_owned(data, stack)
    if running:
        return reached(attached(settings, running))
    settings, started = stack.enter_context(embedded(settings))
    if lasting:
        stack.enter_context(published(running_of(settings, started), data))
    return settings


def _running_or_owned(data: Path, stack: ExitStack) -> Running | None:
    """What runs on the folder; None where it is ours from now on."""
    deadline, is_told = time.monotonic() + WAIT_SECONDS, False
    while True:
        if running := find_running(data):
            return running
        try:
            return stack.enter_context(owned(data))
        except Busy as busy:
            if not is_told:
                sys.stderr.write(f"finrec: Waiting for process {busy.process}, which works on {data} ...\n")
            is_told = True
            if time.monotonic() > deadline:
                raise
        time.sleep(POLL_SECONDS)


def running_of(settings: Settings, started: Sequence[Service], url: str | None = None) -> Running:
    """What `run.json` is to say of us."""
    return Running(
        url=url,
        database_url=settings.database_url,
        redis_url=settings.redis_url,
        cache_url=settings.cache_url,
        pids={service.name: service.process.pid for service in started},
    )


def attached(settings: Settings, running: Running) -> Settings:
    """The settings, with the addresses of a running `finrec up` where they have none of their own."""
    found = {
        "database_url": settings.database_url or running.database_url,
        "redis_url": settings.redis_url or running.redis_url,
        "cache_url": settings.cache_url or running.cache_url,
    }
    return settings.model_copy(update=found)


def data_folder(settings: Settings) -> Path:
    """The data folder, made if it is missing and proven writable."""
    data = settings.data_dir.resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / LOCK_FILE).touch()
    except OSError as error:
        raise ServerError(
            f"The data folder {data} cannot be written ({error.strerror}): set FINREC_DATA_DIR."
        ) from error
    return data


def environment(settings: Settings) -> Mapping[str, str]:
    """Our environment, with the addresses that a child is to use."""
    found = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "FINREC_CACHE_URL": settings.cache_url,
        "FINREC_DATA_DIR": str(settings.data_dir.resolve()),
    }
    return os.environ | {name: value for name, value in found.items() if value}
