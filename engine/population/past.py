"""Life events that have happened: dated so that those who could have had one had it at the table's rates.

Of the people who are married now, the share who married within k years is the rate within k years among the unmarried
of k years ago, times how many unmarried there are at that age, over how many married at this one (Bayes).
"""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.facts import Flags, Floats, Positions
from engine.life.events import hazard, reached
from engine.population.people import People
from engine.population.shares import share_at
from engine.population.streams import stream

ADULT_AGE = 18.0
YEARS_BACK = np.array((0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 45.0, 80.0))
JOB_YEARS_BACK = 15
UNEMPLOYED_LATELY, UNEMPLOYED_YEARS = 0.35, 1.5  # share of the unemployed who lost a job, within so many years
LEFT_FOR_WORKERS = 0.65  # of the last two years' losses: the unemployed had the others
OLDEST_CHILD = 22.0
FIRST_MARRIAGE_AGE, FIRST_MARRIAGE_SPREAD = 26.0, 5.0  # of those divorced or widowed now: an assumption
YESTERDAY = 0.01  # years: nothing happens today


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Rows of events; and, one entry a household, years since the last of a kind (infinity: none)."""

    user: Positions
    event: Positions
    years_ago: Floats
    since: dict[LifeEvent, Floats]


def draw_past(people: People, seed: int) -> Past:
    """Marriages, births, own homes, retirements; involuntary job changes of the last fifteen years."""
    random = stream(seed, "past events")
    retired = _retirement(random, people)
    dated = [
        (LifeEvent.MARRIAGE, _marriage(random, people)[:, None]),
        (LifeEvent.CHILD, _births(random, people)),
        (LifeEvent.JOB_CHANGE, _job_changes(random, people, retired)),
        (LifeEvent.HOME_PURCHASE, _home_purchase(random, people)[:, None]),
        (LifeEvent.RETIREMENT, retired[:, None]),
    ]
    cells = [np.argwhere(np.isfinite(years)) for _, years in dated]
    order = np.argsort(np.concatenate([cell[:, 0] for cell in cells]), kind="stable")
    return Past(
        user=np.concatenate([cell[:, 0] for cell in cells])[order],
        event=np.concatenate([np.full(len(cell), code(event)) for cell, (event, _) in zip(cells, dated, strict=True)])[
            order
        ],
        years_ago=np.concatenate([years[np.isfinite(years)] for _, years in dated])[order],
        since={event: years.min(axis=1) for event, years in dated},
    )


def _marriage(random: np.random.Generator, people: People) -> Floats:
    """Of the married by the rates; of the divorced and widowed long ago."""
    nobody = np.zeros(len(people), dtype=bool)
    since = _since(random, people, LifeEvent.MARRIAGE, nobody, ("unmarried",), ("married",))
    before = people.age - FIRST_MARRIAGE_AGE - FIRST_MARRIAGE_SPREAD * random.standard_normal(len(people))
    alone = np.clip(before, np.minimum(3.0, people.age - ADULT_AGE), people.age - ADULT_AGE)
    was = ~people.married & (people.marital_status != code(MaritalStatus.SINGLE))
    return np.where(people.married, since, np.where(was, alone, np.inf))


def _home_purchase(random: np.random.Generator, people: People) -> Floats:
    nobody = np.zeros(len(people), dtype=bool)
    since = _since(random, people, LifeEvent.HOME_PURCHASE, nobody, ("renter",), ("homeowner",))
    return np.where(people.homeowner, since, np.inf)


def _retirement(random: np.random.Generator, people: People) -> Floats:
    nobody = np.zeros(len(people), dtype=bool)
    since = _since(random, people, LifeEvent.RETIREMENT, nobody, ("working",), ("retired",))
    return np.where(people.is_(EmploymentStatus.RETIRED), since, np.inf)


def _births(random: np.random.Generator, people: People) -> Floats:
    """Households x children: the youngest by the rates, the others before, some years apart."""
    several = people.children > 1
    since = np.full(len(people), np.inf)
    for married, state in ((True, "married"), (False, "unmarried")):
        rows = people.married == married
        first = _since(random, people, LifeEvent.CHILD, several, (f"{state}_no_child",), (f"{state}_one_child",))
        parents = (f"{state}_one_child", f"{state}_more_children")
        later = _since(random, people, LifeEvent.CHILD, several, parents, (f"{state}_more_children",))
        since = np.where(rows, np.where(several, later, first), since)
    gaps = random.uniform(1.5, 4.5, (len(people), max(int(people.children.max(initial=0)), 1)))
    gaps[:, 0] = np.minimum(since, OLDEST_CHILD)
    ages = np.cumsum(gaps, axis=1)
    born = (np.arange(gaps.shape[1]) < people.children[:, None]) & (ages < np.minimum(people.age - 17.0, 26.0)[:, None])
    return np.where(born, ages, np.inf)


def _job_changes(random: np.random.Generator, people: People, retired: Floats) -> Floats:
    """Households x years back: at most one a year, at the yearly hazard of that age, while at work."""
    back = np.arange(JOB_YEARS_BACK) + random.random((len(people), JOB_YEARS_BACK))
    table = hazard(LifeEvent.JOB_CHANGE)
    age = people.age[:, None] - back
    band = table.band(age.ravel()).reshape(age.shape)
    yearly = table.cumulative[band, people.married.astype(int)[:, None], 0, 4] / 5.0
    yearly[:, :2] *= LEFT_FOR_WORKERS
    worked = people.working | people.is_(EmploymentStatus.RETIRED)
    possible = worked[:, None] & (age >= ADULT_AGE + 1.0) & ((back > retired[:, None]) | ~np.isfinite(retired)[:, None])
    years = np.where(possible & (random.random(back.shape) < -np.expm1(-yearly)), back, np.inf)
    lost = people.is_(EmploymentStatus.UNEMPLOYED) & (random.random(len(people)) < UNEMPLOYED_LATELY)
    years[:, 0] = np.where(lost, random.uniform(0.1, UNEMPLOYED_YEARS, len(people)), years[:, 0])
    return np.maximum(years, YESTERDAY)


def _since(
    random: np.random.Generator,
    people: People,
    event: LifeEvent,
    children: Flags,
    before: tuple[str, ...],
    after: tuple[str, ...],
) -> Floats:
    """Years since the event of everyone who is in one of the states `after`, coming from one of `before`."""
    table = hazard(event)
    within = np.zeros((len(people), len(YEARS_BACK)))
    now = sum(share_at(state, people.age) for state in after)
    for column, years in enumerate(YEARS_BACK[1:], start=1):
        origin = people.age - years
        rate = -np.expm1(-reached(table.at(origin, people.married, children), np.full(len(people), years)))
        pool = sum(share_at(state, origin) for state in before)
        within[:, column] = np.where(origin > ADULT_AGE, rate * pool / np.maximum(now, 1e-3), 1.0)
    within = np.maximum.accumulate(within.clip(0.0, 1.0), axis=1)
    return np.clip(_inverse(within, random.random(len(people))), YESTERDAY, people.age - ADULT_AGE)


def _inverse(within: Floats, luck: Floats) -> Floats:
    """The years at which a row's share reaches its luck, straight between the columns."""
    knot = np.clip((within <= luck[:, None]).sum(axis=1), 1, len(YEARS_BACK) - 1)
    row = np.arange(len(luck))
    low, high = within[row, knot - 1], within[row, knot]
    part = (luck - low) / np.maximum(high - low, 1e-9)
    return np.asarray(YEARS_BACK[knot - 1] + part.clip(0.0, 1.0) * (YEARS_BACK[knot] - YEARS_BACK[knot - 1]))
