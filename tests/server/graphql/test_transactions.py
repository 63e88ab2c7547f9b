"""One request is one transaction: what it commits, what it undoes, and many of them at once."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette

from tests.server import toy
from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

Logged = list[MutableMapping[str, Any]]
SAVE = """
mutation Save($user: ID!, $limit: Decimal!, $category: String! = "dining") {
  saveBudget(userId: $user, input: { category: $category, monthlyLimit: $limit }) { category monthlyLimit }
}
"""


# --- commit and rollback ---------------------------------------------------------------------------------------------


async def test_a_mutation_is_committed_before_it_is_answered(ask: Ask, token: Token, ann: UUID, engine: Engine) -> None:
    response = await ask(SAVE, token=token(ann), user=str(ann), limit="12.50")
    assert response.json() == {"data": {"saveBudget": {"category": "dining", "monthlyLimit": "12.50"}}}
    assert (count(engine, "budgets"), count(engine, "audit_log")) == (1, 1)


async def test_one_error_undoes_the_whole_mutation_and_its_deeds(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    both = """
    mutation Both($user: ID!) {
      one: saveBudget(userId: $user, input: { category: "dining", monthlyLimit: 1 }) { category }
      two: saveBudget(userId: $user, input: { category: "travel", monthlyLimit: -1 }) { category }
    }
    """
    response = await ask(both, token=token(ann), user=str(ann))
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "monthlyLimit"}
    assert (count(engine, "budgets"), count(engine, "audit_log")) == (0, 0)


async def test_what_was_undone_is_not_told_as_if_it_had_happened(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    response = await ask(SAVE.replace("\n}", "\n  refuse\n}"), token=token(ann), user=str(ann), limit="1")
    assert response.json()["data"] is None
    assert codes(response) == ["CONFLICT"]
    assert count(engine, "budgets") == 0


async def test_a_row_for_another_user_is_refused_by_the_database(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    response = await ask(SAVE, token=token(ann), user=str(bob), limit="1")
    assert (response.status_code, codes(response)) == (500, ["INTERNAL"])
    assert count(engine, "budgets") == 0


async def test_a_transaction_given_up_by_the_database_is_unavailable_not_internal(
    ask: Ask, token: Token, logged: Logged
) -> None:
    response = await ask("{ conflicting greet }", token=token(role="admin"))
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert codes(response) == ["UNAVAILABLE"]
    assert [entry["event"] for entry in logged] == ["unavailable"]


async def test_a_lost_connection_is_unavailable_and_the_next_request_is_served(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    waiting = asyncio.create_task(ask("{ viewer { id } wait }", token=token(ann)))
    await asyncio.to_thread(toy.arrived.acquire)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction'"
            )
        )
    toy.gate.set()
    assert codes(await waiting) == ["UNAVAILABLE"]
    assert (await ask("{ viewer { externalId } }", token=token(ann))).json()["data"]["viewer"]["externalId"] == "ann"


async def test_an_unforeseen_error_is_masked_named_by_its_request_and_logged_once(ask: Ask, logged: Logged) -> None:
    response = await ask("{ greet broken again: broken }", headers={"X-Request-Id": "trace-7"})
    assert response.headers["x-request-id"] == "trace-7"
    assert response.json()["data"] == {"greet": "hello you", "broken": None, "again": None}
    assert [error["extensions"] for error in response.json()["errors"]] == 2 * [
        {"code": "INTERNAL", "requestId": "trace-7"}
    ]
    assert "hunter2" not in response.text
    assert [str(entry["exc_info"]) for entry in logged] == 2 * ["the password is hunter2"]


@pytest.mark.parametrize("given", ["", "two words", "a" * 129, "<script>"])
async def test_a_request_id_that_is_not_sane_is_replaced(unconnected: httpx.AsyncClient, given: str) -> None:
    response = await unconnected.get("/health/live", headers={"X-Request-Id": given})
    assert UUID(response.headers["x-request-id"]).version == 7


# --- many at once, and clients that leave ----------------------------------------------------------------------------


async def test_a_slow_resolver_does_not_hold_up_others(ask: Ask, token: Token, ann: UUID, bob: UUID) -> None:
    slow = asyncio.create_task(ask("{ wait }", token=token(ann)))
    await asyncio.to_thread(toy.arrived.acquire)
    quick = await ask("{ viewer { externalId } }", token=token(bob))
    assert quick.json()["data"]["viewer"]["externalId"] == "bob"
    assert not slow.done()
    toy.gate.set()
    assert (await slow).json()["data"]["wait"] > 0


async def test_more_requests_at_once_than_connections_and_threads_are_all_answered(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    tokens = [token(ann, hours=1 + number) for number in range(60)]
    responses = await asyncio.gather(*(ask("{ viewer { id } }", token=one) for one in tokens))
    assert {response.text for response in responses} == {f'{{"data":{{"viewer":{{"id":"{ann}"}}}}}}'}
    assert count(engine, "audit_log") == len(tokens)


async def test_a_client_that_leaves_takes_its_transaction_along(
    app: Starlette, token: Token, ann: UUID, engine: Engine
) -> None:
    leave = asyncio.Event()
    save = SAVE.replace("{ category monthlyLimit }\n}", "{ category }\n  wait\n}")
    call = asyncio.create_task(post(app, save, {"user": str(ann), "limit": "1"}, token(ann), leave))
    await asyncio.to_thread(toy.arrived.acquire)
    leave.set()
    done, _ = await asyncio.wait({call}, timeout=0.2)
    assert not done, "the session was given back while a thread worked with it"
    toy.gate.set()
    assert await call == 499
    assert (count(engine, "budgets"), count(engine, "audit_log")) == (0, 0)
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def post(app: Starlette, query: str, variables: dict[str, str], token: str, leave: asyncio.Event) -> int:
    """The status of a POST of which the client leaves at the event."""
    body = httpx.Request("POST", "http://finrec/graphql", json={"query": query, "variables": variables})
    messages = [{"type": "http.request", "body": body.content, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    return int(sent[0]["status"])
