"""The closed lists of words that households and answers are described with.

Database checks, GraphQL enums and loaders are derived from these. Columns of the engine hold the position of a member
(`code`), `UNKNOWN` where there is none; where members have a rank, the order is the rank.
"""

from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1


@lru_cache(maxsize=None, typed=True)  # by type: members of different enums that share a name are equal strings
def code(member: StrEnum) -> int:
    """Position of a member in its enum: what the engine's columns hold."""
    return list(type(member).__members__).index(member.name)


def codes(enum: type[StrEnum], names: NDArray[np.object_]) -> NDArray[np.int8]:
    """Names (None where unknown) as positions."""
    position = {str(member): index for index, member in enumerate(enum)}
    return np.array([position.get(name, UNKNOWN) for name in names], dtype=np.int8)


class MaritalStatus(StrEnum):
    """How a household's head lives by law."""

    SINGLE = "SINGLE"
    MARRIED = "MARRIED"
    DIVORCED = "DIVORCED"
    WIDOWED = "WIDOWED"


class FilingStatus(StrEnum):
    """How a household files its income tax (United States)."""

    SINGLE = "SINGLE"
    MARRIED_JOINTLY = "MARRIED_JOINTLY"
    MARRIED_SEPARATELY = "MARRIED_SEPARATELY"
    HEAD_OF_HOUSEHOLD = "HEAD_OF_HOUSEHOLD"


class Education(StrEnum):
    """The highest degree reached, lowest first."""

    NO_DIPLOMA = "NO_DIPLOMA"
    HIGH_SCHOOL = "HIGH_SCHOOL"
    SOME_COLLEGE = "SOME_COLLEGE"
    DEGREE = "DEGREE"


class Sex(StrEnum):
    """As stated by the person."""

    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"


class EmploymentStatus(StrEnum):
    """Where the income comes from."""

    EMPLOYED = "EMPLOYED"
    SELF_EMPLOYED = "SELF_EMPLOYED"
    UNEMPLOYED = "UNEMPLOYED"
    RETIRED = "RETIRED"
    STUDENT = "STUDENT"


class RiskLevel(StrEnum):
    """Willingness or ability to bear risk, lowest first."""

    CONSERVATIVE = "CONSERVATIVE"
    MODERATELY_CONSERVATIVE = "MODERATELY_CONSERVATIVE"
    MODERATE = "MODERATE"
    MODERATELY_AGGRESSIVE = "MODERATELY_AGGRESSIVE"
    AGGRESSIVE = "AGGRESSIVE"


class RiskMismatch(StrEnum):
    """Whether what a person says of risk agrees with what is expected of it."""

    ALIGNED = "ALIGNED"
    OVERSTATED = "OVERSTATED"
    UNDERSTATED = "UNDERSTATED"
    UNSTATED = "UNSTATED"


class AccountKind(StrEnum):
    """What an account is, by its treatment in law and tax."""

    CHECKING = "CHECKING"
    SAVINGS = "SAVINGS"
    TAXABLE = "TAXABLE"
    TRADITIONAL_IRA = "TRADITIONAL_IRA"
    ROTH_IRA = "ROTH_IRA"
    EMPLOYER_PLAN = "EMPLOYER_PLAN"
    HSA = "HSA"
    PROPERTY = "PROPERTY"
    VEHICLE = "VEHICLE"
    BUSINESS = "BUSINESS"
    OTHER_ASSET = "OTHER_ASSET"
    CREDIT_CARD = "CREDIT_CARD"
    STUDENT_LOAN = "STUDENT_LOAN"
    LOAN = "LOAN"
    MORTGAGE = "MORTGAGE"


class GoalKind(StrEnum):
    """What a goal is for."""

    EMERGENCY_FUND = "EMERGENCY_FUND"
    RETIREMENT = "RETIREMENT"
    HOME_PURCHASE = "HOME_PURCHASE"
    EDUCATION = "EDUCATION"
    DEBT_PAYOFF = "DEBT_PAYOFF"
    MAJOR_PURCHASE = "MAJOR_PURCHASE"
    TRAVEL = "TRAVEL"
    OTHER = "OTHER"


class GoalStatus(StrEnum):
    """Whether a goal is still pursued."""

    ACTIVE = "ACTIVE"
    ACHIEVED = "ACHIEVED"
    ABANDONED = "ABANDONED"


class Priority(StrEnum):
    """How urgent a goal or a recommendation is, most urgent first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class RecommendationStatus(StrEnum):
    """What became of a recommendation."""

    ACTIVE = "ACTIVE"
    VIEWED = "VIEWED"
    ACCEPTED = "ACCEPTED"
    DISMISSED = "DISMISSED"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"


class AnswerBasis(StrEnum):
    """What an answer rests on most."""

    SOLVER = "SOLVER"
    MODEL = "MODEL"
    RULE = "RULE"
    BASE_RATE = "BASE_RATE"


class SavingsBucket(StrEnum):
    """Where a saved unit of money goes."""

    EMERGENCY_FUND = "EMERGENCY_FUND"
    EMPLOYER_MATCH = "EMPLOYER_MATCH"
    DEBT_PAYDOWN = "DEBT_PAYDOWN"
    RETIREMENT = "RETIREMENT"
    HSA = "HSA"
    GOAL = "GOAL"
    TAXABLE_INVESTING = "TAXABLE_INVESTING"


class HealthBand(StrEnum):
    """Three bands of the financial health score."""

    VULNERABLE = "VULNERABLE"
    COPING = "COPING"
    HEALTHY = "HEALTHY"


class LifeEvent(StrEnum):
    """Events that change a household's finances."""

    MARRIAGE = "MARRIAGE"
    CHILD = "CHILD"
    JOB_CHANGE = "JOB_CHANGE"
    HOME_PURCHASE = "HOME_PURCHASE"
    RETIREMENT = "RETIREMENT"


class BiasKind(StrEnum):
    """Habits of spending and trading that cost money."""

    PRESENT_BIAS = "PRESENT_BIAS"
    LIFESTYLE_INFLATION = "LIFESTYLE_INFLATION"
    PAYDAY_EFFECT = "PAYDAY_EFFECT"
    WEEKEND_SPLURGE = "WEEKEND_SPLURGE"
    SUBSCRIPTION_CREEP = "SUBSCRIPTION_CREEP"
    LOSS_AVERSION = "LOSS_AVERSION"
    OVERTRADING = "OVERTRADING"
    HERDING = "HERDING"


class VersionStage(StrEnum):
    """What a version of a model is there for."""

    CHAMPION = "CHAMPION"
    CHALLENGER = "CHALLENGER"
    RETIRED = "RETIRED"


class TrainingEnding(StrEnum):
    """What a training came to in one category: FRESH and INSUFFICIENT_DATA made no version."""

    PROMOTED = "PROMOTED"
    NOT_PROMOTED = "NOT_PROMOTED"
    FRESH = "FRESH"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class ModelHealth(StrEnum):
    """How a category's model does, the worst that holds."""

    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"
    DRIFTING = "DRIFTING"
    UNTRAINED = "UNTRAINED"


class Severity(StrEnum):
    """How much an alert or a drift matters."""

    NONE = "NONE"
    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"
