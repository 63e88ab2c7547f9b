"""The training that `finrec up` begins with: of every category for which no model was ever trained."""

import sys
import time
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from engine.catalog import TRAINERS
from engine.learning.training import LEAST_PEOPLE
from server.progress import followed
from store import jobs
from store.batches import count_behind
from store.jobs import doorbell
from store.models import registry
from store.session import connect, transaction
from store.settings import Settings
from store.tables import Job

POLL_SECONDS = 0.5
OPEN = ("QUEUED", "RUNNING")
REQUESTED_BY = "finrec up"


def request_first_training(settings: Settings) -> UUID | None:
    """The job, first in the queue; None where every category was trained before or there are too few people."""
    engine = connect(str(settings.database_url))
    broker = doorbell.open_broker(settings.redis_url)
    try:
        with transaction(engine, everyone=True) as session:
            newest = registry.newest(session, TRAINERS)
            untrained = [name for name in TRAINERS if name not in newest]
            if not untrained or count_behind(session, None) < LEAST_PEOPLE:
                return None
            return jobs.request(session, "TRAINING", {"categories": untrained}, requested_by=REQUESTED_BY).id
    finally:
        broker.client.close()
        engine.dispose()


def await_training(settings: Settings, job_id: UUID, check: Callable[[], None]) -> None:
    """Until the job has ended, well or not; `check` raises where a process has ended."""
    engine = connect(str(settings.database_url))
    try:
        with followed("models") as progress:
            while (job := _job(engine, job_id)).status in OPEN:
                check()
                progress(job.stage or "waiting for the worker", job.progress)
                time.sleep(POLL_SECONDS)
    finally:
        engine.dispose()
    if job.status != "SUCCEEDED":
        print(f"The models were not trained: {job.error_message or job.status}", file=sys.stderr, flush=True)


def _job(engine: Engine, job_id: UUID) -> Job:
    with transaction(engine) as session:
        return jobs.find(session, job_id)
