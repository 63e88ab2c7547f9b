"""Rises in pay, in steps: one a year, and now and then a larger one with a promotion or another employer.

Sizes and frequencies are assumptions near what is published. Median 12-month change of US wages: 3.0 % for who stayed
in a job, 4.3 % for who changed it (May 2016, Wage Growth Tracker, Federal Reserve Bank of Atlanta); one worker in eight
or so had none (Wage Rigidity Meter, Federal Reserve Bank of San Francisco). Promotions and changes of employer bring
about a tenth, and come less often with age (Topel and Ward, QJE 107, 1992).
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.enums import EmploymentStatus
from engine.facts import Floats, Positions
from engine.population.calendar import Calendar
from engine.population.lines import Days
from engine.population.people import People
from engine.population.streams import stream
from engine.units import DAYS_A_YEAR, MONTHS_A_YEAR

RAISE, RAISE_SPREAD, COST_OF_LIVING = 0.03, 0.015, 0.02  # a year; the spread is between households
FROZEN = 0.12  # of yearly raises do not come
LARGER = (0.05, 0.25)  # of the household's pay
LARGER_AGES, LARGER_CHANCES = (25.0, 55.0), (0.22, 0.08)  # a year; in between along a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Rises:
    """Households x rises: the first day of the new pay, and the logarithm of how many times the old one it is."""

    day: Days
    log: Floats
    to_mean: Floats
    """Pay of today over the mean of the last twelve months, one entry a household."""


def draw_rises(people: People, ambition: Floats, months: Calendar, seed: int) -> Rises:
    """Of all years of the ledger; `ambition` is a standard normal."""
    random = stream(seed, "rises")
    shape = len(people), len(months) // MONTHS_A_YEAR + 2
    yearly, larger = _yearly(random, people, ambition, months, shape), _larger(random, people, shape)
    ago, log = (np.hstack(both) for both in zip(yearly, larger, strict=True))
    back = DAYS_A_YEAR * np.tile(np.arange(shape[1]), 2)
    found = Rises(day=(months.today - ago - back).astype(np.int64), log=log, to_mean=np.ones(shape[0]))
    user, month = np.indices((shape[0], MONTHS_A_YEAR))
    lately = level(found, user, months.today - (month * DAYS_A_YEAR / MONTHS_A_YEAR).astype(np.int64))
    return replace(found, to_mean=1.0 / lately.mean(axis=1))


def _yearly(
    random: np.random.Generator, people: People, ambition: Floats, months: Calendar, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Days before today within the year, and the logarithm; benefits and pensions rise with prices in January."""
    working = people.working[:, None]
    january = DAYS_A_YEAR * months.month_of_year[-1] / MONTHS_A_YEAR + months.today - months.starts[-1]
    ago = np.where(working, DAYS_A_YEAR * random.random((shape[0], 1)), january)
    usual = np.maximum(RAISE + RAISE_SPREAD * ambition, 0.0)[:, None]
    rise = np.where(working, usual * (random.random(shape) >= FROZEN), COST_OF_LIVING)
    return np.broadcast_to(ago, shape), np.log1p(rise)


def _larger(random: np.random.Generator, people: People, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """The same of promotions and changes of employer, on any day of a year."""
    chance = np.interp(people.age, LARGER_AGES, LARGER_CHANCES) * people.is_(EmploymentStatus.EMPLOYED)
    rise = np.where(random.random(shape) < chance[:, None], random.uniform(*LARGER, shape), 0.0)
    return DAYS_A_YEAR * random.random(shape), np.log1p(rise)


def level(rises: Rises, user: Positions, day: Days) -> Floats:
    """Pay of a household on a day, of any shape."""
    missing = np.where(day[..., None] < rises.day[user], rises.log[user], 0.0).sum(axis=-1)
    return np.asarray(rises.to_mean[user] * np.exp(-missing), dtype=np.float64)
