"""What runs the server: jobs, schedules, the audit log, models' performance, market data."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from store.tables.columns import QUANTITY, at_least, one_of, row_id, share, timestamp


class JobKind(StrEnum):
    """What a job does."""

    TRAINING = "TRAINING"
    DRIFT = "DRIFT"
    SCORING = "SCORING"
    LEDGER = "LEDGER"
    RETENTION = "RETENTION"


class RunStatus(StrEnum):
    """DEAD: given up after three attempts."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    DEAD = "DEAD"
    CANCELLED = "CANCELLED"


class Job(SQLModel, table=True):
    """Work for a child process of a worker.

    `fence` grows with each claim, so that a late writer is told apart; `cursor` says how far the work has come, so that
    the next claim goes on from there. `result` is what came of it so far: of a training, its ending in each category.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("kind", JobKind),
        one_of("status", RunStatus),
        at_least("attempts", 0),
        share("progress"),
        Index("ix_jobs_requested_at", "requested_at", "id"),
        Index("ix_jobs_open", "status", postgresql_where="status IN ('QUEUED', 'RUNNING')"),
    )

    id: UUID = row_id()
    kind: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    idempotency_key: str | None = Field(default=None, unique=True)
    status: str = "QUEUED"
    attempts: int = 0
    fence: int = 0
    lease_until: dt.datetime | None = timestamp(nullable=True)
    progress: float = 0
    stage: str | None = None
    cursor: str | None = None
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}"))
    requested_by: str
    requested_at: dt.datetime = timestamp()
    started_at: dt.datetime | None = timestamp(nullable=True)
    finished_at: dt.datetime | None = timestamp(nullable=True)
    error_code: str | None = None
    error_message: str | None = None


class ScheduleSlot(SQLModel, table=True):
    """One due time of one schedule: the primary key makes it happen once, whoever finds it due."""

    __tablename__ = "schedule_slots"

    name: str = Field(primary_key=True)
    slot: dt.datetime = Field(sa_type=DateTime(timezone=True), primary_key=True)
    job_id: UUID | None = Field(default=None, foreign_key="jobs.id", ondelete="SET NULL")
    created_at: dt.datetime = timestamp()


class MlModelPerformance(SQLModel, table=True):
    """One metric of one model at one time, beside the baseline it has to beat."""

    __tablename__ = "ml_model_performance"
    __table_args__ = (Index("ix_ml_model_performance_model_name_recorded_at", "model_name", "recorded_at"),)

    id: UUID = row_id()
    model_name: str
    metric_name: str
    metric_value: Decimal = Field(sa_type=Numeric(15, 8))
    baseline_value: Decimal | None = Field(default=None, sa_type=Numeric(15, 8))
    recorded_at: dt.datetime = timestamp()


class AuditEntry(SQLModel, table=True):
    """Who did what to whom: `hash` covers this entry and the one before, so that a change or a gap shows."""

    __tablename__ = "audit_log"
    __table_args__ = (
        UniqueConstraint("id"),
        *(Index(f"ix_audit_log_{sought}_sequence", sought, "sequence") for sought in ("subject", "actor", "action")),
    )

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: UUID
    at: dt.datetime = timestamp()
    actor: str
    action: str
    subject: str
    detail: str | None = None
    hash: bytes


class IdempotentResponse(SQLModel, table=True):
    """The answer to a mutation that carried an `Idempotency-Key`, encrypted; the same key gets it again."""

    __tablename__ = "idempotent_responses"

    viewer: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: bytes
    response: bytes
    created_at: dt.datetime = timestamp()


class Asset(SQLModel, table=True):
    """A security that can be held."""

    __tablename__ = "assets"

    symbol: str = Field(primary_key=True)
    name: str
    asset_class: str


class Price(SQLModel, table=True):
    """The close of one day, and the index with distributions reinvested."""

    __tablename__ = "prices"
    __table_args__ = (CheckConstraint("close > 0", name="close_positive"),)

    symbol: str = Field(primary_key=True, foreign_key="assets.symbol", ondelete="CASCADE")
    date: dt.date = Field(primary_key=True)
    close: Decimal = Field(sa_type=QUANTITY)
    total_return: Decimal | None = Field(default=None, sa_type=QUANTITY)


class PeerNewcomer(SQLModel, table=True):
    """Somebody who came after a model of peers was trained, as its artifact would keep it: nothing names the person.

    `person` is made with the user's own key, so that one person is one row, and nobody's once the key is erased;
    `released_at` is the moment from which others may find it, the same for at least twenty.
    """

    __tablename__ = "peer_newcomers"
    __table_args__ = (Index("ix_peer_newcomers_checksum_released_at", "checksum", "released_at"),)

    person: bytes = Field(primary_key=True)
    checksum: str
    described: bytes
    released_at: dt.datetime | None = timestamp(nullable=True)
