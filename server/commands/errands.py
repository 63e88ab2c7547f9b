"""A job that a command asks for, followed to its end; a worker of the command's own does it where no other takes it."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from server.children import check
from server.commands.people import ACTOR
from server.embedded import Service
from server.embedded.attach import environment
from server.embedded.service import log_file, size_of
from server.errors import ServerError
from server.processes import start, stop, stops_held
from store import audit, jobs
from store.audit import Deed
from store.errors import NotFound
from store.ids import uuid7
from store.jobs import doorbell
from store.loading import Progress
from store.session import transaction
from store.settings import Settings
from store.tables import Job

POLL_SECONDS = 0.2
TAKEN_SECONDS = 2.0
"""A worker that is idle hears the doorbell within this time."""
GOING_ON = ("QUEUED", "RUNNING")
ACTIONS = {"TRAINING": "train_models", "DRIFT": "detect_drift"}


def carry_out(
    settings: Settings, engine: Engine, *, kind: str, arguments: Mapping[str, Any], progress: Progress
) -> Job:
    """The job, once it has succeeded; raises `ServerError` where it ended otherwise. Who leaves before cancels it."""
    with doorbell.ringing(settings.redis_url), stops_held() as wait, ExitStack() as stack:
        job_id = uuid7()
        stack.callback(_cancel, engine, job_id)
        _request(engine, job_id, kind, arguments)
        ended = _followed(settings, engine, job_id, progress, stack, wait)
    if ended.status != "SUCCEEDED":
        raise ServerError(ended.error_message or f"The job {ended.id} ended as {ended.status}.")
    return ended


def _request(engine: Engine, job_id: UUID, kind: str, arguments: Mapping[str, Any]) -> None:
    with transaction(engine, everyone=True) as session:
        jobs.request(session, kind, arguments, requested_by=ACTOR, job_id=job_id)
        told = ",".join(arguments["categories"])
        audit.append(session, [Deed(actor=ACTOR, action=ACTIONS[kind], subject=str(job_id), detail=told)])


def _followed(
    settings: Settings,
    engine: Engine,
    job_id: UUID,
    progress: Progress,
    stack: ExitStack,
    wait: Callable[[float], None],
) -> Job:
    deadline = time.monotonic() + TAKEN_SECONDS
    worker: Service | None = None
    while (run := _found(engine, job_id)).status in GOING_ON:
        progress(run.stage or run.status.lower(), run.progress)
        if worker:
            check([worker])
        elif run.attempts == 0 and time.monotonic() > deadline:
            worker = stack.enter_context(_working(settings))
        wait(POLL_SECONDS)
    return run


@contextmanager
def _working(settings: Settings) -> Iterator[Service]:
    log = log_file(settings.data_dir.resolve(), "worker")
    begins = size_of(log)
    process = start([sys.executable, "-m", "workers"], log=log, env=environment(settings))
    try:
        yield Service(name="worker", process=process, log=log, log_begins=begins)
    finally:
        stop(process)


def _found(engine: Engine, job_id: UUID) -> Job:
    with transaction(engine) as session:
        return jobs.find(session, job_id)


def _cancel(engine: Engine, job_id: UUID) -> None:
    """Changes nothing where the job has ended, or was never requested."""
    with suppress(NotFound), transaction(engine) as session:
        jobs.cancel(session, job_id)
