"""Who asks; apart from the context, so that a token is made and read without all that answers."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: `user_id` is None for an administrator without a user."""

    subject: str
    is_admin: bool
    user_id: UUID | None

    def may_read(self, user_id: UUID) -> bool:
        return self.is_admin or self.user_id == user_id
