"""The endpoint: from an HTTP request to the committed answer of one operation."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive

from server import pages
from server.auth import Authenticator
from server.graphql import execution
from server.graphql.cost import check_cost
from server.graphql.documents import Documents
from server.graphql.execution import Answer, Executor
from server.graphql.failures import refusal_of
from server.graphql.idempotency import HEADER, once
from server.graphql.operations import Operation, read_operation, refuse_mutation_by_get, refuse_subscription
from server.graphql.rates import Rates
from server.graphql.refusals import Refused
from server.graphql.responses import LEGACY, negotiate, prefers_page, respond, respond_refused
from server.metrics import Metrics

CLIENT_CLOSED_REQUEST = 499


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`/graphql`: a page for browsers where there is one, answers for everybody else."""

    authenticator: Authenticator
    documents: Documents
    executor: Executor
    metrics: Metrics
    rates: Rates
    has_page: bool

    async def respond(self, request: Request) -> Response:
        """The response; what fails is told by a code, never by a traceback."""
        accept = request.headers.get("accept")
        if self.has_page and request.method == "GET" and "query" not in request.query_params and prefers_page(accept):
            return await asyncio.to_thread(pages.graphiql)
        media_type = negotiate(accept)
        try:
            if media_type is None:
                message = "Accept application/graphql-response+json or application/json."
                raise Refused("BAD_USER_INPUT", message, status=HTTPStatus.NOT_ACCEPTABLE)
            answer = await self._answer(request)
        except ClientDisconnect:
            return Response(status_code=CLIENT_CLOSED_REQUEST)
        except Refused as refused:
            self.metrics.count_errors(refused.codes)
            return respond_refused(refused, media_type or LEGACY)
        self.metrics.count_errors(answer.codes)
        self.metrics.count_deeds(answer.deeds)
        return respond(answer.body, media_type)

    async def _answer(self, request: Request) -> Answer:
        """The answer, worked out only as long as the client waits; whatever ends it becomes `Refused`."""
        operation = await read_operation(request)
        task = asyncio.create_task(self._execute(request, operation))
        if not await ends(task, request.receive):
            raise ClientDisconnect
        if error := task.exception():
            raise refusal_of(error, request.state.request_id) from error
        return task.result()

    async def _execute(self, request: Request, operation: Operation) -> Answer:
        viewer = await self.authenticator.viewer(request.headers.get("authorization"))
        document = self.documents.read(operation.text)
        selected = operation.select(document)
        refuse_subscription(selected)
        refuse_mutation_by_get(request, selected)
        cost = check_cost(self.documents.schema, document, selected, operation.variables, self.documents.limits)
        self.rates.take(viewer, cost)
        is_mutation = selected.operation is OperationType.MUTATION
        asked = execution.Request(
            operation=operation,
            is_mutation=is_mutation,
            viewer=viewer,
            request_id=request.state.request_id,
            once=once(request.headers.get(HEADER), viewer, operation) if is_mutation else None,
        )
        with self.metrics.operation(selected.operation.value):
            return await self.executor.execute(asked)


async def ends(task: asyncio.Task[Answer], receive: Receive) -> bool:
    """Waits for the task; cancels it, and waits until it has cleaned up, where the client leaves first."""
    leaving = asyncio.create_task(_until_gone(receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return task.done()
    finally:
        leaving.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
