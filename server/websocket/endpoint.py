"""`/graphql` over WebSocket: subscriptions by the subprotocol graphql-transport-ws, and by no other."""

import asyncio
import time
from contextlib import ExitStack, aclosing, suppress
from http import HTTPStatus

import structlog
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect
from structlog.contextvars import bound_contextvars

from schema.viewer import Viewer
from server.graphql.failures import refusal_of
from server.graphql.operations import BODY_BYTES, operation_of
from server.graphql.refusals import Refused
from server.websocket import protocol
from server.websocket.follower import Follower
from server.websocket.protocol import Closed, Code, Message
from store.ids import uuid7

log = structlog.get_logger("finrec.server")


async def serve(follower: Follower, socket: WebSocket) -> None:
    """One connection, until either side ends it."""
    if follower.is_full:
        busy = PlainTextResponse("Too many connections: try again in a moment.", HTTPStatus.SERVICE_UNAVAILABLE)
        await socket.send_denial_response(busy)
        return
    with follower.connection(), ExitStack() as stack, suppress(WebSocketDisconnect):
        connection = Connection(follower, socket, stack)
        try:
            await connection.listen()
        except Closed as closed:
            await connection.end()
            await socket.close(closed.code, closed.reason)
        finally:
            await connection.end()


class Connection:
    """What one client follows; its messages are heard one after the other."""

    def __init__(self, follower: Follower, socket: WebSocket, stack: ExitStack) -> None:
        self._follower, self._socket, self._stack = follower, socket, stack
        self._viewer: Viewer | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        """Those of operations that the client has ended are here until they have cleaned up."""

    async def listen(self) -> None:
        """Hears messages; raises `Closed` where we end the connection, `WebSocketDisconnect` where the client does."""
        is_known = protocol.NAME in self._socket.scope["subprotocols"]
        await self._socket.accept(protocol.NAME if is_known else None)
        if not is_known:
            raise Closed(Code.SUBPROTOCOL, f"Ask for the subprotocol {protocol.NAME}.")
        expires = await self._initialise()
        try:
            async with asyncio.timeout(expires):
                while True:
                    await self._hear(await self._receive())
        except TimeoutError as error:
            raise Closed(Code.FORBIDDEN, "The token has expired: connect again with a new one.") from error

    async def end(self) -> None:
        """Stops what is followed, and waits until it has cleaned up."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _initialise(self) -> float | None:
        """Who is there, and for how many seconds; None where nobody is named."""
        message = await self._first()
        given = message.payload.get("Authorization", message.payload.get("authorization"))
        authorization = self._socket.headers.get("authorization") if given is None else str(given)
        seconds = None
        if authorization is not None:
            self._viewer, expires = await self._signed_in(authorization)
            seconds = expires - time.time()
        self._stack.enter_context(self._follower.admitted(self._viewer))
        await self._socket.send_text(protocol.write("connection_ack"))
        return seconds

    async def _first(self) -> Message:
        try:
            async with asyncio.timeout(self._follower.bounds.init_seconds):
                while (message := await self._receive()).type != "connection_init":
                    if message.type == "subscribe":
                        raise Closed(Code.UNAUTHORIZED, "Send connection_init and await connection_ack first.")
                    await self._hear(message)
                return message
        except TimeoutError as error:
            raise Closed(Code.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from error

    async def _signed_in(self, authorization: str) -> tuple[Viewer, float]:
        asking = asyncio.create_task(self._follower.authenticator.signed_in(authorization))
        await asyncio.wait({asking})
        if error := asking.exception():
            refused = refusal_of(error, str(uuid7()))
            code = Code.FORBIDDEN if "UNAUTHENTICATED" in refused.codes else Code.TRY_AGAIN_LATER
            raise Closed(code, str(refused)) from error
        return asking.result()

    async def _receive(self) -> Message:
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1005))
        text = received.get("text")
        if text is not None and len(text) > BODY_BYTES:
            raise Closed(Code.BAD_REQUEST, f"A message may have at most {BODY_BYTES:,} characters.")
        return protocol.read(text)

    async def _hear(self, message: Message) -> None:
        match message.type:
            case "ping":
                await self._socket.send_text(protocol.write("pong"))
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if task := self._operations.pop(message.id, None):
                    task.cancel()
            case "connection_init":
                raise Closed(Code.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")

    async def _subscribe(self, message: Message) -> None:
        most = self._follower.bounds.operations
        if message.id in self._operations:
            raise Closed(Code.SUBSCRIBER_EXISTS, f"Subscriber for {message.id} already exists")
        if len(self._operations) >= most:
            sentence = f"This connection follows {most} operations, and may follow no more: complete one first."
            await self._refuse(message.id, Refused("RATE_LIMITED", sentence))
            return
        task = asyncio.create_task(self._run(message))
        self._operations[message.id] = task
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    async def _run(self, message: Message) -> None:
        """One operation to its end; whatever ends it is told by a code."""
        request_id = str(uuid7())
        with bound_contextvars(request_id=request_id):
            following = asyncio.create_task(self._follow(message, request_id))
        try:
            await asyncio.wait({following})
        finally:
            following.cancel()
            await asyncio.wait({following})
        del self._operations[message.id]
        error = following.exception()
        if error is None:
            await self._socket.send_text(protocol.write("complete", message.id))
        elif not isinstance(error, WebSocketDisconnect):
            await self._refuse(message.id, refusal_of(error, request_id))

    async def _follow(self, message: Message, request_id: str) -> None:
        operation = operation_of(message.payload)
        async with aclosing(self._follower.answers(self._viewer, operation, request_id)) as answers:
            async for answer in answers:
                await self._socket.send_text(protocol.write("next", message.id, answer.body))

    async def _refuse(self, name: str, refused: Refused) -> None:
        self._follower.metrics.count_errors(refused.codes)
        await self._socket.send_text(protocol.write("error", name, refused.errors))

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            log.error("internal error", exc_info=error)
