"""Migrations and tables say the same, in both directions."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from store.ids import uuid7
from store.migrate import config, downgrade, is_current, migrate
from store.monitoring.alerts import open_alerts, settle_replaced
from store.session import transaction


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


def test_what_a_migration_locks_is_free_before_the_next_one_begins(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(database_url, "0012")
    held: list[int] = []
    upgrade = command.upgrade

    def seen(made: Config, revision: str) -> None:
        with engine.connect() as connection:
            held.append(connection.execute(text(EXCLUSIVE)).scalar_one())
        upgrade(made, revision)

    monkeypatch.setattr(command, "upgrade", seen)
    migrate(database_url, "0014")
    assert held == [0, 0]


def test_an_older_alert_is_over_like_those_after_it(engine: Engine, database_url: str) -> None:
    downgrade(database_url, "0014")
    with engine.begin() as connection:
        for cause in ("drift/risk_assessment@1/WARNING", "degraded/risk_assessment@1/auc", "dead/TRAINING"):
            connection.execute(text(RAISED), {"id": uuid7(), "cause": cause})
    migrate(database_url)
    with transaction(engine) as session:
        settle_replaced(session)
        assert [alert.cause for alert in open_alerts(session)] == ["dead/TRAINING"]


EXCLUSIVE = """
SELECT count(*) FROM pg_locks JOIN pg_database AS one ON one.oid = database
WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation' AND datname = current_database()
"""

RAISED = """
INSERT INTO alerts (id, severity, cause, title, description, raised_at)
VALUES (:id, 'WARNING', :cause, 'about it', '...', now())
"""


def _columns(engine: Engine) -> dict[str, list[str]]:
    seen = inspect(engine)
    return {table: sorted(column["name"] for column in seen.get_columns(table)) for table in seen.get_table_names()}
