"""SCORING: brings the advice of all users up to date, in the order of their ids.

The cursor is the last user who is done. It is written together with what was computed, so work that is taken up again
goes on with the next user, and nobody is written twice.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import Session

from engine.errors import EngineError
from store import advice
from store.batches import count_behind, next_batch
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import clock
from workers.assignment import Assignment

BATCH_USERS = 100  # some seconds: what a killed worker loses, and how long rows stay locked

Score = Callable[[Session, Vault, Shelf, Sequence[UUID], datetime], Sequence[object]]

LOG = structlog.get_logger()


def score_everyone(
    assignment: Assignment, *, score: Score = advice.score, batch_users: int = BATCH_USERS
) -> dict[str, Any]:
    """How many users were scored by this claim, and how often which fault left a category without an answer."""
    cursor = assignment.claim.cursor
    after = None if cursor is None else UUID(cursor)
    with assignment.reading() as session:
        total, left = count_behind(session, None), count_behind(session, after)
    done, faults, shelf = total - left, Counter[str](), Shelf(assignment.archive)
    while users := _next(assignment, after, batch_users):
        after, done = users[-1], done + len(users)
        stage = f"{done} of {total} users"
        with assignment.step(progress=done / max(total, done), stage=stage, cursor=str(after)) as session:
            outcomes = score(session, assignment.vault, shelf, users, clock(session))
        _tell(outcomes, faults)
    return {"users": done - (total - left), "faults": dict(faults)}


def _next(assignment: Assignment, after: UUID | None, size: int) -> list[UUID]:
    with assignment.reading() as session:
        return next_batch(session, after, size)


def _tell(outcomes: Sequence[object], faults: Counter[str]) -> None:
    """A fault is told once a claim; what the engine refuses to answer is an answer, not a fault."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, EngineError):
            name = type(outcome).__name__
            if name not in faults:
                LOG.error("advice failed", fault=name, exc_info=outcome)
            faults[name] += 1
