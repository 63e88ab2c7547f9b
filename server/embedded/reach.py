"""Whether the servers of the settings answer, said in one sentence where they do not."""

from redis import Redis, RedisError
from sqlalchemy.exc import DBAPIError

from server.errors import Unreachable
from store.session import connect

CONNECT_SECONDS = 5


def reach_postgres(url: str) -> None:
    """Raises `Unreachable` where nobody answers at `DATABASE_URL`."""
    engine = connect(url, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        engine.connect().close()
    except DBAPIError as error:
        raise Unreachable(f"DATABASE_URL cannot be reached: {_first_line(error.orig)}") from error
    finally:
        engine.dispose()


def reach_redis(url: str, name: str = "REDIS_URL") -> None:
    """Raises `Unreachable` where no Redis answers at the URL of that name."""
    try:
        with Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise Unreachable(f"{name} cannot be reached: {_first_line(error)}") from error


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
