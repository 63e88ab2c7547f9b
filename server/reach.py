"""Whether the servers of the settings answer, said in one sentence where they do not."""

import psycopg
from redis import Redis, RedisError

from server.errors import Unreachable

CONNECT_SECONDS = 5


def reach_postgres(url: str) -> None:
    """Raises `Unreachable` where nobody answers at `DATABASE_URL`."""
    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        raise Unreachable(f"DATABASE_URL cannot be reached: {_first_line(error)}") from error


def reach_redis(url: str, name: str = "REDIS_URL") -> None:
    """Raises `Unreachable` where no Redis answers at the URL of that name."""
    try:
        with Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise Unreachable(f"{name} cannot be reached: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
