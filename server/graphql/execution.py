"""One request, one transaction: executed, written to the audit log and committed before the first byte leaves."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from graphql import GraphQLError
from sqlalchemy import Engine
from sqlmodel import Session
from strawberry import Schema
from strawberry.types import ExecutionResult

from schema.context import Context
from schema.errors import INTERNAL
from schema.viewer import Viewer
from server.graphql.failures import is_outage, log_masked
from server.graphql.idempotency import Once
from server.graphql.operations import Operation
from server.graphql.refusals import InvalidOperation
from server.graphql.responses import encode
from server.slots import Slots
from store import audit
from store.audit import Deed
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import enter, transaction

REPEATED = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be executed, and for whom."""

    operation: Operation
    is_mutation: bool
    viewer: Viewer | None
    request_id: str
    once: Once | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The body of a response, the codes of the errors in it, and what was written to the audit log for it."""

    body: bytes
    codes: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """Executes requests; each has a connection for as long as it runs, and leaves none behind however it ends."""

    schema: Schema
    engine: Engine
    vault: Vault
    shelf: Shelf
    slots: Slots

    async def execute(self, request: Request) -> Answer:
        """The committed answer; raises an error where nothing may leave."""
        async with self.slots.taken():
            return await self._transacted(request)

    async def _transacted(self, request: Request) -> Answer:
        # What still runs when a request was cancelled finds the session closed for good, never a new transaction.
        session = Session(self.engine, expire_on_commit=False, close_resets_only=False)
        context = Context(
            viewer=request.viewer,
            session=session,
            vault=self.vault,
            shelf=self.shelf,
            request_id=request.request_id,
        )
        try:
            await context.run(partial(begin, viewer=request.viewer))
            return await self._repeated(request, context) or await self._executed(request, context)
        finally:
            await context.run(Session.close)

    async def _repeated(self, request: Request, context: Context) -> Answer | None:
        if request.once is None or request.viewer is None:
            return None
        body = await context.run(partial(request.once.replay, vault=self.vault))
        if body is None:
            return None
        context.audit(REPEATED, request.viewer.user_id or request.viewer.subject)
        await context.run(partial(_commit, deeds=context.deeds))
        return Answer(body=body, deeds=tuple(context.deeds))

    async def _executed(self, request: Request, context: Context) -> Answer:
        operation = request.operation
        result = await self.schema.execute(operation.text, operation.variables, context, operation_name=operation.name)
        errors = _told(result)
        undone = request.is_mutation and bool(errors)
        # What was rolled back is not told as if it had happened.
        body = encode(None if undone else result.data, [error.formatted for error in errors])
        if undone:
            await context.run(Session.close)
        else:
            keep = partial(request.once.keep, vault=self.vault, response=body) if request.once else None
            await context.run(partial(_commit, deeds=context.deeds, keep=keep))
        if context.refusals:
            await asyncio.to_thread(note, self.engine, context.refusals)
        codes = tuple(str((error.extensions or {}).get("code")) for error in errors)
        return Answer(body=body, codes=codes, deeds=(*(() if undone else context.deeds), *context.refusals))


def _told(result: ExecutionResult) -> Sequence[GraphQLError]:
    """The errors beside the data; raises an error where there can be no data."""
    errors = result.errors or []
    lost = next((error.original_error for error in errors if is_outage(error.original_error)), None)
    if lost is not None:
        raise lost
    if result.data is None and errors and errors[0].path is None:  # nothing was executed
        raise _unexecuted(errors)
    log_masked(errors)
    return errors


def _unexecuted(errors: Sequence[GraphQLError]) -> Exception:
    if (errors[0].extensions or {}).get("code") == INTERNAL:
        return errors[0].original_error or errors[0]
    return InvalidOperation.of("BAD_USER_INPUT", errors)


def begin(session: Session, viewer: Viewer | None) -> None:
    """Lets the transaction see what the viewer may see."""
    seen = [viewer.user_id] if viewer and viewer.user_id else []
    enter(session, users=seen, everyone=viewer is not None and viewer.is_admin)


def _commit(session: Session, deeds: list[Deed], keep: Callable[[Session], None] | None = None) -> None:
    session.flush()
    if keep:
        keep(session)
    audit.append(session, deeds)
    session.commit()
    session.close()


def note(engine: Engine, refusals: list[Deed]) -> None:
    """Writes refusals down in a transaction of their own."""
    with transaction(engine) as session:
        audit.append(session, refusals)
