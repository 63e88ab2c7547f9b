"""What is answered where something failed: known errors by their code, everything else masked and logged once."""

from collections.abc import Iterable
from http import HTTPStatus

import structlog
from graphql import GraphQLError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import EngineError
from schema.errors import INTERNAL, INTERNAL_MESSAGE, SchemaError
from server.graphql.refusals import Refused
from store.errors import StoreError, Unavailable

log = structlog.get_logger("finrec.server")

UNAVAILABLE_SENTENCE = "finrec cannot reach its database just now: repeat the request in a moment."
RETRY_SECONDS = 1

STATUS = {
    "CONFLICT": HTTPStatus.CONFLICT,
    "FORBIDDEN": HTTPStatus.FORBIDDEN,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "UNAUTHENTICATED": HTTPStatus.UNAUTHORIZED,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}


def is_outage(error: BaseException | None) -> bool:
    """Whether the database was lost, or gave up a transaction in favour of another: repeating may help."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | PendingRollbackError | PoolTimeout)


def refusal_of(error: BaseException, request_id: str) -> Refused:
    """The response without data for an error that ended a request; what nobody foresaw is logged here, once."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, SchemaError | StoreError | EngineError) and error.code != INTERNAL:
        return Refused(error.code, str(error), status=STATUS.get(error.code, HTTPStatus.BAD_REQUEST))
    if is_outage(error):
        log.error("unavailable", exc_info=error)
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return Refused(Unavailable.code, UNAVAILABLE_SENTENCE, status=STATUS[Unavailable.code], headers=headers)
    log.error("internal error", exc_info=error)
    return masked(request_id)


def masked(request_id: str) -> Refused:
    """All that is told of an error that nobody foresaw."""
    return Refused(INTERNAL, INTERNAL_MESSAGE, status=HTTPStatus.INTERNAL_SERVER_ERROR, requestId=request_id)


def log_masked(errors: Iterable[GraphQLError]) -> None:
    """Logs the cause of each masked error; many fields may have failed by the same."""
    masked = {id(_cause(error)): error for error in errors if (error.extensions or {}).get("code") == INTERNAL}
    for error in masked.values():
        log.error("internal error", path=error.path, exc_info=_cause(error))


def _cause(error: GraphQLError) -> BaseException:
    return error.original_error or error
