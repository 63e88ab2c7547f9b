"""What makes life events likelier for one household than for another: one hidden law, for its past and its future.

The table's cumulative hazards are multiplied by exp(drive) and by a factor for each age band, which keeps the band's
share with the event within five years at the table's.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Flags, Floats, Positions
from engine.life.events import KNOTS_YEARS, hazard
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.people import People

OWNER, ONE_CHILD, MANY_CHILDREN, LOST_LATELY = 0.45, 0.40, -0.80, 1.00  # log hazard ratios of what changes with time
LATELY_YEARS = 3.0
OLDEST_MOTHER, OLDEST_BUYER, OLDEST_SPOUSE, OLDEST_WORKER, FIRST_RETIREMENT = 50.0, 75.0, 75.0, 70.0, 45.0
FIVE_YEARS = int(np.flatnonzero(KNOTS_YEARS == 5.0)[0])
SCALING_ROUNDS = 30
LEAST_INCOME, MOST_HAZARD = 10_000.0, 20.0


def lasting_drives(people: People, sheet: BalanceSheet) -> Mapping[LifeEvent, Floats]:
    """Log hazard ratios from figures that a model may see, taken to have been the same in the past."""
    income, educated = _scores(people.income), people.education - 2.0
    yearly = np.maximum(people.income, LEAST_INCOME)
    liquid = _scores(sheet.total(Slot.CHECKING, Slot.SAVINGS, Slot.BROKERAGE) / yearly)
    pension = _scores(sheet.total(Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN, Slot.BROKERAGE) / yearly)
    debt_free = sheet.total(Slot.MORTGAGE, Slot.CARD, Slot.LOAN) == 0
    self_employed = people.is_(EmploymentStatus.SELF_EMPLOYED).astype(np.float64)
    return {
        LifeEvent.MARRIAGE: 0.35 * income + 0.15 * educated + 0.25 * liquid,
        LifeEvent.CHILD: -0.20 * educated + 0.20 * income,
        LifeEvent.JOB_CHANGE: -0.40 * income - 0.25 * educated - 0.40 * self_employed,
        LifeEvent.HOME_PURCHASE: 0.65 * liquid + 0.45 * income,
        LifeEvent.RETIREMENT: 0.80 * pension + 0.40 * debt_free - 0.70 * self_employed,
    }


def child_drive(lasting: Floats, homeowner: Flags, children: Positions) -> Floats:
    """Owners have more children; a second one is likelier than a third, and this than a fourth."""
    by_number = np.where(children == 1, ONE_CHILD, np.where(children > 2, MANY_CHILDREN, 0.0))
    return np.asarray(lasting + OWNER * homeowner + by_number, dtype=np.float64)


def job_drive(lasting: Floats, years_since_loss: Floats) -> Floats:
    """Who has lost a job lately is likelier to lose the next."""
    return np.asarray(lasting + LOST_LATELY * (years_since_loss < LATELY_YEARS), dtype=np.float64)


def level(people: People, event: LifeEvent, drive: Floats, able: Flags) -> Floats:
    """By age band, the factor that gives those who can have the event next the table's share with it."""
    base = hazard(event).at(people.age, people.married, people.children > 0)[:, FIVE_YEARS]
    return _level(event, people.age, base, drive, able.astype(np.float64), were_more=False)


def level_before(event: LifeEvent, age: Floats, base: Floats, drive: Floats, left: Floats) -> Floats:
    """The same for those who could have it some years ago, at that age: of the `left`, each stands for exp(hazard)."""
    return _level(event, age, base, drive, left, were_more=True)


def who_can(people: People) -> dict[LifeEvent, Flags]:
    """Have each event next."""
    age, working = people.age, people.working
    return {
        LifeEvent.MARRIAGE: ~people.married & (age < OLDEST_SPOUSE),
        LifeEvent.CHILD: age < OLDEST_MOTHER,
        LifeEvent.JOB_CHANGE: working & (age < OLDEST_WORKER),
        LifeEvent.HOME_PURCHASE: ~people.homeowner & (age < OLDEST_BUYER),
        LifeEvent.RETIREMENT: working & (age >= FIRST_RETIREMENT),
    }


def _level(event: LifeEvent, age: Floats, base: Floats, drive: Floats, weight: Floats, *, were_more: bool) -> Floats:
    table = hazard(event)
    band, bands, ratio = table.band(age), len(table.band_starts), np.exp(drive)
    found, rate = np.ones(bands), -np.expm1(-base)
    for _ in range(SCALING_ROUNDS):
        hazards = base * ratio * found[band]
        people = weight * (np.exp(np.minimum(hazards, MOST_HAZARD)) if were_more else 1.0)
        shares = np.bincount(band, people * -np.expm1(-hazards), minlength=bands)
        wanted = np.bincount(band, people * rate, minlength=bands)
        found *= np.where(wanted > 0, wanted / np.maximum(shares, 1e-9), 1.0)
    return found


def _scores(values: Floats) -> Floats:
    """Normal scores of the ranks within the population."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(ndtri((ranks + 0.5) / len(values)), dtype=np.float64)
