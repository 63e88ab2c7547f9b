"""What is counted: operations and their time, errors by code, and what was written to the audit log."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from schema.context import VIEW
from store.audit import Deed

BUCKETS_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "finrec_operation_seconds",
            "From the request read to the answer committed",
            ["operation"],
            registry=self.registry,
            buckets=BUCKETS_SECONDS,
        )
        self.errors = Counter("finrec_errors", "Errors answered", ["code"], registry=self.registry)
        self.deeds = Counter("finrec_deeds", "Entries of the audit log", ["action"], registry=self.registry)
        self.shown = Counter("finrec_shown", "Parts of a user's data that were shown", ["part"], registry=self.registry)
        self.running = Gauge("finrec_operations_running", "Operations under way", registry=self.registry)
        self.connections = Gauge("finrec_connections", "WebSockets that are open", registry=self.registry)
        self.followed = Gauge("finrec_subscriptions_running", "Subscriptions under way", registry=self.registry)

    @contextmanager
    def operation(self, kind: str) -> Iterator[None]:
        """Times one operation, whether it ends well or not."""
        with self.running.track_inprogress(), self.seconds.labels(kind).time():
            yield

    def count_errors(self, codes: Iterable[str]) -> None:
        for code in codes:
            self.errors.labels(code).inc()

    def count_deeds(self, deeds: Iterable[Deed]) -> None:
        """One for each deed, and one for each category or other part that was shown of a user."""
        for deed in deeds:
            self.deeds.labels(deed.action).inc()
            for part in (deed.detail or "").split(",") if deed.action == VIEW else ():
                self.shown.labels(part).inc()

    async def show(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
