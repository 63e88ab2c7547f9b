"""The components of financial health: for each what it asks to be known, its scale and its sentence.

A scale gives points for marks; between marks points are linear. Marks and weights are documented judgement (sources in
docs/financial-health.md); nothing is fitted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats
from engine.features.income import MONTHS
from engine.health import sentences
from engine.health.inputs import Inputs

Scale = tuple[tuple[float, ...], tuple[float, ...]]

KEPT: Scale = ((-0.10, 0.0, 0.10, 0.20), (0.0, 45.0, 80.0, 100.0))
LIQUID_MONTHS: Scale = ((0.0, 1.0, 3.0, 6.0), (0.0, 35.0, 75.0, 100.0))
CONSUMER_DEBT_TO_INCOME: Scale = ((0.0, 0.2, 0.5, 1.0), (100.0, 70.0, 35.0, 0.0))
DEBT_TO_INCOME: Scale = ((0.0, 1.0, 2.5, 5.0), (100.0, 70.0, 35.0, 0.0))
DEBT_SERVICE: Scale = ((0.05, 0.20, 0.36, 0.50), (100.0, 75.0, 40.0, 0.0))
HOUSING_COST: Scale = ((0.15, 0.28, 0.40, 0.60), (100.0, 75.0, 40.0, 0.0))
RETIREMENT_SHARE: Scale = ((0.0, 0.5, 1.0), (0.0, 50.0, 100.0))
RETIREMENT_NEED: Scale = ((25, 30, 40, 50, 60, 67, 75, 85, 95), (0, 1, 3, 6, 8, 10, 8.5, 6, 4))
"""Years of spending to have invested by age: Fidelity's milestones up to 67, then what an annuity of 4 % leaves."""
BUDGET_POINTS, GOAL_POINTS, CONTRIBUTION_POINTS = 35.0, 35.0, 30.0
UNINSURED = 50.0
"""Where no insurance is seen among the transactions: it may be paid by an employer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of the score. `score` may be anything where `known` is false."""

    name: str
    weight: float
    known: Callable[[Inputs], Flags]
    score: Callable[[Inputs], Floats]
    sentence: Callable[[Inputs, int], str]


def points(scale: Scale, value: Floats) -> Floats:
    """Points at the value, linear between the marks."""
    return np.asarray(np.interp(value, *scale), dtype=np.float64)


def _spending(f: Inputs) -> Floats:
    return points(KEPT, 1.0 - f.spending / np.maximum(f.income, 1.0))


def _liquidity(f: Inputs) -> Floats:
    return points(LIQUID_MONTHS, f.cash_held / np.maximum(f.spending, 1.0))


def _debt_load(f: Inputs) -> Floats:
    income = np.maximum(MONTHS * f.gross, 1.0)
    by_account = points(CONSUMER_DEBT_TO_INCOME, f.consumer_debt / income)
    renter = points(CONSUMER_DEBT_TO_INCOME, f.debt / income)
    return np.where(f.has_accounts, by_account, np.where(f.homeowner, points(DEBT_TO_INCOME, f.debt / income), renter))


def _debt_service(f: Inputs) -> Floats:
    return points(DEBT_SERVICE, f.debt_service / np.maximum(f.gross, 1.0))


def _retirement(f: Inputs) -> Floats:
    need = points(RETIREMENT_NEED, f.age) * MONTHS * f.spending
    return points(RETIREMENT_SHARE, f.invested / np.maximum(need, 1.0))


def _housing(f: Inputs) -> Floats:
    return points(HOUSING_COST, f.housing / np.maximum(f.gross, 1.0))


def _planning(f: Inputs) -> Floats:
    shown = BUDGET_POINTS * (f.budgets > 0) + GOAL_POINTS * (f.goals > 0) + CONTRIBUTION_POINTS * (f.contributions > 0)
    return np.asarray(shown, dtype=np.float64)


def _insurance(f: Inputs) -> Floats:
    return UNINSURED + (100.0 - UNINSURED) * np.minimum(2.0 * f.insured_months, 1.0)


COMPONENTS = (
    Component(
        name="Spending below income",
        weight=0.25,
        known=lambda f: f.spending_known,
        score=_spending,
        sentence=sentences.spending,
    ),
    Component(
        name="Liquid months",
        weight=0.20,
        known=lambda f: f.spending_known,
        score=_liquidity,
        sentence=sentences.liquidity,
    ),
    Component(
        name="Debt load", weight=0.15, known=lambda f: f.debt >= 0, score=_debt_load, sentence=sentences.debt_load
    ),
    Component(
        name="Debt service",
        weight=0.10,
        known=lambda f: f.has_accounts,
        score=_debt_service,
        sentence=sentences.debt_service,
    ),
    Component(
        name="Retirement readiness",
        weight=0.15,
        known=lambda f: f.spending_known & ~np.isnan(f.age + f.invested),
        score=_retirement,
        sentence=sentences.retirement,
    ),
    Component(
        name="Housing cost",
        weight=0.05,
        known=lambda f: f.observed | (f.has_accounts & f.homeowner),
        score=_housing,
        sentence=sentences.housing,
    ),
    Component(
        name="Planning", weight=0.05, known=lambda f: f.budgets >= 0, score=_planning, sentence=sentences.planning
    ),
    Component(
        name="Insurance", weight=0.05, known=lambda f: f.observed, score=_insurance, sentence=sentences.insurance
    ),
)
