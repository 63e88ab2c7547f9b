"""Rings for what was left behind: jobs that nobody started, and jobs whose worker died."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from dramatiq.brokers.redis import RedisBroker
from redis import RedisError
from sqlalchemy import Engine

from store.jobs import claims, doorbell
from store.monitoring.alerts import alert_dead
from store.session import transaction
from workers.log import Patience
from workers.pace import Pace

LOG = structlog.get_logger()


def sweep(engine: Engine, broker: RedisBroker, pace: Pace) -> None:
    """One sweep; rings for jobs that wait only while no bell is waiting, or busy workers would find thousands."""
    with transaction(engine) as session:
        swept = claims.sweep(session, queued_seconds=pace.queued_seconds, grace_seconds=pace.lease_seconds)
        for job_id in swept.dead:
            alert_dead(session, job_id)
    for job_id in swept.dead:
        LOG.error("job left", status="DEAD", job=str(job_id), error_code="LEASE_EXPIRED")
    for job_id in swept.requeued:
        LOG.warning("job queued again", job=str(job_id), error_code="LEASE_EXPIRED")
        doorbell.ring(job_id)
    if swept.waiting and not swept.requeued and _is_quiet(broker):
        LOG.info("bell rung again", jobs=len(swept.waiting))
        for job_id in swept.waiting:
            doorbell.ring(job_id)


@contextmanager
def repeated(step: Callable[[], None], *, seconds: float, stopping: Event, patience: Patience) -> Iterator[None]:
    """Takes the step again and again while the block lasts, outages of the database or not."""

    def repeat() -> None:
        while not stopping.is_set():
            with patience:
                step()
            stopping.wait(seconds)

    thread = Thread(target=repeat, name="repeat")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _is_quiet(broker: RedisBroker) -> bool:
    try:
        return doorbell.bells_waiting(broker) == 0
    except RedisError:  # the next sweep will see
        return False
