"""All users in the order of their ids, a batch at a time, so that work can stop at any user and go on behind it."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session


def next_batch(session: Session, after: UUID | None, size: int) -> list[UUID]:
    """At most `size` users behind `after`; from the first one on where it is None."""
    return list(session.connection().execute(text(_NEXT), {"after": after, "size": size}).scalars())


def next_sample(session: Session, after: UUID | None, size: int, stride: int) -> list[UUID]:
    """At most `size` users behind `after` of one in `stride`, which are the same ones every time."""
    values = {"after": after, "size": size, "stride": stride}
    return list(session.connection().execute(text(_SAMPLE), values).scalars())


def count_behind(session: Session, after: UUID | None) -> int:
    """How many users there are behind `after`."""
    return int(session.connection().execute(text(_COUNT), {"after": after}).scalar_one())


_NEXT = """
SELECT id FROM users WHERE CAST(:after AS uuid) IS NULL OR id > :after ORDER BY id LIMIT :size
"""

_SAMPLE = """
SELECT id FROM users
WHERE (CAST(:after AS uuid) IS NULL OR id > :after) AND hashtextextended(CAST(id AS text), 0) % :stride = 0
ORDER BY id LIMIT :size
"""

_COUNT = "SELECT count(*) FROM users WHERE CAST(:after AS uuid) IS NULL OR id > :after"
