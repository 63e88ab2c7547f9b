"""The API as an ASGI app."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext
from copy import copy
from functools import partial
from http import HTTPStatus
from uuid import UUID

import strawberry
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from schema.schema import schema as public_schema
from server.auth import Authenticator
from server.graphql.documents import Documents, ReadByUs
from server.graphql.endpoint import Endpoint
from server.graphql.execution import Executor
from server.graphql.failures import masked
from server.graphql.guard import Limits
from server.graphql.rates import Rates
from server.graphql.refusals import Refused
from server.graphql.responses import LEGACY, respond_refused
from server.logs import RequestIds
from server.metrics import Metrics
from server.pages import STATIC, Assets, home
from server.probes import Health
from server.slots import Slots
from server.websocket.endpoint import serve
from server.websocket.follower import BOUNDS, Bounds, Follower
from store.artifacts import archive_of
from store.crypto import Vault
from store.jobs import doorbell
from store.models.shelf import Shelf
from store.session import engine_of, transaction
from store.settings import Settings
from store.users import find_user

REFUSALS: Mapping[int, tuple[str, str]] = {
    HTTPStatus.NOT_FOUND: ("NOT_FOUND", "There is nothing at this path: GraphQL is at /graphql."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("BAD_USER_INPUT", "This method is not taken here: the header Allow names others."),
}
PLACES = 12
SPARE_CONNECTIONS = 3  # for the health checks, which wait for nobody
CONNECT_SECONDS = 5
WAIT_SECONDS = 10


def create_app(
    settings: Settings,
    engine: Engine | None = None,
    *,
    schema: strawberry.Schema = public_schema,
    bounds: Bounds = BOUNDS,
    rates: Rates | None = None,
) -> Starlette:
    """The app; without an engine it makes its own connections and closes them when it ends."""
    used = engine or _connect(settings)
    metrics, health = Metrics(), Health(settings, used)
    endpoint = _endpoint(settings, used, schema, metrics, rates or Rates())
    follower = Follower(
        authenticator=endpoint.authenticator,
        documents=endpoint.documents,
        executor=endpoint.executor,
        metrics=metrics,
        bounds=bounds,
    )
    return Starlette(
        routes=_routes(endpoint, follower, health, metrics),
        middleware=[Middleware(RequestIds)],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=partial(_life, settings=settings, engine=used, is_own=engine is None),
    )


def _routes(endpoint: Endpoint, follower: Follower, health: Health, metrics: Metrics) -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/", home),
        Route("/graphql", endpoint.respond, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", partial(serve, follower)),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
        Route("/metrics", metrics.show),
    ]
    if endpoint.has_page:
        routes.append(Mount("/static", Assets(directory=STATIC, check_dir=False)))
    return routes


def _endpoint(
    settings: Settings, engine: Engine, schema: strawberry.Schema, metrics: Metrics, rates: Rates
) -> Endpoint:
    """In production there is no GraphiQL, and the schema is not told."""
    in_development = settings.environment == "development"
    documents = Documents(schema, Limits(introspection=in_development))
    slots = Slots(PLACES, WAIT_SECONDS)
    served = copy(schema)  # the extension belongs to this app, not to the schema that others use
    served.extensions = (*schema.extensions, partial(ReadByUs, documents))
    return Endpoint(
        authenticator=Authenticator(settings, partial(_find, slots, engine)),
        documents=documents,
        executor=Executor(
            schema=served,
            engine=engine,
            vault=Vault(settings.encryption_keys),
            shelf=Shelf(archive_of(settings)),
            slots=slots,
        ),
        metrics=metrics,
        rates=rates,
        has_page=in_development,
    )


async def _find(slots: Slots, engine: Engine, subject: str) -> UUID | None:
    async with slots.taken():
        return await asyncio.to_thread(_read_id, engine, subject)


def _read_id(engine: Engine, subject: str) -> UUID | None:
    with transaction(engine, everyone=True) as session:
        user = find_user(session, subject)
    return None if user is None else user.id


def _connect(settings: Settings) -> Engine:
    return engine_of(
        settings,
        pool_size=PLACES + SPARE_CONNECTIONS,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        connect_args={"connect_timeout": CONNECT_SECONDS},
        hide_parameters=True,  # they are somebody's data, and errors are logged
    )


@asynccontextmanager
async def _life(_: Starlette, *, settings: Settings, engine: Engine, is_own: bool) -> AsyncIterator[None]:
    """Jobs that are requested ring while it lasts; without Redis they wait for a sweep."""
    with (
        doorbell.ringing(settings.redis_url) if settings.redis_url else nullcontext(),
        ThreadPoolExecutor(2 * PLACES, thread_name_prefix="store") as threads,
    ):
        asyncio.get_running_loop().set_default_executor(threads)
        yield
    if is_own:
        engine.dispose()


async def _refused(_: Request, error: Exception) -> Response:
    """What Starlette itself refuses: an unknown path, a wrong method."""
    if not isinstance(error, HTTPException):
        raise error
    code, sentence = REFUSALS.get(error.status_code, ("BAD_USER_INPUT", error.detail))
    refused = Refused(code, sentence, status=HTTPStatus(error.status_code), headers=error.headers)
    return respond_refused(refused, LEGACY)


async def _failed(request: Request, _: Exception) -> Response:
    """The last resort; the server that runs the app logs the error."""
    return respond_refused(masked(request.state.request_id), LEGACY)
