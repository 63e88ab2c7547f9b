"""All that has to be there before the first question: tables, somebody to ask about, compiled solvers."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from engine.warm import warm_up
from server.progress import followed
from store.demo import load_demo
from store.migrate import migrate
from store.session import connect, transaction
from store.settings import Settings
from store.users import list_users

DEMO_SEED = 7


def prepare(settings: Settings, users: int) -> str | None:
    """The id of somebody who is in the database afterwards; `users` is the size of a demo population, 0 for none."""
    url = str(settings.database_url)
    with followed("compiled solvers"):
        warm_up()
    with followed("migrations"):
        migrate(url)
    engine = connect(url)
    try:
        if users and not _somebody(engine):
            with followed(f"demo population of {users:,}") as progress:
                load_demo(engine, users=users, seed=DEMO_SEED, today=datetime.now(UTC).date(), progress=progress)
        return _somebody(engine)
    finally:
        engine.dispose()


def _somebody(engine: Engine) -> str | None:
    with transaction(engine, everyone=True) as session:
        return next((str(user.id) for user in list_users(session, first=1).rows), None)
