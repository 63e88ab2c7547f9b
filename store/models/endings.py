"""What trainings came to, category by category, as they wrote it into their jobs."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from engine.enums import TrainingEnding


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryEnding:
    """What a training came to in one category, and why.

    `version` is the number of the version that it made; `required` and `available` count people where too few were
    there.
    """

    category: str
    ending: TrainingEnding
    reason: str
    version: int | None = None
    required: int | None = None
    available: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """When a training left a category out for want of data, and why."""

    at: datetime
    reason: str


def as_result(*endings: CategoryEnding) -> dict[str, dict[str, Any]]:
    """As they stand in `jobs.result`."""
    return {each.category: asdict(each) for each in endings}


def endings_in(result: Mapping[str, Any]) -> list[CategoryEnding]:
    """Read back from the `jobs.result` of a training."""
    return [CategoryEnding(**{**told, "ending": TrainingEnding(told["ending"])}) for told in result.values()]


def refusals(session: Session, categories: Collection[str]) -> dict[str, Refusal]:
    """Of these categories, those that the last training which came to them left out for want of data."""
    rows = session.connection().execute(text(_REFUSALS), {"categories": list(categories)})
    return {row.category: Refusal(at=row.at, reason=row.reason) for row in rows}


_REFUSALS = """
SELECT category, at, told ->> 'reason' AS reason FROM (
    SELECT DISTINCT ON (each.key)
           each.key AS category, each.value AS told, coalesce(jobs.finished_at, jobs.started_at) AS at
    FROM jobs CROSS JOIN LATERAL jsonb_each(jobs.result) AS each
    WHERE jobs.kind = 'TRAINING' AND each.key = ANY(:categories)
    ORDER BY each.key, coalesce(jobs.finished_at, jobs.started_at) DESC, jobs.id DESC
) AS latest
WHERE told ->> 'ending' = 'INSUFFICIENT_DATA'
"""
