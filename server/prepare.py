"""A database ready to serve: migrated, and with a demo population where there is nobody."""

from rich.console import Console
from sqlalchemy import Engine

from store.demo import load_demo
from store.migrate import migrate
from store.session import connect, transaction
from store.settings import Settings
from store.users import list_users

DEMO_SEED = 7


def prepare(settings: Settings, users: int) -> str | None:
    """The id of somebody who is in the database afterwards; `users` is the size of a demo population, 0 for none."""
    url = str(settings.database_url)
    terminal = Console(stderr=True)
    with terminal.status("Bringing the database to the newest migration"):
        migrate(url)
    engine = connect(url)
    try:
        if users and not _somebody(engine):
            with terminal.status(f"Making a demo population of {users:,} households"):
                load_demo(engine, users=users, seed=DEMO_SEED)
        return _somebody(engine)
    finally:
        engine.dispose()


def _somebody(engine: Engine) -> str | None:
    with transaction(engine, everyone=True) as session:
        return next((str(user.id) for user in list_users(session, first=1).rows), None)
