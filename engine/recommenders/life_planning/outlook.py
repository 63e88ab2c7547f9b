"""One event as columns: its chances, when to be ready, what it costs, and what is there by then."""

from dataclasses import dataclass

import numpy as np

from engine.enums import UNKNOWN, AccountKind, GoalKind, LifeEvent, code
from engine.facts import Facts, Floats, Positions
from engine.features.balance_sheet import balance, cash, has_accounts, invested
from engine.features.cash_flow import Flow
from engine.features.emergency import target_months
from engine.features.known import or_zero
from engine.recommenders.life_planning.chances import Chances, chances
from engine.recommenders.life_planning.costs import cost
from engine.recommenders.life_planning.model import LifeEventModel

MONTHS_A_YEAR = 12.0
DAYS_A_YEAR = 365.25
REAL_RETURN = 0.03
"""A year above prices, of what is invested for retirement: 5 % (`engine.household.worth`) less 2 % inflation."""
PLANS = {LifeEvent.HOME_PURCHASE: GoalKind.HOME_PURCHASE, LifeEvent.RETIREMENT: GoalKind.RETIREMENT}
"""Goals that say what is planned; they never change a chance."""
SUDDEN = (LifeEvent.JOB_CHANGE,)
"""Comes on any day: only what is there today counts."""
YEARS_TO_FILL = 1.0
"""In which what lacks for a sudden event should be put aside."""
LEAST_YEARS = 1.0 / MONTHS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One event: a row a user."""

    chances: Chances
    plan: Positions
    """Row of the goal that plans for it, `UNKNOWN` where none does."""
    years: Floats
    """Until the date to be ready by: the plan's, else the likely one."""
    cost: Floats
    ready: Floats
    """What is there by that date if spare income goes on as today; for what is sudden, today."""
    monthly: Floats
    """What has to be put aside a month from now on."""

    @property
    def readiness(self) -> Floats:
        """Share of the cost that is covered."""
        return np.clip(self.ready / self.cost, 0.0, 1.0)


def outlook(facts: Facts, flow: Flow, spare: Floats, event: LifeEvent, model: LifeEventModel | None = None) -> Outlook:
    """All columns of one event."""
    found, plan = chances(facts, event, model), _plan(facts, event)
    years = _years(facts, event, found, plan)
    price = cost(facts, flow, event, years)
    if event is not LifeEvent.RETIREMENT:
        price = np.where(plan == UNKNOWN, price, np.maximum(_of_goal(facts, plan, "target_amount"), 1.0))
    held = _held(facts, flow, event) + (0.0 if event is LifeEvent.RETIREMENT else _saved(facts, plan))
    growth = (1.0 + REAL_RETURN) ** years if event is LifeEvent.RETIREMENT else np.ones(len(facts))
    months = MONTHS_A_YEAR * years
    return Outlook(
        chances=found,
        plan=plan,
        years=years,
        cost=price,
        ready=held * growth + (0.0 if event in SUDDEN else spare * months),
        monthly=np.maximum(price - held * growth, 0.0) / months,
    )


def _years(facts: Facts, event: LifeEvent, found: Chances, plan: Positions) -> Floats:
    likely = np.full(len(facts), YEARS_TO_FILL) if event in SUDDEN else found.likely_years
    return np.maximum(np.where(plan == UNKNOWN, likely, _years_to(facts, plan)), LEAST_YEARS)


def _held(facts: Facts, flow: Flow, event: LifeEvent) -> Floats:
    """What can go to it: without pay all that is at hand, in retirement all that is invested, else what is spare."""
    if event is LifeEvent.RETIREMENT:
        return or_zero(invested(facts))
    taxable = np.where(has_accounts(facts), np.maximum(balance(facts, (AccountKind.TAXABLE,)), 0.0), 0.0)
    if event is LifeEvent.JOB_CHANGE:
        return cash(facts) + taxable
    return np.maximum(cash(facts) - target_months(facts, flow) * flow.spending, 0.0) + taxable


def _saved(facts: Facts, plan: Positions) -> Floats:
    """For the plan, where what is spare does not hold it already: counted only without accounts."""
    return np.where((plan != UNKNOWN) & ~has_accounts(facts), _of_goal(facts, plan, "saved_amount"), 0.0)


def _plan(facts: Facts, event: LifeEvent) -> Positions:
    """The goal with the nearest date, where several plan for the event."""
    found = np.full(len(facts), UNKNOWN, dtype=np.int64)
    if event in PLANS:
        rows = np.flatnonzero(facts.goals.kind == code(PLANS[event]))
        rows = rows[np.argsort(-facts.goals.target_date[rows].astype(np.int64), kind="stable")]
        found[facts.goals.user[rows]] = rows  # the last assignment wins
    return found


def _years_to(facts: Facts, plan: Positions) -> Floats:
    dates = np.append(facts.goals.target_date, np.datetime64(facts.today))  # the last is what `UNKNOWN` points to
    return np.asarray((dates[plan] - np.datetime64(facts.today)).astype(np.int64) / DAYS_A_YEAR, dtype=np.float64)


def _of_goal(facts: Facts, plan: Positions, column: str) -> Floats:
    return np.asarray(np.append(or_zero(getattr(facts.goals, column)), 0.0)[plan], dtype=np.float64)
