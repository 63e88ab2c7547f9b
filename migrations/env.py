"""How Alembic reaches the database: over a connection that `store.migrate` hands in, else over `DATABASE_URL`."""

from alembic import context
from sqlalchemy import Connection

from store.migrate import prepare_role
from store.session import connect
from store.settings import load_settings
from store.tables import METADATA


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=METADATA, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    with connect(load_settings().database_url or "").begin() as connection:
        prepare_role(connection)
        run(connection)
