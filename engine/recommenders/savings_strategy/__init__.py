"""Savings strategy: how much a household can put aside, where each unit is worth most, and how it happens by itself."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from typing_extensions import override

from engine.answers import money
from engine.enums import AnswerBasis
from engine.facts import Facts, Source
from engine.household.means import CONTRIBUTION, KEEPING
from engine.household.pieces import Place
from engine.learning.model import Models
from engine.learning.trainer import Trainer
from engine.ledger.promises import Promise
from engine.recommender import Answers, Options, Recommender
from engine.recommenders.savings_strategy.advice import advice
from engine.recommenders.savings_strategy.allocation import allocation
from engine.recommenders.savings_strategy.answer import (
    AutomationStep,
    EmergencyFund,
    SavingsAllocation,
    SavingsStrategy,
)
from engine.recommenders.savings_strategy.automation import automation
from engine.recommenders.savings_strategy.explanation import explanation
from engine.recommenders.savings_strategy.promises import promises
from engine.recommenders.savings_strategy.slots import Slot, slots
from engine.recommenders.savings_strategy.study import Study, study
from engine.recommenders.savings_strategy.trainer import KeepingTrainer
from engine.wording import chance

__all__ = ["AutomationStep", "EmergencyFund", "SavingsAllocation", "SavingsStrategist", "SavingsStrategy"]

MOST_MONTHS = 1200


class SavingsStrategist(Recommender[SavingsStrategy]):
    """Rules over one yardstick: what a unit of money is worth a year, after tax, in each place.

    Reads transactions where three months are known, else stated income and expenses, else an assumed spending share.
    The amount is what the last 24 months would have carried in nine months of ten; a trained model holds it to what
    four of five households keep up, and tells the chance that it is kept. Each unit goes where it is worth most.
    Limits: returns, emergency chances and goal worths are documented assumptions (`engine.household.worth`); tax is US
    federal only; what is already paid into an employer's plan through payroll is not seen.
    """

    name: ClassVar[str] = "savings_strategy"
    answer = SavingsStrategy
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "accounts", "goals", "cash_flows", "income"})
    models: ClassVar[frozenset[str]] = frozenset({CONTRIBUTION, KEEPING})
    trainer: ClassVar[Trainer[Any] | None] = KeepingTrainer()
    valid_days: ClassVar[int] = 30
    rules_version: ClassVar[int] = 9

    @override
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[SavingsStrategy]:
        columns = study(facts, models)
        return [_strategy(columns, user) for user in range(len(facts))]

    @override
    def promises(self, answer: SavingsStrategy, today: date) -> Sequence[Promise]:
        return promises(answer, today)


def _strategy(columns: Study, user: int) -> SavingsStrategy:
    places = slots(columns, user)
    steps = automation(columns, user, places)
    return SavingsStrategy(
        basis=AnswerBasis.MODEL if columns.means.held[user] or columns.keeping.learned[user] else AnswerBasis.RULE,
        confidence=columns.keeping.told(user),
        recommendations=advice(columns, user, places, steps),
        explanation=explanation(columns, user, places),
        current_savings_rate=float(columns.current_rate[user]),
        optimal_savings_rate=float(columns.optimal_rate[user]),
        monthly_amount=money(columns.plan.budget[user]),
        success_probability=chance(columns.keeping.chance[user]),
        emergency_fund=_emergency_fund(columns, user, places),
        allocation=allocation(columns, user, places),
        automation_plan=steps,
    )


def _emergency_fund(columns: Study, user: int, places: Sequence[Slot]) -> EmergencyFund:
    last = [slot.months_to_fill for slot in places if slot.place is Place.EMERGENCY]
    months = max(last, default=0.0)
    return EmergencyFund(
        target_months=float(columns.plan.months[user]),
        target_amount=money(columns.target[user]),
        current_amount=money(columns.held[user]),
        months_to_target=math.ceil(months) if months <= MOST_MONTHS else None,
    )
