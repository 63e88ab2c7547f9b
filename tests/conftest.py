"""Real PostgreSQL and Redis for the tests: one of each a run, shared by its workers."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis

from server.embedded import postgres, redis

SERVERS = pytest.StashKey[dict[str, str]]()

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
    folder = Path(tempfile.mkdtemp(prefix="finrec-tests-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user
    given = os.environ.get("FINREC_TEST_DATABASE_URL")
    database = given or stack.enter_context(postgres(folder, durable=False)).url
    return {"postgres": database, "redis": stack.enter_context(redis(folder)).url}


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


# --- databases: the migrated template of a run and its clones --------------------------------------------------------
