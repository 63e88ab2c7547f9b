"""One request is one transaction: what is answered was audited and committed, what failed left nothing behind."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette

from store.audit import first_broken
from store.session import transaction
from tests.server import toy
from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

Logged = list[MutableMapping[str, Any]]
GRAPHQL = "application/graphql-response+json"
SAVE = """
mutation Save($user: ID!, $limit: Decimal!, $category: String! = "dining") {
  saveBudget(userId: $user, input: { category: $category, monthlyLimit: $limit }) { category monthlyLimit }
}
"""
USER = "query User($id: ID!) { user(id: $id) { id } }"


# --- who sees what ---------------------------------------------------------------------------------------------------


async def test_a_user_reads_itself(ask: Ask, token: Token, ann: UUID) -> None:
    response = await ask("{ viewer { externalId } }", token=token(ann))
    assert response.json() == {"data": {"viewer": {"externalId": "ann"}}}


async def test_another_users_id_and_an_unknown_one_are_answered_alike(
    ask: Ask, token: Token, ann: UUID, bob: UUID
) -> None:
    others = await ask(USER, token=token(ann), id=str(bob))
    unknown = await ask(USER, token=token(ann), id=str(uuid4()))
    assert others.content == unknown.content
    assert others.json()["data"] == {"user": None}
    assert codes(others) == ["NOT_FOUND"]


async def test_an_administrator_reads_everyone(ask: Ask, token: Token, ann: UUID, bob: UUID) -> None:
    response = await ask("{ users(first: 10) { edges { node { externalId } } } }", token=token(role="admin"))
    assert [edge["node"]["externalId"] for edge in response.json()["data"]["users"]["edges"]] == ["ann", "bob"]


async def test_without_a_token_the_public_part_is_answered_and_the_rest_is_unauthenticated(ask: Ask) -> None:
    response = await ask("{ viewer { id } greet }")
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": None, "greet": "hello you"}
    assert codes(response) == ["UNAUTHENTICATED"]


# --- the audit log ---------------------------------------------------------------------------------------------------


async def test_every_answer_about_a_user_has_its_row_in_an_unbroken_chain(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    answers = [
        ask("{ viewer { id } }", token=token(user, hours=hours)) for user in (ann, bob) for hours in (1, 2, 3, 4, 5)
    ]
    responses = await asyncio.gather(*answers)
    assert all(response.json()["data"]["viewer"] for response in responses)
    assert count(engine, "audit_log") == len(responses)
    with transaction(engine) as session:
        assert first_broken(session) is None


async def test_a_refusal_is_audited_although_nothing_else_of_the_request_is(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    await ask(USER, token=token(ann), id=str(bob))
    with engine.connect() as connection:
        row = connection.execute(text("SELECT actor, action, subject FROM audit_log")).one()
    assert tuple(row) == (str(ann), "refused", str(bob))


async def test_no_data_leaves_where_the_audit_row_cannot_be_written(
    ask: Ask, token: Token, ann: UUID, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_log FROM finrec_app"))
    response = await ask("{ viewer { id } greet }", token=token(ann))
    assert response.status_code == 500
    assert "data" not in response.json()
    assert codes(response) == ["INTERNAL"]


async def test_no_refusal_is_told_where_its_audit_row_cannot_be_written(
    ask: Ask, token: Token, ann: UUID, bob: UUID, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("REVOKE INSERT ON audit_log FROM finrec_app"))
    response = await ask(USER, token=token(ann), id=str(bob))
    assert response.status_code == 500
    assert "data" not in response.json()


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


# --- HTTP ------------------------------------------------------------------------------------------------------------


async def test_a_query_by_get_is_answered(client: httpx.AsyncClient) -> None:
    params = {"query": "query Greet($name: String!) { greet(name: $name) }", "variables": '{"name": "ann"}'}
    response = await client.get("/graphql", params=params)
    assert response.json() == {"data": {"greet": "hello ann"}}


async def test_variables_that_do_not_fit_are_refused_without_data(client: httpx.AsyncClient) -> None:
    body = {"query": "query ($name: String!) { greet(name: $name) }", "variables": {"name": 1}}
    response = await client.post("/graphql", json=body, headers={"Accept": GRAPHQL})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "name"}
    assert "data" not in response.json()


async def test_a_mutation_by_get_changes_nothing(
    client: httpx.AsyncClient, token: Token, ann: UUID, engine: Engine
) -> None:
    mutation = f'mutation {{ saveBudget(userId: "{ann}", input: {{ category: "x", monthlyLimit: 1 }}) {{ category }} }}'
    headers = {"Authorization": f"Bearer {token(ann)}"}
    response = await client.get("/graphql", params={"query": mutation}, headers=headers)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert count(engine, "budgets") == 0


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        (None, 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("application/json", 200, "application/json"),
        (f"{GRAPHQL}, application/json;q=0.9", 400, GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", 200, "application/json"),
        (f"application/json;q=0, {GRAPHQL};q=²", 406, "application/json"),
        ("image/png", 406, "application/json"),
    ],
)
async def test_an_invalid_document_is_told_as_the_client_accepts(
    unconnected: httpx.AsyncClient, accept: str | None, status: int, media_type: str
) -> None:
    unconnected.headers.pop("accept")
    headers = {"Accept": accept.encode("latin-1")} if accept else {}
    response = await unconnected.post("/graphql", json={"query": "{ nothing }"}, headers=headers)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ greet", "GRAPHQL_PARSE_FAILED"),
        ("\0{ greet }", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { greet } query B { greet }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { greet }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ greet(name: "a\\u0000b") }', "BAD_USER_INPUT"),
    ],
)
async def test_a_document_that_cannot_run_says_why_by_a_code(
    unconnected: httpx.AsyncClient, query: str, code: str
) -> None:
    response = await unconnected.post("/graphql", json={"query": query}, headers={"Accept": GRAPHQL})
    assert response.status_code == 400
    assert set(codes(response)) == {code}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"query": "{ greet }"', "application/json", 400),
        (b'{"query": "\xff"}', "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'[{"query": "{ greet }"}]', "application/json", 400),
        (b'{"query": null}', "application/json", 400),
        (b'{"query": " "}', "application/json", 400),
        (b'{"query": {"a": 1}}', "application/json", 400),
        (b'{"query": "{ greet }", "variables": []}', "application/json", 400),
        (b'{"query": "{ greet }", "variables": {"a": "\\u0000"}}', "application/json", 400),
        (b'{"query": "{ greet }", "variables": {"a": ' + b"[" * 100 + b"]" * 100 + b"}}", "application/json", 400),
        (b'{"query": "{ greet }", "variables": {"a": ' + b"[" * 50_000, "application/json", 400),
        (b'{"query": "{ greet }", "operationName": 1}', "application/json", 400),
        (b'{"query": "{ greet }"}', "text/plain", 415),
        (b"query=%7Bgreet%7D", "application/x-www-form-urlencoded", 415),
        (b'{"query": "{ greet }"}', "multipart/form-data; boundary=application/json", 415),
        (b'{"query": "{ greet }"}', "", 415),
        (b'{"query": "' + b" " * 1_100_000 + b'{ greet }"}', "application/json", 413),
    ],
)
async def test_a_request_that_is_no_graphql_request_is_refused_with_a_sentence(
    unconnected: httpx.AsyncClient, body: bytes, content_type: str, status: int
) -> None:
    response = await unconnected.post("/graphql", content=body, headers={"Content-Type": content_type})
    assert response.status_code == status
    assert codes(response) == ["BAD_USER_INPUT"]
    assert response.json()["errors"][0]["message"].endswith(".")


async def test_a_huge_body_is_refused_before_it_has_arrived(app: Starlette) -> None:
    sent: list[Any] = []
    chunks = 0

    async def receive() -> dict[str, Any]:
        nonlocal chunks
        chunks += 1
        return {"type": "http.request", "body": b" " * 100_000, "more_body": chunks < 50}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 413
    assert chunks == 11


async def test_an_unknown_path_and_method_are_told_in_json(unconnected: httpx.AsyncClient) -> None:
    missing, wrong = await unconnected.get("/nowhere"), await unconnected.delete("/graphql")
    assert (missing.status_code, codes(missing)) == (404, ["NOT_FOUND"])
    assert (wrong.status_code, codes(wrong)) == (405, ["BAD_USER_INPUT"])


async def test_what_was_answered_is_counted(ask: Ask, client: httpx.AsyncClient, token: Token, ann: UUID) -> None:
    await ask("{ viewer { id } broken }", token=token(ann))
    await ask("{ nothing }")
    metrics = (await client.get("/metrics")).text
    assert 'finrec_operation_seconds_count{operation="query"} 1.0' in metrics
    assert 'finrec_errors_total{code="INTERNAL"} 1.0' in metrics
    assert 'finrec_deeds_total{action="view"} 1.0' in metrics
    assert 'finrec_shown_total{part="viewer"} 1.0' in metrics
    assert 'finrec_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1.0' in metrics
