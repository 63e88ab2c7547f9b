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
    acknowledged_at: datetime | None
