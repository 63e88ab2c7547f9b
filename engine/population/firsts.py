"""First marriages, first homes and retirements, dated by those who have not had them yet.

For each of these the law says how many alike have had the event since: exp(hazard) - 1. So, looking back from today,
those who could have had it had it at the law's rates. Alike are people of about one age and in one group.
"""

from collections.abc import Iterator

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.facts import Flags, Floats
from engine.life.events import hazard
from engine.population.alike import Alike
from engine.population.law import FIRST_RETIREMENT, MOST_HAZARD, level, level_before
from engine.population.looking_back import ADULT_AGE, LEVEL_YEARS, YESTERDAY, Lives, parted

YEARS_BACK = np.array((0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 45.0, 80.0))
SHORTEST_MARRIAGE, SHORTEST_OWNING = 2.0, 2.0  # years, of those who have ended one or sold since: assumptions
BY_LAW_YEARS, SETTLED_AGE = 20.0, 30.0  # by the law for so long, and before that only from this age on
RETIRED_YEARS, LATE_RETIREMENT = 16.0, 57.0  # the same of retirement
BUYING_AGE = 35.0  # whose rate stands for those of a life
EARLIER_YEARS = 10.0
LEAST = 1e-9


def first_marriage(random: np.random.Generator, lives: Lives) -> Floats:
    """Years since, also of those who are divorced or widowed today; infinity for who never married."""
    people, begins = lives.people, np.clip(lives.people.age - BY_LAW_YEARS, ADULT_AGE, SETTLED_AGE)
    never = people.marital_status == code(MaritalStatus.SINGLE)
    group = (4 * people.education + 2 * people.homeowner + (people.children > 0)).astype(np.int64)
    since = _since(random, lives, LifeEvent.MARRIAGE, Alike(group, people.age), never, ~never, begins)
    return np.where(never, np.inf, np.where(people.married, since, np.maximum(since, SHORTEST_MARRIAGE)))


def first_home(random: np.random.Generator, lives: Lives) -> Floats:
    """Years since; some of today's tenants have owned before."""
    people, begins = lives.people, np.clip(lives.people.age - BY_LAW_YEARS, ADULT_AGE, SETTLED_AGE)
    alike = Alike(lives.by_marriage, people.age)
    owned = people.homeowner | _owned_before(random, lives, alike)
    since = _since(random, lives, LifeEvent.HOME_PURCHASE, alike, ~owned, owned, begins)
    return np.where(people.homeowner, since, np.where(owned, np.maximum(since, SHORTEST_OWNING), np.inf))


def retirement(random: np.random.Generator, lives: Lives) -> Floats:
    """Years since; infinity for who has not retired."""
    people, retired = lives.people, lives.people.is_(EmploymentStatus.RETIRED)
    begins = np.clip(people.age - RETIRED_YEARS, FIRST_RETIREMENT, LATE_RETIREMENT)
    alike = Alike(people.education.astype(np.int64), people.age)
    since = _since(random, lives, LifeEvent.RETIREMENT, alike, people.working, retired, begins)
    return np.where(retired, since, np.inf)


def _owned_before(random: np.random.Generator, lives: Lives, alike: Alike) -> Flags:
    """Tenants; as many of those alike have never bought as the law leaves over since they were adult."""
    people, table, drive = lives.people, hazard(LifeEvent.HOME_PURCHASE), lives.drives[LifeEvent.HOME_PURCHASE]
    tenant, nobody = ~people.homeowner, np.zeros(len(people), dtype=np.bool_)
    curve = table.at(np.minimum(people.age, BUYING_AGE), people.married, nobody)
    ratio = np.exp(drive) * level(people, LifeEvent.HOME_PURCHASE, drive, tenant)[table.band(people.age)]
    never = alike.sum(np.exp(-sum(parted(LifeEvent.HOME_PURCHASE, curve, people.age - ADULT_AGE)) * ratio))
    part = never / np.maximum(alike.sum(tenant.astype(np.float64)), LEAST)
    return np.asarray(tenant & (random.random(len(people)) > part), dtype=np.bool_)


def _since(
    random: np.random.Generator, lives: Lives, event: LifeEvent, alike: Alike, left: Flags, had: Flags, begins: Floats
) -> Floats:
    """Of those who have had the event, by those who are left without it; before the age `begins` had all the others."""
    age, within = lives.people.age, np.zeros((len(lives.people), len(YEARS_BACK)))
    people = np.maximum(alike.sum(had.astype(np.float64)), LEAST)
    for column, hazards in enumerate(_hazards(lives, event, left, begins), start=1):
        came = alike.sum(np.where(left, np.expm1(np.minimum(hazards, MOST_HAZARD)), 0.0))
        within[:, column] = np.where(age - YEARS_BACK[column] > begins, came / people, 1.0)
    within = np.maximum.accumulate(within.clip(0.0, 1.0), axis=1)
    return np.clip(_inverse(within, random.random(len(age))), YESTERDAY, np.maximum(age - ADULT_AGE, YESTERDAY))


def _hazards(lives: Lives, event: LifeEvent, left: Flags, begins: Floats) -> Iterator[Floats]:
    """Cumulative, until today, from each of `YEARS_BACK`: of the last years and of those before, each at its level."""
    age, drive, band = lives.people.age, lives.drives[event], hazard(event).band
    then, before = age - LEVEL_YEARS, age - EARLIER_YEARS
    late, _ = lives.until_today(event, LEVEL_YEARS)
    lately = level_before(event, then, late, drive, np.where(left & (then > begins), 1.0, 0.0))
    since = late * np.exp(drive) * lately[band(then)]
    were = np.where(left & (before > begins), np.exp(np.minimum(since, MOST_HAZARD)), 0.0)
    earlier = level_before(event, before, lives.until_today(event, EARLIER_YEARS)[1], drive, were)
    for years in YEARS_BACK[1:]:
        recent, longer = lives.until_today(event, years)
        of_late = since if years > LEVEL_YEARS else recent * np.exp(drive) * lately[band(age - years)]
        yield of_late + longer * np.exp(drive) * earlier[band(age - years)]


def _inverse(within: Floats, luck: Floats) -> Floats:
    """The years at which a row's share reaches its luck, straight between the columns."""
    knot = np.clip((within <= luck[:, None]).sum(axis=1), 1, len(YEARS_BACK) - 1)
    row = np.arange(len(luck))
    low, high = within[row, knot - 1], within[row, knot]
    part = (luck - low) / np.maximum(high - low, LEAST)
    return np.asarray(YEARS_BACK[knot - 1] + part.clip(0.0, 1.0) * (YEARS_BACK[knot] - YEARS_BACK[knot - 1]))
