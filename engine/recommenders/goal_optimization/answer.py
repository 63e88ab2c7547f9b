"""What goal optimization answers with, and what can be asked of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite

from engine.answers import Answer, GoalRef
from engine.recommender import Options

MOST_SHIFT = 0.2
MOST_DELAY_MONTHS = 720


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalScenario:
    """What if: other money, other returns, later dates."""

    monthly_budget: Decimal | None = None
    """Monthly money for goals instead of what the household can spare today."""
    return_shift: float = 0.0
    """Added to the expected real return a year."""
    delay_months: int = 0
    """Put every target date off by so many months."""

    def __post_init__(self) -> None:
        if self.monthly_budget is not None and not (self.monthly_budget.is_finite() and self.monthly_budget >= 0):
            raise ValueError("monthlyBudget must be at least 0")
        if not (isfinite(self.return_shift) and abs(self.return_shift) <= MOST_SHIFT):
            raise ValueError(f"returnShift must be between -{MOST_SHIFT} and {MOST_SHIFT}")
        if not 0 <= self.delay_months <= MOST_DELAY_MONTHS:
            raise ValueError(f"delayMonths must be between 0 and {MOST_DELAY_MONTHS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalOptions(Options):
    """Without a scenario the household's own plan answers."""

    scenario: GoalScenario | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineAdjustment:
    """A date that the money reaches; 0 months later where none does, with what would help instead."""

    recommended_date: date
    months_later: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionPoint:
    """What the goal's money will be, in today's purchasing power."""

    date: date
    p10: Decimal
    p50: Decimal
    p90: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPlan:
    """One goal of the plan; targets and wealth are in today's money, and contributions rise with prices."""

    goal: GoalRef
    priority_rank: int
    optimal_monthly_contribution: Decimal
    success_probability: float
    """With today's contribution and date."""
    success_probability_if_followed: float
    """With the contribution and the date recommended here."""
    timeline_adjustment: TimelineAdjustment | None
    """Null where the target date holds."""
    projection: tuple[ProjectionPoint, ...]
    """Wealth at the target date, a year a point, for a fan chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalOptimization(Answer):
    """How the household's money reaches its goals. The effects of `explanation` are probabilities, 0.01 a point."""

    monthly_budget: Decimal
    total_optimal_contribution: Decimal
    goals: tuple[GoalPlan, ...]
    """By priorityRank."""
