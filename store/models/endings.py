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
    """When a training left a category out for want of data, or failed before it was done with it, and why."""

    at: datetime
    failed: bool
    reason: str


def as_result(*endings: CategoryEnding) -> dict[str, dict[str, Any]]:
    """As they stand in `jobs.result`."""
    return {each.category: asdict(each) for each in endings}


def endings_in(result: Mapping[str, Any]) -> list[CategoryEnding]:
    """Read back from the `jobs.result` of a training."""
    return [CategoryEnding(**{**told, "ending": TrainingEnding(told["ending"])}) for told in result.values()]


def refusals(session: Session, categories: Collection[str]) -> dict[str, Refusal]:
    """Of these categories, those of which the last training that was to train them made nothing."""
    rows = session.connection().execute(text(_REFUSALS), {"categories": list(categories)})
    return {row.category: Refusal(at=row.at, failed=row.ending is None, reason=row.reason) for row in rows}


_REFUSALS = """
SELECT category, at, told ->> 'ending' AS ending, coalesce(told ->> 'reason', error_message) AS reason FROM (
    SELECT DISTINCT ON (wanted.category)
           wanted.category, coalesce(finished_at, started_at) AS at, result -> wanted.category AS told, error_message
    FROM unnest(CAST(:categories AS text[])) AS wanted (category)
    JOIN jobs ON kind = 'TRAINING' AND (result ? wanted.category OR status IN ('FAILED', 'DEAD') AND (
        NOT arguments ? 'categories' OR arguments -> 'categories' ? wanted.category
    ))
    ORDER BY wanted.category, coalesce(finished_at, started_at) DESC, id DESC
) AS latest
WHERE told IS NULL OR told ->> 'ending' = 'INSUFFICIENT_DATA'
"""
