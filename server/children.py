"""The API, the worker and the scheduler as child processes, watched until one of them ends."""

import http.client
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus

from server.embedded import Service
from server.embedded.attach import environment
from server.embedded.service import last_error, log_file, size_of
from server.errors import Ended
from server.processes import start, stop
from store.settings import Settings

HOST = "127.0.0.1"
READY_SECONDS = 120.0
ANSWER_SECONDS = 5.0
POLL_SECONDS = 0.1


@contextmanager
def children(settings: Settings, port: int, *, verbose: bool) -> Iterator[tuple[Service, ...]]:
    """All three, logging into the data folder, or to the terminal with `verbose`."""
    commands = {
        "api": ("-m", "server", "serve", "--port", str(port)),
        "worker": ("-m", "workers"),
        "scheduler": ("-m", "workers.schedule"),
    }
    started: list[Service] = []
    try:
        for name, command in commands.items():
            log = None if verbose else log_file(settings.data_dir.resolve(), name)
            begins = size_of(log) if log else 0
            process = start([sys.executable, *command], log=log, env=environment(settings))
            started.append(Service(name=name, process=process, log=log, log_begins=begins))
        yield tuple(started)
    finally:
        stop(*(service.process for service in started))


def watch(services: Sequence[Service]) -> None:
    """Waits; raises `Ended` as soon as one of the processes has ended."""
    while True:
        check(services)
        time.sleep(POLL_SECONDS)


def check(services: Sequence[Service]) -> None:
    """Raises `Ended` where a process has ended, with the last error that it told of itself."""
    for service in services:
        code = service.process.poll()
        if code is not None:
            where = f" (see {service.log})" if service.log else ""
            raise Ended(f"The {service.name} process ended with {_end(code, service)}{where}.")


def _end(code: int, service: Service) -> str:
    """Whoever is killed says nothing about it: the last error in the log would be another one."""
    if code == -signal.SIGKILL:
        return f"signal {-code}: somebody killed it, or the machine had no memory left"
    end = f"exit code {code}" if code >= 0 else f"signal {-code}"
    said = last_error(service)
    return f"{end}: {said.rstrip('.')}" if said else end


def wait_until_ready(port: int, services: Sequence[Service]) -> None:
    """Until the API says that all is well; raises `Ended` where that will not come."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(port):
        check(services)
        if time.monotonic() > deadline:
            raise Ended(f"The API did not become ready within {READY_SECONDS:.0f} seconds: see the logs.")
        time.sleep(POLL_SECONDS)


def is_ready(port: int) -> bool:
    """Whether `/health/ready` answers that all is well."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
