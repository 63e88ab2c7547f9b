"""Brings a database to the newest tables, and makes the role that requests run under."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from store.errors import Misconfigured
from store.session import APP_ROLE, connect

MIGRATIONS = Path(__file__).parents[1] / "migrations"
LOCK = 0x66696E726563
"""Key of the advisory lock under which one process at a time migrates ("finrec" in ASCII)."""


def migrate(url: str, revision: str = "head") -> None:
    """Migrates up to `revision`, each migration in a transaction; processes that start together wait for each other."""
    engine = connect(url)
    while _step(engine, revision):
        pass
    engine.dispose()


def _step(engine: Engine, revision: str) -> bool:
    """The next migration; whether there are more. Its locks are gone before the one after it begins."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        prepare_role(connection)
        made = config(connection)
        stands = MigrationContext.configure(connection).get_current_revision()
        ahead = list(ScriptDirectory.from_config(made).iterate_revisions(revision, stands, implicit_base=True))
        if ahead:
            command.upgrade(made, ahead[-1].revision)
    return len(ahead) > 1


def downgrade(url: str, revision: str) -> None:
    """Migrates down to `revision` ("base" for none)."""
    engine = connect(url)
    with engine.begin() as connection:
        command.downgrade(config(connection), revision)
    engine.dispose()


def is_current(connection: Connection) -> bool:
    """Whether the database stands at the newest migration."""
    newest = ScriptDirectory.from_config(config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def prepare_role(connection: Connection) -> None:
    """Makes the restricted role where it is missing; says what to do where this login may not."""
    try:
        with connection.begin_nested():
            connection.execute(text(_MAKE_ROLE))
    except ProgrammingError as error:
        raise Misconfigured(
            f"the role of DATABASE_URL can neither create nor take the role {APP_ROLE}: run once as an administrator "
            f"'CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS; GRANT {APP_ROLE} TO <that role>'"
        ) from error


def config(connection: Connection) -> Config:
    """Alembic's configuration over an open connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


_MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- roles belong to the whole server: another database was migrated at the same moment
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{APP_ROLE}', 'SET') THEN
        EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {APP_ROLE}', current_schema());
END $$
"""
