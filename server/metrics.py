"""What is counted: operations and their time, errors by code, and what was written to the audit log."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

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
        self.running = Gauge("finrec_operations_running", "Operations under way", registry=self.registry)

    @contextmanager
    def operation(self, kind: str) -> Iterator[None]:
        """Times one operation, whether it ends well or not."""
        with self.running.track_inprogress(), self.seconds.labels(kind).time():
            yield

    def count_errors(self, codes: Iterable[str]) -> None:
        for code in codes:
            self.errors.labels(code).inc()

    async def show(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
