"""What a request asks for: one operation, by POST in JSON or by GET in the address."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from graphql import DocumentNode, OperationDefinitionNode, OperationType, get_operation_ast
from starlette.requests import Request

from server.graphql.refusals import InvalidOperation, Refused

BODY_BYTES = 1_048_576
NESTING = 50
JSON = re.compile(r"application/json\s*(;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A document as text, what fills its variables, and which of its operations is meant."""

    text: str
    variables: dict[str, Any] | None
    name: str | None

    def select(self, document: DocumentNode) -> OperationDefinitionNode:
        """The operation that is meant; raises an error where there is none, or no telling which."""
        found = get_operation_ast(document, self.name)
        if found is None and self.name is None:
            raise InvalidOperation("GRAPHQL_VALIDATION_FAILED", "Say by operationName which operation is meant.")
        if found is None:
            raise InvalidOperation("GRAPHQL_VALIDATION_FAILED", "The document has no operation of that operationName.")
        return found


async def read_operation(request: Request) -> Operation:
    """The operation of the request; raises `Refused` where the request is no GraphQL request."""
    if request.method == "GET":
        return operation_of(_from_address(request))
    if not JSON.match(request.headers.get("content-type", "")):
        raise _malformed("Send JSON: Content-Type: application/json.", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return operation_of(_parse(await _body(request), "The body"))


def refuse_subscription(operation: OperationDefinitionNode) -> None:
    """Nothing is followed over plain HTTP."""
    if operation.operation is OperationType.SUBSCRIPTION:
        message = "Subscriptions are served over WebSocket alone, by the subprotocol graphql-transport-ws."
        raise InvalidOperation("GRAPHQL_VALIDATION_FAILED", message)


def refuse_all_but_subscription(operation: OperationDefinitionNode) -> None:
    """A WebSocket follows; what is answered once has a transaction, a status and a key of its own by HTTP."""
    if operation.operation is not OperationType.SUBSCRIPTION:
        message = "Only subscriptions are served over WebSocket: send queries and mutations by POST."
        raise InvalidOperation("GRAPHQL_VALIDATION_FAILED", message)


def refuse_mutation_by_get(request: Request, operation: OperationDefinitionNode) -> None:
    """A link must not be able to change anything."""
    if request.method == "GET" and operation.operation is not OperationType.QUERY:
        status, headers = HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"}
        raise Refused("BAD_USER_INPUT", "Send mutations by POST.", status=status, headers=headers)


def _from_address(request: Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query_params)
    if given.get("variables"):
        given["variables"] = _parse(given["variables"], "The parameter variables")
    return {**given, "variables": given.get("variables") or None, "operationName": given.get("operationName") or None}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            message = f"The body is larger than {BODY_BYTES:,} bytes: send less at once."
            raise _malformed(message, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(body)


def _parse(text: str | bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _malformed(f"{what} is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error


def operation_of(given: Any) -> Operation:
    """The operation of a JSON object; raises `Refused` for anything else."""
    if isinstance(given, list):
        raise _malformed("Send one operation a request: batches are not taken.")
    if not isinstance(given, dict):
        raise _malformed("The body must be a JSON object with query, variables and operationName.")
    text, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(text, str) or not text.strip():
        raise _malformed('There is no query: send {"query": "..."}.', field="query")
    if not isinstance(variables, dict | None):
        raise _malformed("variables must be a JSON object.", field="variables")
    if not isinstance(name, str | None):
        raise _malformed("operationName must be a text.", field="operationName")
    _check_values(variables)
    return Operation(text=text, variables=variables, name=name)


def _check_values(variables: dict[str, Any] | None) -> None:
    """No NUL, which PostgreSQL's text cannot hold, and nothing nested without end."""
    waiting: list[tuple[Any, int]] = [(variables, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > NESTING:
            raise _malformed(f"variables are nested more than {NESTING} deep.", field="variables")
        if isinstance(value, str) and "\0" in value:
            raise _malformed("A text in variables contains NUL: leave it out.", field="variables")
        if isinstance(value, dict):
            waiting.extend((part, depth + 1) for pair in value.items() for part in pair)
        elif isinstance(value, list):
            waiting.extend((part, depth + 1) for part in value)


def _malformed(message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, **extensions: Any) -> Refused:
    return Refused("BAD_USER_INPUT", message, status=status, **extensions)
