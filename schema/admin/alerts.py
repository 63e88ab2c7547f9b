"""What an administrator should know."""

from datetime import datetime

import strawberry

from schema.answers import RecommendationCategory
from schema.enums import Severity


@strawberry.type(description="Something that an administrator should know; one open alert a cause.")
class Alert:
    """A row of `alerts`."""

    id: strawberry.ID
    severity: Severity
    category: RecommendationCategory | None
    title: str
    description: str
    raised_at: datetime
    resolved_at: datetime | None = strawberry.field(
        description="Since when its cause is over; it is not sent to places that have not been told by then."
    )
    acknowledged_at: datetime | None
