"""What a request carries: who asks, its one transaction, its clock, and what it has to answer for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

import strawberry
from sqlmodel import Session

from schema.loaders import Loaders
from schema.viewer import Viewer
from store.audit import Deed
from store.crypto import Vault
from store.ids import uuid7
from store.models.shelf import Shelf

T = TypeVar("T")

VIEW = "view"


@dataclass(slots=True, kw_only=True)
class Context:
    """One request. Resolvers reach the store through `run` and the loaders alone.

    `deeds` are written to the audit log in the request's transaction; `refusals` in one of their own, since a request
    that is refused is rolled back.
    """

    viewer: Viewer | None
    session: Session
    vault: Vault
    shelf: Shelf
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    request_id: str = field(default_factory=lambda: str(uuid7()))
    deeds: list[Deed] = field(default_factory=list)
    refusals: list[Deed] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    loaders: Loaders = field(init=False)
    views: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.forget()

    @property
    def today(self) -> date:
        return self.now.date()

    async def run(self, work: Callable[[Session], T]) -> T:
        """Runs database work in a thread; one at a time, since a transaction is one conversation."""
        async with self.lock:
            return await self.perform(work)

    async def perform(self, work: Callable[[Session], T]) -> T:
        """A thread cannot be stopped: where the request is cancelled, the session stays taken until its work ends."""
        running = asyncio.ensure_future(asyncio.to_thread(work, self.session))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})
            raise

    def forget(self) -> None:
        """Drops what the loaders have read; called after each change."""
        self.loaders = Loaders(run=self.run, vault=self.vault, shelf=self.shelf, now=self.now)

    def audit(self, action: str, subject: UUID | str, detail: str | None = None) -> None:
        """Notes what is to be written to the audit log before the answer leaves; views of a user become one deed."""
        place = self.views.setdefault(str(subject), len(self.deeds)) if action == VIEW else len(self.deeds)
        if place == len(self.deeds):
            self.deeds.append(self._deed(action, subject, detail))
        elif detail not in (self.deeds[place].detail or "").split(","):
            self.deeds[place] = replace(self.deeds[place], detail=f"{self.deeds[place].detail},{detail}")

    def refuse(self, field_name: str, subject: UUID | str, code: str) -> None:
        """Notes that something was asked for that this viewer may not have."""
        self.refusals.append(self._deed("refused", subject, f"{field_name}: {code}"))

    def _deed(self, action: str, subject: UUID | str, detail: str | None) -> Deed:
        actor = self.viewer.subject if self.viewer else "anonymous"
        return Deed(actor=actor, action=action, subject=str(subject), detail=detail)


Info = strawberry.Info[Context, None]
