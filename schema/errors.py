"""Every error leaves with a code: what a user may legitimately meet is shown, the rest is masked."""

import re
from collections.abc import Iterator

from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from engine.errors import EngineError, InsufficientData
from store.errors import BadInput, StoreError

INTERNAL = "INTERNAL"
INTERNAL_MESSAGE = "Something went wrong on our side; it was logged under this requestId."
BAD_USER_INPUT = "BAD_USER_INPUT"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"


class SchemaError(Exception):
    """Root of the errors of the public API; the message is a sentence that a user may read."""

    code = INTERNAL


class Unauthenticated(SchemaError):
    """Nobody is named by the request."""

    code = "UNAUTHENTICATED"


class Forbidden(SchemaError):
    """For administrators only."""

    code = "FORBIDDEN"


class CodedErrors(SchemaExtension):
    """Gives every error of a result its code; the store, the engine and the resolvers only raise."""

    executing = False

    def on_execute(self) -> Iterator[None]:
        self.executing = True
        yield

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if isinstance(result, CoreResult | ExecutionResult | PreExecutionError) and result.errors:
            request = getattr(self.execution_context.context, "request_id", None)
            result.errors = [coded(error, executing=self.executing, request_id=request) for error in result.errors]


def coded(error: GraphQLError, *, executing: bool = True, request_id: str | None = None) -> GraphQLError:
    """The error as it is shown, with `extensions.code`; `original_error` stays on it for the log."""
    cause = error.original_error
    if "code" in (error.extensions or {}):
        return error
    if isinstance(cause, SchemaError | StoreError | EngineError) and cause.code != INTERNAL:
        return _shown(error, str(cause), {"code": cause.code, **_details(cause)})
    if isinstance(error, GraphQLSyntaxError):
        return _shown(error, error.message, {"code": PARSE_FAILED})
    if not executing:
        return _shown(error, error.message, {"code": VALIDATION_FAILED})
    if field := _field(error.message):
        return _shown(error, error.message, {"code": BAD_USER_INPUT, "field": field})
    return _shown(error, INTERNAL_MESSAGE, {"code": INTERNAL, "requestId": request_id})


def _field(message: str) -> str | None:
    """Path of the variable or argument that GraphQL itself refused; None where the message is of something else."""
    if not (named := _NAMED.match(message)):
        return None
    member = _MEMBER.search(message)
    return f"{named['name']}{named['place'] or ''}{'.' + member['name'] if member else ''}"


def _details(cause: Exception) -> dict[str, object]:
    if isinstance(cause, BadInput):
        return {"field": cause.field}
    if isinstance(cause, InsufficientData):
        return {"required": cause.required, "available": cause.available}
    return {}


def _shown(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        original_error=error.original_error,
        extensions={name: value for name, value in extensions.items() if value is not None},
    )


_NAMED = re.compile(r"(?:Variable|Argument) '\$?(?P<name>\w+)'(?: has invalid value at (?P<place>[.\[][^\s:]*))?")
_MEMBER = re.compile(r"(?:required|unknown) field '(?P<name>\w+)'")
