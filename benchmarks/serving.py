"""What a request costs beside a bare Starlette route: the real app, tokens, row-level security, decryption and audit.

    python -m benchmarks.serving [REQUESTS]

In one process and without a socket, requests one after another, processor time of the server's process; PostgreSQL's
is not in it. `kept` is answered from fresh kept answers, `computed` each time anew. The households are synthetic.
"""

import asyncio
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median

import httpx
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.database import database
from server.app import create_app
from server.auth import issue_token
from store.demo import load_demo
from store.session import transaction
from store.settings import Settings

REQUESTS = 200
USERS = 50
ROUNDS = 5
SMALL = "{ viewer { id } }"
SAVINGS = """{ viewer { savingsStrategy {
    basis monthlyAmount optimalSavingsRate successProbability emergencyFund { targetAmount currentAmount }
    allocation { bucket monthlyAmount share rationale } automationPlan { title amount dayOfMonth startDate }
    recommendations { id title description priority status actionableItems { title amount dueDate } }
    explanation { feature value effect sentence } } } }"""
HEALTH = "{ viewer { financialHealth { overallScore band components { name score weight sentence } } } }"
REFRESH = """mutation ($user: ID!) { refreshRecommendations(userId: $user, categories: [SAVINGS_STRATEGY]) {
    savingsStrategy { monthlyAmount } } }"""

Ask = Callable[[], Awaitable[httpx.Response]]


def main(requests: int) -> None:
    with database() as engine:
        load_demo(engine, users=USERS, seed=7, today=datetime.now(UTC).date())
        asyncio.run(_measure(engine, requests))


async def _measure(engine: Engine, requests: int) -> None:
    settings = settings_of(engine)
    bare = Starlette(routes=[Route("/graphql", _hello, methods=["POST"])])
    async with client_of(bare) as plain, client_of(create_app(settings, engine)) as client:
        asks = asked(client, settings, ids_of(engine)) | {"bare route": lambda: plain.post("/graphql", json={})}
        seconds = {name: await _seconds(ask, requests) for name, ask in asks.items()}
    sys.stdout.write(f"{'request':18} {'ms of CPU':>10} {'x bare':>8}\n")
    for name, used in seconds.items():
        sys.stdout.write(f"{name:18} {1000 * used:10.2f} {used / seconds['bare route']:8.1f}\n")


def settings_of(engine: Engine) -> Settings:
    """Keys and secrets of this run."""
    return Settings(
        database_url=str(engine.url),
        data_dir=Path(),
        encryption_keys=(secrets.token_bytes(32),),
        signing_keys=(secrets.token_bytes(32),),
        jwt_secret=secrets.token_urlsafe(32),
    )


def asked(client: httpx.AsyncClient, settings: Settings, users: list[str]) -> dict[str, Ask]:
    """The requests by name; each asks for one user after the other."""
    headers = {user: {"Authorization": f"Bearer {issue_token(settings, user, 'user', 1)}"} for user in users}

    def asking(query: str) -> Ask:
        turns = cycle(users)

        async def ask() -> httpx.Response:
            user = next(turns)
            body = {"query": query, "variables": {"user": user}} if "$user" in query else {"query": query}
            return await client.post("/graphql", json=body, headers=headers[user])

        return ask

    return {
        "viewer { id }": asking(SMALL),
        "savings, kept": asking(SAVINGS),
        "savings, computed": asking(REFRESH),
        "health, computed": asking(HEALTH),
    }


async def _seconds(ask: Ask, requests: int) -> float:
    """Processor time of one request: the median round of several, after everybody has been answered once."""
    for _ in range(USERS):
        response = await ask()
        if "errors" in response.json():
            raise RuntimeError(response.text)
    return median([await _round(ask, requests // ROUNDS) for _ in range(ROUNDS)])


async def _round(ask: Ask, requests: int) -> float:
    started = time.process_time()
    for _ in range(requests):
        await ask()
    return (time.process_time() - started) / requests


async def _hello(request: Request) -> JSONResponse:
    return JSONResponse({"data": await request.json()})


def client_of(app: Starlette) -> httpx.AsyncClient:
    """Reaches the app without a socket."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://finrec")


def ids_of(engine: Engine) -> list[str]:
    """Of all users."""
    with transaction(engine, everyone=True) as session:
        return [str(user) for user in session.connection().execute(text("SELECT id FROM users")).scalars()]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS)
