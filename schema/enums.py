"""The closed lists of words of engine and store, as GraphQL enums under their own names but for those in `NAMES`."""

from enum import StrEnum
from functools import cache
from typing import Any

import strawberry

from engine import enums
from engine.enums import (
    AccountKind,
    AnswerBasis,
    Education,
    EmploymentStatus,
    FilingStatus,
    GoalKind,
    GoalStatus,
    MaritalStatus,
    ModelHealth,
    Priority,
    RecommendationStatus,
    RiskLevel,
    Severity,
    Sex,
    TrainingEnding,
    VersionStage,
)
from store.tables.operations import JobKind, RunStatus

__all__ = [
    "AccountKind",
    "AnswerBasis",
    "Education",
    "EmploymentStatus",
    "FilingStatus",
    "GoalKind",
    "GoalStatus",
    "Interaction",
    "JobKind",
    "MaritalStatus",
    "ModelHealth",
    "Priority",
    "RecommendationStatus",
    "RiskLevel",
    "RunStatus",
    "Severity",
    "Sex",
    "TrainingEnding",
    "VersionStage",
    "words",
]

NAMES: dict[type[StrEnum], str] = {Priority: "RecommendationPriority"}


class Interaction(StrEnum):
    """What a user did with a recommendation."""

    VIEWED = "VIEWED"
    ACCEPTED = "ACCEPTED"
    DISMISSED = "DISMISSED"
    COMPLETED = "COMPLETED"


@cache
def words(enum: type[StrEnum]) -> type[StrEnum]:
    """The GraphQL enum of a list of words."""
    return strawberry.enum(enum, name=NAMES.get(enum, enum.__name__), description=enum.__doc__)


def _is_list_of_words(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum


for listed in (Interaction, JobKind, RunStatus, *filter(_is_list_of_words, vars(enums).values())):
    words(listed)
