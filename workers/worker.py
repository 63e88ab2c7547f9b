"""The worker: answers the doorbell, and sweeps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from uuid import UUID

import dramatiq
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis import RedisError

from store.jobs import doorbell
from store.settings import Settings
from workers.database import reach
from workers.log import Patience
from workers.pace import LIMITS, Limit, Pace
from workers.supervisor import CHILD, Supervisor
from workers.sweeper import repeated, sweep

JOBS_AT_ONCE = 1
IDLE_MILLISECONDS = 500
STOP_MILLISECONDS = 6000
PACE = Pace()

LOG = structlog.get_logger()


@contextmanager
def working(
    settings: Settings,
    *,
    pace: Pace = PACE,
    limits: Mapping[str, Limit] = LIMITS,
    child: tuple[str, ...] = CHILD,
) -> Iterator[None]:
    """Does jobs while the block lasts; at its end kills the child, gives the job back and is gone in ten seconds."""
    engine, broker = reach(settings), doorbell.open_broker(settings.redis_url)
    stopping, patience = Event(), Patience()
    supervisor = Supervisor(
        engine=engine,
        stopping=stopping,
        patience=patience,
        pace=pace,
        limits=limits,
        child=child,
    )

    def step() -> None:
        sweep(engine, broker, pace)

    with (
        answering(broker, supervisor),
        repeated(step, seconds=pace.sweep_seconds, stopping=stopping, patience=patience),
    ):
        yield
    engine.dispose()
    broker.client.close()


@contextmanager
def answering(broker: RedisBroker, supervisor: Supervisor) -> Iterator[None]:
    """Dramatiq's threads; a message is fetched only where there are hands for it."""
    _register(broker, supervisor)
    worker = dramatiq.Worker(broker, worker_threads=JOBS_AT_ONCE, worker_timeout=IDLE_MILLISECONDS)
    worker.queue_prefetch = JOBS_AT_ONCE
    worker.start()
    try:
        yield
    finally:
        supervisor.stopping.set()
        _stop(worker)


def _register(broker: RedisBroker, supervisor: Supervisor) -> None:
    """The one actor: its message carries the id of a job and nothing else."""

    @dramatiq.actor(actor_name=doorbell.ACTOR, queue_name=doorbell.QUEUE, broker=broker)
    def run_job(job_id: str) -> None:
        supervisor.run(UUID(job_id))


def _stop(worker: dramatiq.Worker) -> None:
    """What was fetched and not begun goes back; where Redis is away, a sweep of another worker finds the job."""
    try:
        worker.stop(timeout=STOP_MILLISECONDS)
    except RedisError as error:
        LOG.warning("messages could not be given back", error=str(error))
