"""What was answered and recommended, encrypted with the user's own key."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine import enums
from store.tables.columns import one_of, owner, row_id, share, timestamp


class UserKey(SQLModel, table=True):
    """A user's data key, wrapped by a key-encryption key; erasing this row erases all that it encrypted."""

    __tablename__ = "user_keys"

    user_id: UUID = owner(primary_key=True)
    key_id: UUID
    wrapped_by: str
    wrapped: bytes
    created_at: datetime = timestamp()


class KeptAnswer(SQLModel, table=True):
    """The one live answer of a user and category, and the versions on which its freshness rests."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("user_id", "category"),)

    id: UUID = row_id()
    user_id: UUID = owner()
    category: str
    data_version: int
    model_version: int | None = None
    basis_version: str
    generated_at: datetime = timestamp()
    valid_until: datetime = timestamp()
    payload: bytes


class MlRecommendation(SQLModel, table=True):
    """One piece of advice; the same `key` computed again keeps id, status and the time it was first given."""

    __tablename__ = "ml_recommendations"
    __table_args__ = (
        UniqueConstraint("user_id", "recommendation_type", "key"),
        one_of("priority", enums.Priority),
        one_of("status", enums.RecommendationStatus),
        share("confidence_score"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    answer_id: UUID | None = Field(default=None, foreign_key="answers.id", ondelete="SET NULL")
    recommendation_type: str
    key: str
    title: bytes
    description: bytes
    priority: str
    status: str = enums.RecommendationStatus.ACTIVE.value
    model_name: str
    confidence_score: Decimal | None = Field(default=None, sa_type=Numeric(5, 4))
    recommendation_data: bytes
    actionable_items: bytes
    created_at: datetime = timestamp()
    valid_until: datetime = timestamp()
