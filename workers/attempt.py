"""One attempt, in a process of its own: does the work of a claim, and tells the parent how it ended.

Standard input is the parent's: when it closes, the parent is gone and so is this process group. Standard output is the
report; whatever else is printed goes to standard error.
"""

import fcntl
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from engine.errors import EngineError
from store.artifacts import archive_of
from store.crypto import Vault
from store.errors import ClaimLost, Misconfigured, StoreError, Unavailable
from store.jobs import claims
from store.session import transaction
from store.settings import Settings, load_settings
from workers.assignment import Assignment
from workers.database import CHILD_IDLE_SECONDS, open_engine
from workers.log import brief, configure, is_absence

Work = Callable[[Assignment], Mapping[str, Any]]

LOG = structlog.get_logger()


def attempt(work: Mapping[str, Work]) -> None:
    """Does the work of the claim that the command line names; what it does not know how to report is a crash."""
    job_id, fence = UUID(sys.argv[1]), int(sys.argv[2])
    end_with_parent()
    report = _take_standard_output()
    settings = load_settings()
    configure(settings.log_level)
    structlog.contextvars.bind_contextvars(job=str(job_id), fence=fence)
    with os.fdopen(report, "w") as output:
        json.dump(_outcome(job_id, fence, settings, work), output)


def end_with_parent() -> None:
    """Kills the whole group when the parent closes our standard input, which it does at the latest when it dies."""
    if hasattr(fcntl, "F_SETSIG"):  # Linux does it by itself, even while we are stopped or in a long call of a library
        fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([0], [], [], 0)[0]:
            _end()
    else:
        threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    os.read(0, 1)
    _end()


def _end() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _take_standard_output() -> int:
    report = os.dup(1)
    os.dup2(2, 1)
    return report


def _outcome(job_id: UUID, fence: int, settings: Settings, work: Mapping[str, Work]) -> dict[str, Any]:
    try:
        return {"ended": "DONE", "result": _do(job_id, fence, settings, work)}
    except ClaimLost:
        return {"ended": "LOST"}
    except DBAPIError as error:
        if not is_absence(error):
            raise
        return {"ended": "CRASHED", "code": Unavailable.code, "message": brief(error)}
    except Unavailable as error:
        return {"ended": "CRASHED", "code": error.code, "message": str(error)}
    except (StoreError, EngineError) as error:
        return {"ended": "FAILED", "code": error.code, "message": str(error)}


def _do(job_id: UUID, fence: int, settings: Settings, work: Mapping[str, Work]) -> Mapping[str, Any]:
    engine = open_engine(settings, idle_seconds=CHILD_IDLE_SECONDS)
    with transaction(engine) as session:
        claim = claims.held(session, job_id, fence)
    if claim.kind not in work:
        raise Misconfigured(f"This worker does not know jobs of the kind {claim.kind}.")
    LOG.info("work begins", kind=claim.kind, attempt=claim.attempts, cursor=claim.cursor)
    vault, archive = Vault(settings.encryption_keys), archive_of(settings)
    return work[claim.kind](Assignment(claim=claim, engine=engine, vault=vault, archive=archive))
