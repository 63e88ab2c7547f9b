"""What is configured, reachable, migrated and trained, and what to do about what is not. Starts and changes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from engine.catalog import BY_NAME
from server.embedded.attach import attached
from server.embedded.reach import reach_postgres, reach_redis
from server.errors import Unreachable
from server.pages import GRAPHIQL, STATIC
from server.running import find_running
from store import audit
from store.artifacts import Archive, archive_of
from store.errors import StoreError
from store.migrate import is_current
from store.models import registry
from store.session import APP_ROLE, connect, transaction
from store.settings import SECRETS_FILE, Settings
from store.users import count_users

LOG_ENTRIES = 100_000
"""The newest ones, whose chain is followed: a second's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; without a cure it is well."""

    name: str
    found: str
    cure: str | None = None

    @property
    def is_good(self) -> bool:
        return self.cure is None


def examine(settings: Settings) -> Iterator[Finding]:
    """The findings one by one, each as soon as it is there."""
    yield Finding(name="environment", found=settings.environment)
    yield _data_folder(settings.data_dir)
    yield _secrets(settings)
    if running := find_running(settings.data_dir):
        yield _processes(running.pids)
        settings = attached(settings, running)
    yield _redis("queue", settings.redis_url, "REDIS_URL")
    if settings.cache_url:
        yield _redis("cache", settings.cache_url, "FINREC_CACHE_URL")
    yield from _database(settings)
    if settings.environment == "development":
        yield _pages()


def _data_folder(data: Path) -> Finding:
    return Finding(name="data folder", found=str(data.resolve()))


def _secrets(settings: Settings) -> Finding:
    made = (settings.data_dir / SECRETS_FILE).exists() and settings.environment == "development"
    where = f"development secrets of {settings.data_dir / SECRETS_FILE}" if made else "from the environment"
    counted = f"{_count(settings.encryption_keys, 'encryption')}, {_count(settings.signing_keys, 'signing')}"
    return Finding(name="secrets", found=f"{where}; {counted}")


def _count(keys: Sequence[bytes], purpose: str) -> str:
    return f"{len(keys)} {purpose} key{'s' if len(keys) > 1 else ''}"


def _processes(pids: dict[str, int]) -> Finding:
    dead = [name for name, pid in pids.items() if not psutil.pid_exists(pid)]
    return Finding(
        name="finrec up",
        found=f"runs {', '.join(pids)}" if not dead else f"{', '.join(dead)} ended",
        cure="Start `finrec up` again." if dead else None,
    )


def _redis(name: str, url: str | None, variable: str) -> Finding:
    if url is None:
        return Finding(name=name, found="embedded, not running", cure=f"Start `finrec up`, or set {variable}.")
    try:
        reach_redis(url, variable)
    except Unreachable as error:
        return Finding(name=name, found=str(error), cure=f"Start that server, or correct {variable}.")
    return Finding(name=name, found="answers")


def _database(settings: Settings) -> Iterator[Finding]:
    url = settings.database_url
    if url is None:
        yield Finding(name="database", found="embedded, not running", cure="Start `finrec up`, or set DATABASE_URL.")
        return
    try:
        reach_postgres(url)
    except Unreachable as error:
        yield Finding(name="database", found=str(error), cure="Start that server, or correct DATABASE_URL.")
        return
    yield Finding(name="database", found=f"answers: {make_url(url).render_as_string()}")
    with _connected(url) as engine:
        yield from _tables(engine, settings)


def _tables(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with engine.connect() as connection:
        if not is_current(connection):
            yield Finding(name="migrations", found="not at the newest", cure="Run `finrec migrate`.")
            return
    yield Finding(name="migrations", found="at the newest")
    try:
        with transaction(engine, everyone=True) as session:
            users = count_users(session)
            vectors = session.connection().execute(text("SELECT FROM pg_available_extensions WHERE name = 'vector'"))
            has_vectors = vectors.first() is not None
            log = _log(session)
    except SQLAlchemyError as error:
        yield Finding(name="isolation", found=str(error).splitlines()[0], cure=f"Grant {APP_ROLE} to this role.")
        return
    yield Finding(name="isolation", found=f"transactions run as {APP_ROLE}")
    yield Finding(name="pgvector", found="available" if has_vectors else "missing", cure=_vector_cure(has_vectors))
    yield log
    yield Finding(name="users", found=f"{users:,}", cure=None if users else "Run `finrec load` or `finrec up`.")
    yield from _models(engine, archive_of(settings))


def _log(session: Session) -> Finding:
    newest = audit.newest(session)
    if newest is None:
        return Finding(name="audit log", found="empty")
    if broken := audit.first_broken(session, LOG_ENTRIES):
        found = f"entry {broken} does not follow from the one before: it was changed, or one was removed or put in"
        return Finding(name="audit log", found=found, cure="Restore the log from a backup; find out who may change it.")
    followed = min(newest.sequence, LOG_ENTRIES)
    return Finding(
        name="audit log",
        found=f"the last {followed:,} of {newest.sequence:,} entries follow from each other, up to {newest.hash.hex()}",
    )


def _models(engine: Engine, archive: Archive) -> Iterator[Finding]:
    """What is in place, and whether a process that starts now could load it."""
    with transaction(engine) as session:
        champions = registry.champions(session, list(BY_NAME)).values()
    ruled = [name for name in BY_NAME if name not in {version.category for version in champions}]
    placed = ", ".join(version.name for version in champions) or "none is in place (`finrec train` trains)"
    yield Finding(name="models", found=f"{placed}; rules answer {', '.join(ruled)}" if ruled else placed)
    for version in champions:
        try:
            archive.read(version.path, version.checksum)
        except StoreError as error:
            cure = (
                f"Restore {version.path} from a backup, or run `finrec rollback {version.category}`; "
                f"then `finrec train {version.category} --retrain`."
            )
            yield Finding(name="artifact", found=f"{version.name} is not used: {error}", cure=cure)


def _vector_cure(has_vectors: bool) -> str | None:
    return None if has_vectors else "Install pgvector, or use the image pgvector/pgvector:pg18."


def _pages() -> Finding:
    built = (STATIC / GRAPHIQL).is_file()
    return Finding(name="pages", found="built" if built else "missing", cure=None if built else "Run `make assets`.")


@contextmanager
def _connected(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()
