"""How likely events are: what happened to household heads of the same age, marriage and children, or by a model."""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.facts import Facts, Flags, Floats
from engine.features.income import earns
from engine.features.known import or_zero
from engine.life.events import KNOTS_YEARS, hazard, reached, years_until
from engine.recommenders.life_planning.model import LifeEventModel

HORIZONS_YEARS = (2, 3, 4, 5)
YEARS = HORIZONS_YEARS[-1]
OLDEST = {
    LifeEvent.MARRIAGE: 70.0,
    LifeEvent.CHILD: 50.0,
    LifeEvent.JOB_CHANGE: 60.0,
    LifeEvent.HOME_PURCHASE: 70.0,
    LifeEvent.RETIREMENT: 75.0,
}
"""Where the table of rates ends."""
YOUNGEST = {LifeEvent.RETIREMENT: 45.0}
ADULT_AGE = 18.0
LEAST_STEP = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """One event: a row a user."""

    possible: Flags
    """Whether it can lie ahead and the table speaks of people like this."""
    within: Floats
    """Users x horizons: chances that cannot fall."""
    likely_years: Floats
    """By when half of the chance within five years has come."""
    by_model: Flags


def chances(facts: Facts, event: LifeEvent, model: LifeEventModel | None = None) -> Chances:
    """Of one event: by the model, for whom it answers, else base rates."""
    found = _base_rates(facts, event)
    if model is None or not len(facts):
        return found
    answered = model.answers(facts, event)
    curve = model.within(facts, event, yearly(facts, event))
    return Chances(
        possible=found.possible,
        within=np.where(answered[:, None], curve[:, HORIZONS_YEARS[0] - 1 :], found.within),
        likely_years=np.where(answered, _half_way(curve), found.likely_years),
        by_model=answered,
    )


def yearly(facts: Facts, event: LifeEvent) -> Floats:
    """Base rates within 1, 2, ... 5 years: users x years."""
    cumulative = hazard(event).at(facts.profile.age, is_married(facts), has_children(facts))
    at = [reached(cumulative, np.full(len(facts), float(year))) for year in range(1, YEARS + 1)]
    return np.asarray(-np.expm1(-np.column_stack(at)), dtype=np.float64)


def _half_way(curve: Floats) -> Floats:
    """Years until half of the last year's chance, straight between the years."""
    half = curve[:, -1:] / 2.0
    year = np.minimum((curve < half).sum(axis=1), YEARS - 1)
    row, padded = np.arange(len(curve)), np.column_stack([np.zeros(len(curve)), curve])
    low, high = padded[row, year], padded[row, year + 1]
    return np.asarray(year + (half[:, 0] - low) / np.maximum(high - low, LEAST_STEP), dtype=np.float64)


def _base_rates(facts: Facts, event: LifeEvent) -> Chances:
    cumulative = hazard(event).at(facts.profile.age, is_married(facts), has_children(facts))
    at = [reached(cumulative, np.full(len(facts), float(years))) for years in HORIZONS_YEARS]
    within = -np.expm1(-np.column_stack(at)) if len(facts) else np.zeros((0, len(HORIZONS_YEARS)))
    half = -np.log1p(-within[:, -1] / 2.0)
    return Chances(
        possible=possible(facts, event),
        within=within,
        likely_years=np.minimum(years_until(cumulative, half), KNOTS_YEARS[-1]),
        by_model=np.zeros(len(facts), dtype=np.bool_),
    )


def possible(facts: Facts, event: LifeEvent) -> Flags:
    """Who can have the event as the table counts it: marriage of the unmarried, a home of those without one."""
    age = facts.profile.age
    inside = (age >= YOUNGEST.get(event, ADULT_AGE)) & (age < OLDEST[event])
    return np.asarray(inside & _can(facts, event), dtype=np.bool_)


def is_married(facts: Facts) -> Flags:
    """By law."""
    return np.asarray(facts.profile.marital_status == code(MaritalStatus.MARRIED), dtype=np.bool_)


def has_children(facts: Facts) -> Flags:
    """Whether the household provides for anybody: as near as its profile comes to the table's children."""
    return np.asarray(or_zero(facts.profile.dependents) > 0, dtype=np.bool_)


def _can(facts: Facts, event: LifeEvent) -> Flags:
    employed = facts.profile.employment == code(EmploymentStatus.EMPLOYED)
    by_event = {
        LifeEvent.MARRIAGE: ~is_married(facts),
        LifeEvent.CHILD: np.ones(len(facts), dtype=np.bool_),
        LifeEvent.JOB_CHANGE: np.asarray(employed),
        LifeEvent.HOME_PURCHASE: ~facts.profile.homeowner,
        LifeEvent.RETIREMENT: earns(facts),
    }
    return np.asarray(by_event[event], dtype=np.bool_)
