"""What a request carries: who asks, its one transaction, its clock, and what it has to answer for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from store.audit import Deed
from store.crypto import Vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: `user_id` is None for an administrator without a user."""

    subject: str
    is_admin: bool
    user_id: UUID | None

    def may_read(self, user_id: UUID) -> bool:
        return self.is_admin or self.user_id == user_id


@dataclass(slots=True, kw_only=True)
class Context:
    """One request. Resolvers reach the store through `run` alone."""

    viewer: Viewer | None
    session: Session
    vault: Vault
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    deeds: list[Deed] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def today(self) -> date:
        return self.now.date()

    async def run(self, work: Callable[[Session], T]) -> T:
        """Runs database work in a thread; one at a time, since a transaction is one conversation."""
        async with self.lock:
            return await asyncio.to_thread(work, self.session)

    def audit(self, action: str, subject: UUID | str, detail: str | None = None) -> None:
        """Notes what is to be written to the audit log before the answer leaves."""
        actor = self.viewer.subject if self.viewer else "anonymous"
        self.deeds.append(Deed(actor=actor, action=action, subject=str(subject), detail=detail))
