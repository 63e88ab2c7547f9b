"""What the savings strategy answers with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.answers import AccountRef, Answer, GoalRef
from engine.enums import SavingsBucket


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyFund:
    """What to hold in cash; `months_to_target` is None where the plan never gets there."""

    target_months: float
    target_amount: Decimal
    current_amount: Decimal
    months_to_target: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsAllocation:
    """What one place gets of the monthly amount."""

    bucket: SavingsBucket
    goal: GoalRef | None
    monthly_amount: Decimal
    share: float
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationStep:
    """One standing order; without `from_account` it is taken from pay, without `to_account` one has to be opened."""

    order: int
    title: str
    amount: Decimal
    day_of_month: int
    from_account: AccountRef | None
    to_account: AccountRef | None
    start_date: date
    annual_step_up: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsStrategy(Answer):
    """How much to save, where, and how it happens by itself. The effects of `explanation` are money a year."""

    current_savings_rate: float
    optimal_savings_rate: float
    monthly_amount: Decimal
    success_probability: float
    """That the household keeps this rate for a year."""
    emergency_fund: EmergencyFund
    allocation: tuple[SavingsAllocation, ...]
    automation_plan: tuple[AutomationStep, ...]
