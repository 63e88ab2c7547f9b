"""Who may follow what: the guards of any operation, and how many connections there may be."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from schema.viewer import Viewer
from server.auth import Authenticator
from server.graphql.cost import check_cost
from server.graphql.documents import Documents
from server.graphql.execution import Answer, Executor, Request
from server.graphql.operations import Operation, refuse_all_but_subscription
from server.metrics import Metrics
from server.websocket.following import follow
from server.websocket.protocol import Closed, Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many connections a process takes, how many of one viewer, and how much on one of them."""

    connections: int = 200
    of_one_viewer: int = 20
    operations: int = 10
    init_seconds: float = 10.0


BOUNDS = Bounds()


@dataclass(slots=True, kw_only=True)
class Follower:
    """What all connections share."""

    authenticator: Authenticator
    documents: Documents
    executor: Executor
    metrics: Metrics
    bounds: Bounds = BOUNDS
    connected: int = 0
    viewers: Counter[str] = field(default_factory=Counter)

    @property
    def is_full(self) -> bool:
        return self.connected >= self.bounds.connections

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Counts a connection for as long as the block lasts."""
        self.connected += 1
        try:
            with self.metrics.connections.track_inprogress():
                yield
        finally:
            self.connected -= 1

    @contextmanager
    def admitted(self, viewer: Viewer | None) -> Iterator[None]:
        """Counts a connection of this viewer likewise; raises `Closed` where there are too many."""
        name = viewer.subject if viewer else ""
        if self.viewers[name] >= self.bounds.of_one_viewer:
            raise Closed(Code.TRY_AGAIN_LATER, "This viewer has too many connections: close another one first.")
        self.viewers[name] += 1
        try:
            yield
        finally:
            self.viewers -= Counter({name: 1})  # a name without connections is forgotten

    async def answers(
        self, viewer: Viewer | None, operation: Operation, request_id: str
    ) -> AsyncGenerator[Answer, None]:
        """The answers of a subscription; raises an error where it may not run, or cannot go on."""
        document = self.documents.read(operation.text)
        selected = operation.select(document)
        refuse_all_but_subscription(selected)
        check_cost(self.documents.schema, document, selected, operation.variables, self.documents.limits)
        asked = Request(operation=operation, is_mutation=False, viewer=viewer, request_id=request_id)
        with self.metrics.followed.track_inprogress():
            async with aclosing(follow(self.executor, asked)) as answers:
                async for answer in answers:
                    self.metrics.count_deeds(answer.deeds)
                    self.metrics.count_errors(answer.codes)
                    yield answer
