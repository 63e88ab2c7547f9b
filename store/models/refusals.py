"""Why a category was not trained: told at the end of a training in its stage, and found there again."""

from collections.abc import Collection, Mapping

from sqlalchemy import text
from sqlmodel import Session

BETWEEN = "; "


def summary(trained: Collection[str], skipped: Mapping[str, str]) -> str:
    """The last stage of a training: what was trained, and of what was not, why."""
    return BETWEEN.join([*trained, *(f"skipped {category}: {reason}" for category, reason in skipped.items())])


def last_refusals(session: Session, categories: Collection[str]) -> dict[str, str]:
    """Why the last training that skipped a category did so, by category."""
    rows = session.connection().execute(text(_LAST), {"categories": list(categories), "next": f"{BETWEEN}skipped "})
    return {row.category: row.reason for row in rows}


_LAST = """
SELECT DISTINCT ON (category) category,
       split_part(split_part(stage, 'skipped ' || category || ': ', 2), :next, 1) AS reason
FROM unnest(CAST(:categories AS text[])) AS wanted (category)
JOIN jobs ON kind = 'TRAINING' AND status = 'SUCCEEDED' AND position('skipped ' || category || ': ' IN stage) > 0
ORDER BY category, finished_at DESC, id DESC
"""
