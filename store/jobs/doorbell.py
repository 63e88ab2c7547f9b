"""The doorbell: a message of Dramatiq with the id of a job, by which a worker knows at once that there is one.

It may be lost, doubled or late without harm: the job's row is what counts, and a sweep rings again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import dramatiq
import structlog
from dramatiq.brokers.redis import RedisBroker
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry
from sqlalchemy import event
from sqlmodel import Session

from store.errors import Misconfigured

QUEUE = "jobs"
ACTOR = "run_job"
CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 2.0
RING_SECONDS = 0.1
"""Who asks for a job waits no longer for Redis."""
BELLS = "finrec.bells"

LOG = structlog.get_logger()


def open_broker(url: str | None, *, answer_seconds: float = ANSWER_SECONDS) -> RedisBroker:
    """Dramatiq's broker of this process, without middleware: limits, retries and results are the job's, not the bell's.

    Short time-outs, nobody waits twice: a sweep will ring again. Only a connection that broke is opened anew at once.
    """
    if url is None:
        raise Misconfigured("REDIS_URL is not set: redis://host:6379/0")
    try:
        client = Redis.from_url(
            url,
            socket_connect_timeout=min(CONNECT_SECONDS, answer_seconds),
            socket_timeout=answer_seconds,
            retry=Retry(NoBackoff(), 1, supported_errors=(Disconnected,)),
        )
    except ValueError as error:
        raise Misconfigured("REDIS_URL is not a URL: write redis://host:6379/0") from error
    broker = RedisBroker(client=client, middleware=[])  # type: ignore[no-untyped-call]
    dramatiq.set_broker(broker)
    return broker


@contextmanager
def ringing(url: str | None) -> Iterator[None]:
    """Jobs that this process requests ring while the block lasts."""
    broker = open_broker(url, answer_seconds=RING_SECONDS)
    try:
        yield
    finally:
        dramatiq.set_broker(None)  # type: ignore[arg-type]
        broker.client.close()


def ring(job_id: UUID) -> None:
    """Tells the workers of a job; where that fails, or this process has opened no broker, a sweep will tell them."""
    broker = dramatiq.broker.global_broker
    if broker is None:
        return
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=QUEUE, actor_name=ACTOR, args=(str(job_id),), kwargs={}, options={}
    )
    try:
        broker.enqueue(message)
    except RedisError as error:
        LOG.warning("the doorbell does not ring", job=str(job_id), error=str(error))


def ring_after_commit(session: Session, job_id: UUID) -> None:
    """Tells of a job that this transaction requests, once there is something to find."""
    session.info.setdefault(BELLS, []).append(job_id)
    if not event.contains(session, "after_commit", _ring_noted):
        event.listen(session, "after_commit", _ring_noted)


def bells_waiting(broker: RedisBroker) -> int:
    """Messages that no worker has fetched yet: while there are any, the workers are busy, not asleep."""
    return int(broker.client.llen(f"{broker.namespace}:{QUEUE}"))


def bells() -> int | None:
    """The same of this process; None where Redis does not answer in time, or no broker is open."""
    broker = dramatiq.broker.global_broker
    try:
        return bells_waiting(broker) if isinstance(broker, RedisBroker) else None
    except RedisError:
        return None


def _ring_noted(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint was released
        return
    for job_id in session.info.pop(BELLS, ()):
        ring(job_id)
