"""A subscription: its answers one by one, each read in short transactions, and what it was refused in the audit log."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from graphql import GraphQLError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import INTERNAL, coded
from server.graphql.execution import Answer, Executor, Request, begin, note
from server.graphql.failures import is_outage, log_masked
from server.graphql.refusals import InvalidOperation
from server.graphql.responses import encode
from server.slots import Slots

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
AGAIN_SECONDS = 0.5


@dataclass(slots=True, kw_only=True)
class Following(Context):
    """A request that goes on: no transaction, connection or place is kept between its reads."""

    slots: Slots

    async def perform(self, work: Callable[[Session], T]) -> T:
        """What is followed is only read: a database that went away is asked again for a while."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                async with self.slots.taken():
                    return await Context.perform(self, partial(self._transacted, work))
            except SQLAlchemyError as error:
                if not is_outage(error) or time.monotonic() > deadline:
                    raise
            await asyncio.sleep(AGAIN_SECONDS)

    def _transacted(self, work: Callable[[Session], T], session: Session) -> T:
        with session.begin():
            begin(session, self.viewer)
            return work(session)


async def follow(executor: Executor, request: Request) -> AsyncGenerator[Answer, None]:
    """The answers as they come; raises an error where the subscription cannot go on."""
    operation = request.operation
    with Session(executor.engine, expire_on_commit=False) as session:
        context = Following(
            viewer=request.viewer,
            session=session,
            vault=executor.vault,
            shelf=executor.shelf,
            request_id=request.request_id,
            slots=executor.slots,
        )
        results = await executor.schema.subscribe(
            operation.text, operation.variables, context, operation_name=operation.name
        )
        async with aclosing(results):
            async for result in results:
                yield await _told(executor, context, result)


async def _told(executor: Executor, context: Following, result: ExecutionResult) -> Answer:
    """What was refused is written down before it is told."""
    refusals, context.refusals = tuple(context.refusals), []
    if refusals:
        await asyncio.to_thread(note, executor.engine, list(refusals))
    errors = [coded(error, request_id=context.request_id) for error in result.errors or ()]
    if result.data is None:
        raise _failure(errors)
    log_masked(errors)
    codes = tuple(str((error.extensions or {}).get("code")) for error in errors)
    return Answer(body=encode(result.data, [error.formatted for error in errors]), codes=codes, deeds=refusals)


def _failure(errors: list[GraphQLError]) -> BaseException:
    cause = errors[0].original_error
    if cause is not None and (is_outage(cause) or (errors[0].extensions or {}).get("code") == INTERNAL):
        return cause
    return InvalidOperation.of("BAD_USER_INPUT", errors)
