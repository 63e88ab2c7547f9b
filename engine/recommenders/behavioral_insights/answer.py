"""What behavioral insights answer with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.answers import Answer
from engine.enums import BiasKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingMonth:
    """One month; `trend`, `seasonal` and `residual` sum to the total, and are None below two years of history."""

    month: date
    total: Decimal
    trend: Decimal | None
    seasonal: Decimal | None
    residual: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySpending:
    """One category over the last twelve months; `change_per_year` is against the twelve before, None without them."""

    category: str
    monthly_mean: Decimal
    share: float
    budget: Decimal | None
    change_per_year: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasonality:
    """How much of spending comes with the time of the year; where `strength` is 0, the rest claims nothing."""

    strength: float
    """0 none, 1 all of the variation around the trend."""
    peak_month: int
    monthly_factors: tuple[float, ...]
    """January to December, to the usual month; 1 where nothing is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingAnomaly:
    """One payment of the last thirty days that stands out; of a double charge, 0 is expected."""

    date: date
    category: str
    merchant: str | None
    amount: Decimal
    expected: Decimal
    severity: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BehavioralBias:
    """A habit that costs money and that chance alone would hardly show; what is neither here nor among those not judged
    was not found."""

    kind: BiasKind
    strength: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasNotJudged:
    """A habit of which nothing can be said, neither that it is there nor that it is not."""

    kind: BiasKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingForecast:
    """What a month that begins after today will cost: as likely more as less, and a range that nine of ten fall in."""

    month: date
    expected: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingSegment:
    """The kind of spender that the household is nearest to."""

    name: str
    description: str
    share: float
    """Share of all users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BehavioralInsights(Answer):
    """How a household spends and what comes next. The effects of `explanation` are money a month."""

    months_observed: int
    history: tuple[SpendingMonth, ...]
    by_category: tuple[CategorySpending, ...]
    seasonality: Seasonality
    spending_volatility: float
    impulse_spending_score: float
    budget_adherence: float | None
    anomalies: tuple[SpendingAnomaly, ...]
    biases: tuple[BehavioralBias, ...]
    biases_not_judged: tuple[BiasNotJudged, ...]
    forecast: tuple[SpendingForecast, ...]
    """The next three months."""
    segment: SpendingSegment
