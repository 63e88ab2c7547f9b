"""Trained models: versions, which one was in place when, drift, alerts, experiments, and the ledger of forecasts."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from engine import enums
from store.tables.columns import one_of, owner, row_id, share, timestamp


class ModelVersion(SQLModel, table=True):
    """One trained model of a category: `path` is its artifact under the artifacts' URL, `checksum` its manifest's.

    `proven` says that it beat the rule on people held out with 95 % confidence.
    `manifest` is what the artifact says of itself (features, metrics, importance, parameters, window of data), and
    beside it the `verdict`: why the training put it in place, or why not.
    """

    __tablename__ = "model_versions"
    __table_args__ = (
        UniqueConstraint("category", "version"),
        one_of("stage", enums.VersionStage),
        Index("uq_model_versions_champion", "category", unique=True, postgresql_where="stage = 'CHAMPION'"),
    )

    id: UUID = row_id()
    category: str
    version: int
    stage: str = enums.VersionStage.CHALLENGER.value
    path: str
    checksum: str
    proven: bool = False
    trained_at: dt.datetime = timestamp()
    training_users: int
    manifest: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    job_id: UUID | None = Field(default=None, foreign_key="jobs.id", ondelete="SET NULL")


class ModelPromotion(SQLModel, table=True):
    """From `at` on this version was the champion of its category; no version: rules answered."""

    __tablename__ = "model_promotions"
    __table_args__ = (Index("ix_model_promotions_category_at", "category", "at"),)

    id: UUID = row_id()
    category: str
    version: int | None = None
    at: dt.datetime = timestamp()
    actor: str
    reason: str


class DriftReport(SQLModel, table=True):
    """How far today's users are from those that a model was trained on, feature by feature."""

    __tablename__ = "drift_reports"
    __table_args__ = (
        one_of("severity", enums.Severity),
        Index("ix_drift_reports_category_checked_at", "category", "checked_at"),
    )

    id: UUID = row_id()
    job_id: UUID | None = Field(default=None, foreign_key="jobs.id", ondelete="SET NULL")
    category: str
    version: int
    checked_at: dt.datetime = timestamp()
    score: float
    severity: str
    features: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    reference_rows: int
    current_rows: int


class Alert(SQLModel, table=True):
    """Something that an administrator should know; one open alert a cause.

    `model_name` is the version that it is about, if any. `resolved_at` says since when its cause is over.
    `delivered_to` names the places that took it, `delivered_at` says since when all of them have.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        one_of("severity", enums.Severity),
        Index(
            "uq_alerts_open_cause",
            "cause",
            unique=True,
            postgresql_where="acknowledged_at IS NULL AND resolved_at IS NULL",
        ),
        Index("ix_alerts_raised_at", "raised_at", "id"),
    )

    id: UUID = row_id()
    severity: str
    category: str | None = None
    cause: str
    title: str
    description: str
    raised_at: dt.datetime = timestamp()
    delivered_to: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    delivered_at: dt.datetime | None = timestamp(nullable=True)
    model_name: str | None = None
    resolved_at: dt.datetime | None = timestamp(nullable=True)
    acknowledged_at: dt.datetime | None = timestamp(nullable=True)
    acknowledged_by: str | None = None


class Experiment(SQLModel, table=True):
    """Some users are answered by a challenger: who is decided by the experiment's id and the user's, for good."""

    __tablename__ = "experiments"
    __table_args__ = (
        share("challenger_share"),
        Index("uq_experiments_running", "category", unique=True, postgresql_where="concluded_at IS NULL"),
    )

    id: UUID = row_id()
    category: str
    champion: int
    challenger: int
    challenger_share: float
    started_at: dt.datetime = timestamp()
    started_by: str
    concluded_at: dt.datetime | None = timestamp(nullable=True)
    conclusion: str | None = None
    champion_score: float | None = None
    challenger_score: float | None = None
    probability_better: float | None = None
    samples: int = 0


class Forecast(SQLModel, table=True):
    """One promise that was shown to a user, and the day on which it can be judged.

    What was said (`said`) and what came (`outcome`) are encrypted with the user's key; `kind` and `subject` name it.
    """

    __tablename__ = "forecasts"
    __table_args__ = (
        UniqueConstraint("user_id", "category", "kind", "subject", "due", "model_name"),
        Index("ix_forecasts_open", "user_id", "due", postgresql_where="judged_at IS NULL"),
    )

    id: UUID = row_id()
    user_id: UUID = owner()
    category: str
    kind: str
    subject: str
    model_name: str
    shown_at: dt.datetime = timestamp()
    due: dt.date = Field(sa_type=Date)
    said: bytes
    judged_at: dt.datetime | None = timestamp(nullable=True)
    outcome: bytes | None = None


class ForecastScore(SQLModel, table=True):
    """Sums over the forecasts of one model that were judged on one day: nobody's own, so in the clear.

    `label` names those that share a base rate, `measure` what is judged of them, `bin` the tenth of what was said
    (`engine.ledger.score`).
    """

    __tablename__ = "forecast_scores"

    model_name: str = Field(primary_key=True)
    judged_on: dt.date = Field(sa_type=Date, primary_key=True)
    kind: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    bin: int = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    said: float
    came: float
    loss: float
