"""Real PostgreSQL and Redis for the tests: one of each a run, shared by its workers, so a test ends connections, looks
for locks and empties queues in its own database only."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from redis import Redis
from sqlalchemy import Engine, make_url, text

from server.embedded import postgres_server, redis_server
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.migrate import migrate
from store.models.shelf import Shelf
from store.session import connect

SERVERS = pytest.StashKey[dict[str, str]]()
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 * 2**30

# The same examples every time, so that a change is judged by what it changes; `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

# --- servers -------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """With workers to come, the controller starts the servers for all of them; DATABASE_URL is never touched."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        servers(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Hand the addresses to a worker of pytest-xdist."""
    node.workerinput["servers"] = servers(node.config)  # type: ignore[attr-defined]


def servers(config: pytest.Config) -> dict[str, str]:
    """The addresses of this run's servers, started by whoever asks first."""
    if hasattr(config, "workerinput"):
        return dict(config.workerinput["servers"])
    if SERVERS not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[SERVERS] = _start(stack)
    return config.stash[SERVERS]


def _start(stack: ExitStack) -> dict[str, str]:
    folder = stack.enter_context(temporary_folder())
    given = os.environ.get("FINREC_TEST_DATABASE_URL")
    database = given or stack.enter_context(postgres_server(folder, durable=False)).url
    return {"postgres": database, "redis": stack.enter_context(redis_server(folder)).url}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that every user can walk to, since as root PostgreSQL runs as another; in memory where there is room:
    a database is hundreds of small files, and is cloned there ten times faster."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    with tempfile.TemporaryDirectory(
        prefix="finrec-tests-", dir=MEMORY if has_room else None, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """Administrator's URL of the server of this run; its database is for cloning, not for writing."""
    return servers(request.config)["postgres"]


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """An empty Redis database, one for each worker."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    url = f"{servers(request.config)['redis']}?db={int(worker.removeprefix('gw'))}"
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder for servers of a test's own."""
    with temporary_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_data_dir() -> Iterator[Path]:
    """One that the tests of a module share."""
    with temporary_folder() as folder:
        yield folder


# --- databases: the migrated template of a run and its clones --------------------------------------------------------


@pytest.fixture(scope="session")
def template(postgres_url: str, worker_id: str) -> str:
    """Name of a migrated database without a row; PostgreSQL clones it in a few hundredths of a second."""
    name = f"template_{worker_id}"
    _administer(postgres_url, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    migrate(_url(postgres_url, name))
    return name


@pytest.fixture
def database_url(postgres_url: str, template: str) -> Iterator[str]:
    """A database of this test's own, migrated and empty."""
    name = f"test_{uuid4().hex}"
    _administer(postgres_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield _url(postgres_url, name)
    _administer(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to this test's database."""
    made = connect(database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Keys of this run."""
    return Vault((secrets.token_bytes(32),))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Artifacts of this test, in a folder of its own."""
    return Archive(url=str(tmp_path / "artifacts"), keys=Keyring((bytes(32),)))


@pytest.fixture
def shelf(archive: Archive) -> Shelf:
    """The models of a process that has loaded none yet."""
    return Shelf(archive, retry_seconds=0.0)


def _url(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _administer(url: str, *statements: str) -> None:
    server = connect(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    server.dispose()
