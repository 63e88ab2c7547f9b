"""Migrations and tables say the same, in both directions."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from store.migrate import config, downgrade, is_current, migrate


def test_autogenerate_finds_no_difference(engine: Engine) -> None:
    with engine.begin() as connection:
        command.check(config(connection))
        assert is_current(connection)


def test_every_migration_goes_down_and_up_again(engine: Engine, database_url: str) -> None:
    before = _columns(engine)
    with engine.connect() as connection:
        revisions = [script.revision for script in ScriptDirectory.from_config(config(connection)).walk_revisions()]
    for revision in revisions:
        downgrade(database_url, f"{revision}-1" if revision != revisions[-1] else "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    for revision in reversed(revisions):
        migrate(database_url, revision)
    assert _columns(engine) == before


def _columns(engine: Engine) -> dict[str, list[str]]:
    seen = inspect(engine)
    return {table: sorted(column["name"] for column in seen.get_columns(table)) for table in seen.get_table_names()}
