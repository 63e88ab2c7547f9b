"""What the work of a kind is given: its claim, and transactions that count only while the claim holds."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from store import audit
from store.artifacts import Archive
from store.audit import Deed
from store.crypto import Vault
from store.jobs import claims
from store.jobs.claims import Claim
from store.session import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A claim, and the means to work on it."""

    claim: Claim
    engine: Engine
    vault: Vault
    archive: Archive

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees everyone and writes nothing."""
        with transaction(self.engine, everyone=True) as session:
            session.connection().execute(text("SET TRANSACTION READ ONLY"))
            yield session

    @contextmanager
    def step(
        self,
        *,
        progress: float,
        stage: str,
        cursor: str | None = None,
        result: Mapping[str, Any] | None = None,
        deeds: Sequence[Deed] = (),
    ) -> Iterator[Session]:
        """A transaction in which the work comes as far as `progress` and `cursor` say; with it all of them are kept.

        What the block adds to `result` comes to the job's; its `deeds` are written down behind the job's row, in the
        order in which `cancelRun` takes both. Raises `ClaimLost`, and writes nothing, where the claim was lost before
        the end of the block.
        """
        with transaction(self.engine, everyone=True) as session:
            yield session
            claims.advance(session, self.claim, progress=progress, stage=stage, cursor=cursor, result=result)
            audit.append(session, deeds)

    def report(self, progress: float, stage: str, result: Mapping[str, Any] | None = None) -> None:
        """Tells how far the work has come where nothing else is written."""
        with self.step(progress=progress, stage=stage, result=result):
            pass
