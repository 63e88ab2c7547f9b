"""Whether this process lives, and whether it can serve."""

import asyncio

from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from store.migrate import is_current
from store.settings import Settings

REDIS_SECONDS = 2
GOOD = "ok"


class Health:
    """The two questions of an orchestrator."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._redis_url = settings.redis_url
        self._engine = engine

    async def live(self, _: Request) -> Response:
        return JSONResponse({"status": GOOD})

    async def ready(self, _: Request) -> Response:
        """200 where everything answers; 503 with what does not."""
        database, redis = await asyncio.gather(asyncio.to_thread(self._database), asyncio.to_thread(self._redis))
        good = database == redis == GOOD
        checks = {"database": database, "redis": redis}
        return JSONResponse({"status": GOOD if good else "unavailable", "checks": checks}, 200 if good else 503)

    def _database(self) -> str:
        try:
            with self._engine.connect() as connection:
                current = is_current(connection)
        except SQLAlchemyError:
            return "The database does not answer."
        return GOOD if current else "The database is not at the newest migration: run `finrec migrate`."

    def _redis(self) -> str:
        if self._redis_url is None:
            return "REDIS_URL is not set."
        try:
            with Redis.from_url(
                self._redis_url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
            ) as client:
                client.ping()
        except (RedisError, ValueError):
            return "Redis does not answer."
        return GOOD
