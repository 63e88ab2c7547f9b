"""GraphQL over HTTP: methods, media types, bodies, and what is told of those that cannot be answered."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from tests.server.conftest import Ask, Token, codes, count

pytestmark = pytest.mark.anyio

GRAPHQL = "application/graphql-response+json"


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
    assert missing.json()["errors"][0]["message"].endswith("GraphQL is at /graphql.")
    assert (wrong.status_code, codes(wrong)) == (405, ["BAD_USER_INPUT"])
    assert "POST" in wrong.headers["allow"]


async def test_what_was_answered_is_counted(ask: Ask, client: httpx.AsyncClient, token: Token, ann: UUID) -> None:
    await ask("{ viewer { id } broken }", token=token(ann))
    await ask("{ nothing }")
    metrics = (await client.get("/metrics")).text
    assert 'finrec_operation_seconds_count{operation="query"} 1.0' in metrics
    assert 'finrec_errors_total{code="INTERNAL"} 1.0' in metrics
    assert 'finrec_deeds_total{action="view"} 1.0' in metrics
    assert 'finrec_shown_total{part="viewer"} 1.0' in metrics
    assert 'finrec_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1.0' in metrics
