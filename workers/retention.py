"""RETENTION: prunes what has expired, some rows a transaction, and artifacts that do not count."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from store.models.newcomers import forget_newcomers
from store.retention import expire_recommendations, forget_forecasts, forget_responses, remove_artifacts
from store.session import clock
from workers.assignment import Assignment

Prune = Callable[[Session, datetime], int]

PRUNED: tuple[tuple[str, Prune], ...] = (
    ("responses", forget_responses),
    ("recommendations", expire_recommendations),
    ("forecasts", forget_forecasts),
    ("newcomers", forget_newcomers),
)


def forget_expired(assignment: Assignment) -> dict[str, int]:
    """How many rows of each sort were pruned, and how many artifacts."""
    pruned = {name: _prune(assignment, prune, index, name) for index, (name, prune) in enumerate(PRUNED)}
    with assignment.reading() as session:
        return pruned | {"artifacts": remove_artifacts(session, assignment.archive)}


def _prune(assignment: Assignment, prune: Prune, index: int, name: str) -> int:
    total = 0
    while True:
        with assignment.step(progress=index / len(PRUNED), stage=f"pruning {name}") as session:
            pruned = prune(session, clock(session))
        if not pruned:
            return total
        total += pruned
