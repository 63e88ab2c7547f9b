"""All tables; a table is registered with the metadata by being imported here."""

from sqlmodel import SQLModel

from store.tables.advice import KeptAnswer, MlRecommendation, UserKey
from store.tables.households import (
    Account,
    Budget,
    DemoTruth,
    FinancialProfile,
    Goal,
    LifeEvent,
    MonthlyFlow,
    Sale,
    TaxLot,
    Transaction,
    User,
)
from store.tables.models import Alert, DriftReport, Experiment, Forecast, ForecastScore, ModelPromotion, ModelVersion
from store.tables.operations import (
    Asset,
    AuditEntry,
    IdempotentResponse,
    Job,
    MlModelPerformance,
    PeerNewcomer,
    Price,
    ScheduleSlot,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "Account",
    "Alert",
    "Asset",
    "AuditEntry",
    "Budget",
    "DemoTruth",
    "DriftReport",
    "Experiment",
    "FinancialProfile",
    "Forecast",
    "ForecastScore",
    "Goal",
    "IdempotentResponse",
    "Job",
    "KeptAnswer",
    "LifeEvent",
    "MlModelPerformance",
    "MlRecommendation",
    "ModelPromotion",
    "ModelVersion",
    "MonthlyFlow",
    "PeerNewcomer",
    "Price",
    "Sale",
    "ScheduleSlot",
    "TaxLot",
    "Transaction",
    "User",
    "UserKey",
]
