"""The real app over a small schema, on this test's own database."""

import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest
import structlog
from sqlalchemy import Engine, text
from starlette.applications import Starlette

from server.app import create_app
from server.auth import Role, issue_token
from server.cli import main
from store.session import connect, transaction
from store.settings import Settings
from store.tables import User
from tests.server import toy
from tests.server.commands import Done, Run
from tests.waiting import DEADLINE_SECONDS

SECRET = secrets.token_urlsafe(32)
ADMIN = "operator"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Development settings over this test's own services."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        data_dir=tmp_path,
        encryption_keys=(secrets.token_bytes(32),),
        signing_keys=(secrets.token_bytes(32),),
        jwt_secret=SECRET,
    )


@pytest.fixture
def app(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """However slow the machine, all of many requests at once get their turn."""
    monkeypatch.setattr("server.app.WAIT_SECONDS", DEADLINE_SECONDS)
    return create_app(settings, engine, schema=toy.schema)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://finrec") as opened:
        yield opened


@pytest.fixture
async def unconnected(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The app without a database: what it answers was answered before any transaction began."""
    nowhere = connect("postgresql://nobody@127.0.0.1:1/nowhere")
    key = secrets.token_bytes(32)
    settings = Settings(data_dir=tmp_path, encryption_keys=(key,), signing_keys=(key,), jwt_secret=SECRET)
    transport = httpx.ASGITransport(create_app(settings, nowhere, schema=toy.schema), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://finrec") as opened:
        yield opened


@pytest.fixture
def ann(engine: Engine) -> UUID:
    return add_user(engine, "ann")


@pytest.fixture
def bob(engine: Engine) -> UUID:
    return add_user(engine, "bob")


@pytest.fixture(autouse=True)
def closed_gate() -> Iterator[None]:
    """Whoever waits in the toy schema is let go at the end of the test."""
    toy.gate.clear()
    while toy.arrived.acquire(blocking=False):
        pass
    yield
    toy.gate.set()


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged."""
    with structlog.testing.capture_logs() as entries:
        yield entries


class Ask(Protocol):
    """Posts one operation and returns the response."""

    async def __call__(
        self, query: str, *, token: str | None = None, headers: dict[str, str] | None = None, **variables: Any
    ) -> httpx.Response: ...


@pytest.fixture
def ask(client: httpx.AsyncClient) -> Ask:
    async def post(
        query: str, *, token: str | None = None, headers: dict[str, str] | None = None, **variables: Any
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        return await client.post("/graphql", json=body, headers={**bearer, **(headers or {})})

    return post


class Token(Protocol):
    """A token of these settings."""

    def __call__(self, subject: object = ADMIN, role: Role = "user", hours: float = 1) -> str: ...


@pytest.fixture
def token(settings: Settings) -> Token:
    def made(subject: object = ADMIN, role: Role = "user", hours: float = 1) -> str:
        return issue_token(settings, str(subject), role, hours)

    return made


def add_user(engine: Engine, external_id: str) -> UUID:
    with transaction(engine, everyone=True) as session:
        user = User(external_id=external_id)
        session.add(user)
        return user.id


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


# --- the command line ------------------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Runs `finrec` in this process, with a data folder of its own."""
    monkeypatch.setenv("FINREC_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # restored afterwards
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str, **changed: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["finrec", *arguments])
        for name, value in changed.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main()
        told = capsys.readouterr()
        return Done(code=int(end.value.code or 0), out=told.out, err=told.err)

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def run_here(run: Run, monkeypatch: pytest.MonkeyPatch, database_url: str, redis_url: str) -> Run:
    """The same on this test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    return run
