"""The components of financial health: for each what has to be known, its points, sentence and next better mark."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats
from engine.features.income import MONTHS
from engine.health import scales, sentences
from engine.health.inputs import Inputs
from engine.health.scales import Scale

SPENDING = "Spending below income"
BUDGET_POINTS, GOAL_POINTS, CONTRIBUTION_POINTS = 35.0, 35.0, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next better mark: the money that leads there (NaN where none does), and the points there."""

    money: Floats
    points: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of the score. Columns mean nothing where `known` is false."""

    name: str
    weight: float
    known: Callable[[Inputs], Flags]
    score: Callable[[Inputs], Floats]
    step: Callable[[Inputs], Step]
    sentence: Callable[[Inputs, int], str]
    strong: Callable[[Inputs, int], str]
    """The sentence of who scores well."""
    action: str
    """Leads to the next mark, by `{amount}`."""


def measured(
    scale: Scale, value: Callable[[Inputs], Floats], unit: Callable[[Inputs], Floats]
) -> tuple[Callable[[Inputs], Floats], Callable[[Inputs], Step]]:
    """Score and next step of a component that is one value on a scale; a unit of the value is so much money."""

    def score(f: Inputs) -> Floats:
        return scale.score(value(f))

    def step(f: Inputs) -> Step:
        now = value(f)
        mark = scale.next_mark(now)
        return Step(money=np.abs(mark - now) * unit(f), points=scale.score(mark))

    return score, step


def _yearly(f: Inputs) -> Floats:
    return np.maximum(MONTHS * f.gross, 1.0)


def _need(f: Inputs) -> Floats:
    return np.maximum(scales.RETIREMENT_NEED.score(f.age) * MONTHS * f.spending, 1.0)


def _debt_load(f: Inputs) -> Floats:
    """By accounts: consumer debt. Without: all debt, and an owner's is taken to be mostly the home."""
    of_owner = scales.ALL_DEBT.score(f.debt / _yearly(f))
    return np.where(f.has_accounts | ~f.homeowner, scales.CONSUMER_DEBT.score(f.consumer_debt / _yearly(f)), of_owner)


def _debt_load_step(f: Inputs) -> Step:
    by_consumer = f.has_accounts | ~f.homeowner
    now = np.where(by_consumer, f.consumer_debt, f.debt) / _yearly(f)
    mark = np.where(by_consumer, scales.CONSUMER_DEBT.next_mark(now), scales.ALL_DEBT.next_mark(now))
    points = np.where(by_consumer, scales.CONSUMER_DEBT.score(mark), scales.ALL_DEBT.score(mark))
    return Step(money=(now - mark) * _yearly(f), points=points)


def _planning(f: Inputs) -> Floats:
    shown = BUDGET_POINTS * (f.budgets > 0) + GOAL_POINTS * (f.goals > 0) + CONTRIBUTION_POINTS * (f.contributions > 0)
    return np.asarray(shown, dtype=np.float64)


def _planning_step(f: Inputs) -> Step:
    return Step(money=_no_money(f), points=np.full(len(f.budgets), 100.0))


def _kept(f: Inputs) -> Floats:
    return 1.0 - f.spending / _income(f)


def _income(f: Inputs) -> Floats:
    return np.maximum(f.income, 1.0)


def _gross(f: Inputs) -> Floats:
    return np.maximum(f.gross, 1.0)


def _spent(f: Inputs) -> Floats:
    return np.maximum(f.spending, 1.0)


def _no_money(f: Inputs) -> Floats:
    return np.full(len(f.budgets), np.nan)


KEPT = measured(scales.KEPT, _kept, _income)
FEES = measured(scales.FEE_MONTHS, lambda f: f.fee_months, _no_money)
LIQUID = measured(scales.LIQUID_MONTHS, lambda f: f.cash_held / _spent(f), _spent)
SERVICE = measured(scales.DEBT_SERVICE, lambda f: f.debt_service / _gross(f), _gross)
RETIREMENT = measured(scales.RETIREMENT, lambda f: f.invested / _need(f), _need)
HOUSING = measured(scales.HOUSING, lambda f: f.housing / _gross(f), _gross)
INSURED = measured(scales.INSURED, lambda f: f.insured_months, _no_money)

COMPONENTS = (
    Component(
        name=SPENDING,
        weight=0.20,
        known=lambda f: f.spending_known,
        score=KEPT[0],
        step=KEPT[1],
        sentence=sentences.spending,
        strong=sentences.spending_strong,
        action="Spend {amount} less a month",
    ),
    Component(
        name="Bills on time",
        weight=0.05,
        known=lambda f: f.observed,
        score=FEES[0],
        step=FEES[1],
        sentence=sentences.fees,
        strong=sentences.fees_strong,
        action="Have regular bills paid automatically on pay day",
    ),
    Component(
        name="Liquid months",
        weight=0.20,
        known=lambda f: f.spending_known,
        score=LIQUID[0],
        step=LIQUID[1],
        sentence=sentences.liquidity,
        strong=sentences.liquidity,
        action="Hold {amount} more in savings",
    ),
    Component(
        name="Debt load",
        weight=0.125,
        known=lambda f: f.debt >= 0,
        score=_debt_load,
        step=_debt_load_step,
        sentence=sentences.debt_load,
        strong=sentences.debt_load_strong,
        action="Pay off {amount} of debt",
    ),
    Component(
        name="Debt service",
        weight=0.10,
        known=lambda f: f.has_accounts,
        score=SERVICE[0],
        step=SERVICE[1],
        sentence=sentences.debt_service,
        strong=sentences.debt_service_strong,
        action="Bring payments to lenders down by {amount} a month",
    ),
    Component(
        name="Retirement readiness",
        weight=0.15,
        known=lambda f: f.spending_known & ~np.isnan(f.age + f.invested),
        score=RETIREMENT[0],
        step=RETIREMENT[1],
        sentence=sentences.retirement,
        strong=sentences.retirement_strong,
        action="Have {amount} more invested",
    ),
    Component(
        name="Housing cost",
        weight=0.05,
        known=lambda f: f.observed | (f.has_accounts & f.homeowner),
        score=HOUSING[0],
        step=HOUSING[1],
        sentence=sentences.housing,
        strong=sentences.housing_strong,
        action="Bring the cost of housing down by {amount} a month",
    ),
    Component(
        name="Planning",
        weight=0.075,
        known=lambda f: f.budgets >= 0,
        score=_planning,
        step=_planning_step,
        sentence=sentences.planning,
        strong=sentences.planning,
        action="Keep a budget, a goal, and a monthly amount for it",
    ),
    Component(
        name="Insurance",
        weight=0.05,
        known=lambda f: f.observed,
        score=INSURED[0],
        step=INSURED[1],
        sentence=sentences.insurance,
        strong=sentences.insurance,
        action="Check that health, home and income are insured",
    ),
)
