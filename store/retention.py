"""What has had its time: answers kept for repeated requests, and recommendations that are not valid any more."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

RESPONSE_HOURS = 24
AT_ONCE = 5000


def forget_responses(session: Session, now: datetime) -> int:
    """Deletes some of the answers that no repeated request gets any more; how many, 0 where none are left."""
    values = {"now": now, "hours": RESPONSE_HOURS, "most": AT_ONCE}
    return session.connection().execute(text(_FORGET), values).rowcount


def expire_recommendations(session: Session, now: datetime) -> int:
    """Ends some of the recommendations behind their validity; what the user decided on stays. 0 where none are left."""
    return session.connection().execute(text(_EXPIRE), {"now": now, "most": AT_ONCE}).rowcount


_FORGET = """
DELETE FROM idempotent_responses WHERE (viewer, key) IN (
    SELECT viewer, key FROM idempotent_responses
    WHERE created_at < :now - :hours * interval '1 hour' LIMIT :most FOR UPDATE SKIP LOCKED
)
"""

_EXPIRE = """
UPDATE ml_recommendations SET status = 'EXPIRED' WHERE id IN (
    SELECT id FROM ml_recommendations
    WHERE status IN ('ACTIVE', 'VIEWED') AND valid_until <= :now LIMIT :most FOR UPDATE SKIP LOCKED
)
"""
