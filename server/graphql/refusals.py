"""A request that is answered without being executed, or whose execution came to nothing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from graphql import GraphQLError

from server.errors import ServerError


class Refused(ServerError):
    """The one error of a response without data: a code for programs, a sentence for people, a status for proxies."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(message)
        self.errors: list[dict[str, Any]] = [{"message": message, "extensions": {"code": code, **extensions}}]
        self.status = status
        self.legacy_status = status
        self.headers = dict(headers or {})

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(error["extensions"]["code"] for error in self.errors)


class InvalidOperation(Refused):
    """A well-formed request for an operation that cannot run; `application/json` clients expect status 200 for it."""

    def __init__(self, code: str, message: str, **extensions: Any) -> None:
        super().__init__(code, message, **extensions)
        self.legacy_status = HTTPStatus.OK

    @classmethod
    def of(cls, code: str, errors: Sequence[GraphQLError]) -> "InvalidOperation":
        """What graphql-core found wrong, each error with its place in the document."""
        refused = cls(code, errors[0].message)
        refused.errors = [
            {**error.formatted, "extensions": {"code": code, **(error.extensions or {})}} for error in errors
        ]
        return refused
