"""The hidden next life events: the table's rates, shifted between households by what can be seen of them.

Within every age band the shifts are scaled until the band's share with the event within five years is the table's.
Events are drawn independently of each other, given what is seen.
"""

import numpy as np
from scipy.special import ndtri

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Flags, Floats
from engine.life.events import KNOTS_YEARS, Hazard, hazard, years_until
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.past import Past
from engine.population.people import People
from engine.population.streams import stream

OLDEST_MOTHER, OLDEST_BUYER, OLDEST_SPOUSE, OLDEST_WORKER, FIRST_RETIREMENT = 50.0, 75.0, 75.0, 70.0, 45.0
SCALING_ROUNDS = 30
FIVE_YEARS = int(np.flatnonzero(KNOTS_YEARS == 5.0)[0])
RECENT_YEARS = 3.0


def draw_next(people: People, sheet: BalanceSheet, past: Past, seed: int) -> dict[LifeEvent, Floats]:
    """Years to the next event of each kind; infinity beyond ten years and for who cannot have it."""
    random = stream(seed, "next events")
    drive = _drives(people, sheet, past)
    return {
        event: _years(random, hazard(event), people, possible, drive[event])
        for event, possible in _possible(people).items()
    }


def _possible(people: People) -> dict[LifeEvent, Flags]:
    age, working = people.age, people.working
    return {
        LifeEvent.MARRIAGE: ~people.married & (age < OLDEST_SPOUSE),
        LifeEvent.CHILD: age < OLDEST_MOTHER,
        LifeEvent.JOB_CHANGE: working & (age < OLDEST_WORKER),
        LifeEvent.HOME_PURCHASE: ~people.homeowner & (age < OLDEST_BUYER),
        LifeEvent.RETIREMENT: working & (age >= FIRST_RETIREMENT),
    }


def _drives(people: People, sheet: BalanceSheet, past: Past) -> dict[LifeEvent, Floats]:
    """Log hazard ratios from figures that a model may see."""
    income = _scores(people.income)
    educated = people.education - 2.0
    yearly = np.maximum(people.income, 10_000.0)
    liquid = _scores(sheet.total(Slot.CHECKING, Slot.SAVINGS, Slot.BROKERAGE) / yearly)
    pension = _scores(sheet.total(Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN, Slot.BROKERAGE) / yearly)
    debt_free = sheet.total(Slot.MORTGAGE, Slot.CARD, Slot.LOAN) == 0
    lost_lately = (past.since[LifeEvent.JOB_CHANGE] < RECENT_YEARS).astype(np.float64)
    self_employed = people.is_(EmploymentStatus.SELF_EMPLOYED).astype(np.float64)
    baby = (past.since[LifeEvent.CHILD] < RECENT_YEARS).astype(np.float64)
    return {
        LifeEvent.MARRIAGE: 0.35 * income + 0.15 * educated + 0.25 * liquid,
        LifeEvent.CHILD: 0.45 * people.homeowner - 0.20 * educated + 0.20 * income + 0.50 * baby,
        LifeEvent.JOB_CHANGE: -0.40 * income - 0.25 * educated + 1.00 * lost_lately - 0.40 * self_employed,
        LifeEvent.HOME_PURCHASE: 0.65 * liquid + 0.45 * income + 0.25 * (people.children > 0),
        LifeEvent.RETIREMENT: 0.80 * pension + 0.40 * debt_free - 0.70 * self_employed,
    }


def _scores(values: Floats) -> Floats:
    """Normal scores of the ranks within the population."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(ndtri((ranks + 0.5) / len(values)), dtype=np.float64)


def _years(random: np.random.Generator, table: Hazard, people: People, possible: Flags, drive: Floats) -> Floats:
    base = table.at(people.age, people.married, people.children > 0)
    ratio = np.exp(drive)
    ratio *= _scaling(base[:, FIVE_YEARS], ratio, table.band(people.age), possible)[table.band(people.age)]
    years = years_until(base * ratio[:, None], random.exponential(1.0, len(people)))
    return np.where(possible, years, np.inf)


def _scaling(base: Floats, ratio: Floats, band: np.ndarray, possible: Flags) -> Floats:
    """A factor a band that keeps its share with the event within five years."""
    bands = int(band.max(initial=0)) + 1
    wanted = np.bincount(band[possible], -np.expm1(-base[possible]), minlength=bands)
    factor = np.ones(bands)
    for _ in range(SCALING_ROUNDS):
        shares = -np.expm1(-base * ratio * factor[band])
        factor *= wanted / np.maximum(np.bincount(band[possible], shares[possible], minlength=bands), 1e-9)
    return np.where(wanted > 0, factor, 1.0)
