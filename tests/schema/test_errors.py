"""Every error has a code; what nobody foresaw is masked, and kept for the log."""

import asyncio
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from engine.errors import EngineError, Infeasible, InsufficientData
from schema.errors import INTERNAL_MESSAGE, CodedErrors, Forbidden, Unauthenticated, coded
from store.errors import BadInput, Conflict, NotFound, StoreError, Unavailable, Undecipherable

RAISED: dict[str, Exception] = {
    "forbidden": Forbidden("for administrators"),
    "unauthenticated": Unauthenticated("who are you?"),
    "not_found": NotFound("nothing here"),
    "conflict": Conflict("not both"),
    "bad_input": BadInput("input.name", "input.name must not be empty"),
    "unavailable": Unavailable("no database"),
    "too_little": InsufficientData("three months are needed", required=3, available=1),
    "infeasible": Infeasible("no plan holds"),
    "engine": EngineError("a secret of the engine"),
    "store": StoreError("a secret of the store"),
    "undecipherable": Undecipherable("a secret key"),
    "fault": RuntimeError("password=hunter2"),
}
MASKED = {"engine", "store", "undecipherable", "fault"}


@strawberry.type
class Query:
    @strawberry.field
    def fails(self, by: str) -> int | None:
        raise RAISED[by]

    @strawberry.field
    def counts(self, number: int) -> int | None:
        return number

    @strawberry.field
    def lies(self) -> int:
        return None  # type: ignore[return-value]


SCHEMA = strawberry.Schema(Query, extensions=[CodedErrors])


class Context:
    request_id = "r-1"


def execute(document: str, **variables: Any) -> ExecutionResult:
    return asyncio.run(SCHEMA.execute(document, variables, context_value=Context()))


def only_error(document: str, **variables: Any) -> GraphQLError:
    (error,) = execute(document, **variables).errors or []
    return error


@pytest.mark.parametrize("by", sorted(RAISED.keys() - MASKED))
def test_what_a_user_may_meet_is_shown_with_its_code(by: str) -> None:
    error, cause = only_error("query($by: String!) { fails(by: $by) }", by=by), RAISED[by]
    assert (error.message, error.path) == (str(cause), ["fails"])
    extensions = error.extensions or {}
    assert extensions["code"] == getattr(cause, "code", None)
    details = {name: getattr(cause, name) for name in ("field", "required", "available") if hasattr(cause, name)}
    assert extensions.items() >= details.items()


@pytest.mark.parametrize("by", sorted(MASKED))
def test_what_nobody_foresaw_is_masked(by: str) -> None:
    error = only_error("query($by: String!) { fails(by: $by) }", by=by)
    assert (error.message, error.extensions) == (INTERNAL_MESSAGE, {"code": "INTERNAL", "requestId": "r-1"})
    assert error.original_error is RAISED[by]
    assert str(RAISED[by]) not in str(error.formatted)


def test_a_fault_of_ours_is_no_fault_of_the_client() -> None:
    assert (only_error("{ lies }").extensions or {})["code"] == "INTERNAL"


@pytest.mark.parametrize(
    ("document", "variables", "code", "field"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED", None),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED", None),
        ('{ counts(number: "x") }', {}, "GRAPHQL_VALIDATION_FAILED", None),
        ("query($n: Int!) { counts(number: $n) }", {"n": "x"}, "BAD_USER_INPUT", "n"),
        ("query($n: Int!) { counts(number: $n) }", {}, "BAD_USER_INPUT", "n"),
        ("query($n: Int = 1) { counts(number: $n) }", {"n": None}, "BAD_USER_INPUT", "number"),
    ],
)
def test_what_graphql_refuses_has_a_code(document: str, variables: Any, code: str, field: str | None) -> None:
    extensions = only_error(document, **variables).extensions or {}
    assert (extensions["code"], extensions.get("field")) == (code, field)


def test_an_error_keeps_the_code_that_it_has() -> None:
    error = GraphQLError("told", extensions={"code": "RATE_LIMITED"})
    assert coded(error) is error


def test_where_one_field_fails_the_others_stand() -> None:
    result = execute('{ fails(by: "fault") counts(number: 1) }')
    assert result.data == {"fails": None, "counts": 1}
