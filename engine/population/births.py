"""Births, year by year back from today's children.

How many alike had one child fewer a year before, and how many of them got one since, follows from today's numbers and
the law. Alike are people of about one age, of one schooling and marital status.
"""

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Floats, Positions
from engine.life.events import hazard
from engine.population.alike import Alike
from engine.population.law import OLDEST_MOTHER, child_drive, level
from engine.population.looking_back import Lives

MOST_CHILDREN = 5
YEARS_BACK, OLDEST_CHILD = 16, 24.0
YOUNGEST_PARENT = 17.0
LEAST_GAP = 10.0 / 12.0  # years between children
OLDER_YEARS = 2.0  # for each child of whom only the number is known
LEAST = 1e-9


def births(random: np.random.Generator, lives: Lives, home: Floats) -> Floats:
    """Years since, households x children; `home` are years since the first own home."""
    left = np.minimum(lives.people.children, MOST_CHILDREN)
    alike, row = Alike(lives.by_marriage, lives.people.age), np.arange(len(left))
    now = np.column_stack([alike.sum((left == count).astype(np.float64)) for count in range(MOST_CHILDREN + 1)])
    factor = level(
        lives.people, LifeEvent.CHILD, _drive(lives, lives.people.homeowner, left), lives.people.age < OLDEST_MOTHER
    )
    last, years = np.full(len(left), -np.inf), np.full((len(left), MOST_CHILDREN), np.inf)
    for back in range(YEARS_BACK):
        now, came = _a_year_before(now, _chances(lives, back, home, factor))
        born = random.random(len(left)) < came[row, left]
        when = random.uniform(np.maximum(last + LEAST_GAP, back), back + 1.0)
        years[born, left[born] - 1] = when[born]
        last, left = np.where(born, when, last), left - born
    return _not_before(_with_older(random, years, left, last, lives.people.age), lives.people.age)


def _drive(lives: Lives, owned: np.ndarray, children: Positions) -> Floats:
    return child_drive(lives.drives[LifeEvent.CHILD], owned, children)


def _chances(lives: Lives, back: int, home: Floats, factor: Floats) -> Floats:
    """Of a birth in that year: households x children before."""
    band = hazard(LifeEvent.CHILD).band(lives.people.age - back - 1.0)
    found = np.zeros((len(band), MOST_CHILDREN + 1))
    for count in range(MOST_CHILDREN):
        before = np.full(len(band), count)
        hazards = lives.in_year(LifeEvent.CHILD, back, before > 0) * factor[band]
        found[:, count] = -np.expm1(-hazards * np.exp(_drive(lives, home > back, before)))
    return found


def _a_year_before(now: Floats, chance: Floats) -> tuple[Floats, Floats]:
    """How many had each number of children; and of those who have it now, the part that got the last one since."""
    before, came, moved = np.zeros_like(now), np.zeros_like(now), np.zeros(len(now))
    for count in range(now.shape[1]):
        came[:, count] = np.clip(moved / np.maximum(now[:, count], LEAST), 0.0, 1.0)
        before[:, count] = np.maximum(now[:, count] - moved, 0.0) / (1.0 - chance[:, count])
        moved = before[:, count] * chance[:, count]
    return before, came


def _with_older(random: np.random.Generator, years: Floats, left: Positions, last: Floats, age: Floats) -> Floats:
    """Those who were there before, as far apart as there is room; `last` is when the oldest of the others was born."""
    place = left[:, None] - 1 - np.arange(MOST_CHILDREN)  # 0 for the youngest of them
    since = np.maximum(YEARS_BACK, last + LEAST_GAP)
    room = _oldest(age) - since - np.maximum(left - 1, 0) * LEAST_GAP
    apart = random.random(years.shape) * np.clip(room, 0.0, OLDER_YEARS * left)[:, None]
    apart = -np.sort(-np.where(place >= 0, apart, -1.0), axis=1)
    return np.where(place >= 0, since[:, None] + apart + place * LEAST_GAP, years)


def _not_before(years: Floats, age: Floats) -> Floats:
    """Nearer, and none at worst, where the parents are too young for so many; the oldest is first."""
    bound = _oldest(age)[:, None] - np.arange(MOST_CHILDREN) * LEAST_GAP
    return np.where(np.isfinite(years) & (bound > 0.0), np.minimum(years, bound), np.inf)


def _oldest(age: Floats) -> Floats:
    return np.minimum(age - YOUNGEST_PARENT, OLDEST_CHILD)
