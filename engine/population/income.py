"""Income as it arrives: by-weekly or monthly pay, irregular pay of the self-employed, benefits, yearly extras."""

from dataclasses import dataclass

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Flags, Floats, Positions
from engine.population.calendar import Calendar, day_in_month
from engine.population.lines import Days, Lines, lines
from engine.population.means import Means
from engine.population.merchants import merchant
from engine.population.past import Past
from engine.population.people import People
from engine.population.rises import Rises, draw_rises, level
from engine.population.streams import stream
from engine.transactions import CATEGORY_NAMES
from engine.units import DAYS_A_YEAR, MONTHS_A_YEAR

BIWEEKLY_SHARE = 0.60  # of employees; the others are paid monthly
BIWEEKLY_DAYS, BIWEEKLY_A_YEAR = 14, DAYS_A_YEAR / 14
IRREGULAR_A_MONTH, IRREGULAR_SPREAD = 1.7, 0.6
PAY_TO_PENSION, PAY_TO_BENEFITS = 1.5, 1.6  # what the pay was before it stopped
GAP_SHARE, MOST_GAP_DAYS, BENEFITS_IN_GAP = 0.6, 75.0, 0.4
QUARTERLY_MONTHS, MID_MONTH_DAYS = 3, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One entry a household: how it is paid, and what changed when (day -1e9: nothing)."""

    biweekly: Flags
    irregular: Flags
    pay_day: Positions
    """Day of the month, or days after the ledger's start of the first by-weekly pay."""
    rises: Rises
    changed: Days
    resumed: Days
    pay_before: Floats


def draw_work(people: People, past: Past, months: Calendar, seed: int) -> Work:
    """Pay days, rises, and the last retirement or loss of a job."""
    random = stream(seed, "work")
    size = len(people)
    employed, retired = people.is_(EmploymentStatus.EMPLOYED), people.is_(EmploymentStatus.RETIRED)
    biweekly = employed & (random.random(size) < BIWEEKLY_SHARE)
    since = np.where(retired, past.since[LifeEvent.RETIREMENT], past.since[LifeEvent.JOB_CHANGE])
    changed = np.where(np.isfinite(since), months.today - np.nan_to_num(since, posinf=0.0) * DAYS_A_YEAR, -1e9)
    gap = np.where(random.random(size) < GAP_SHARE, random.uniform(10.0, MOST_GAP_DAYS, size), 0.0)
    rises = draw_rises(people, random.standard_normal(size), months, seed)
    idle_before = np.where(retired, PAY_TO_PENSION, PAY_TO_BENEFITS)
    return Work(
        biweekly=biweekly,
        irregular=people.is_(EmploymentStatus.SELF_EMPLOYED),
        pay_day=np.where(biweekly, random.integers(0, BIWEEKLY_DAYS, size), random.integers(1, 29, size)),
        rises=rises,
        changed=changed.astype(np.int64),
        resumed=(changed + np.where(people.working, gap, 0.0)).astype(np.int64),
        pay_before=np.where(people.working, np.exp(random.normal(0.0, 0.10, size)), idle_before),
    )


def income_lines(people: People, work: Work, means: Means, months: Calendar, seed: int) -> list[Lines]:
    """All money that comes in from outside."""
    random = stream(seed, "income")
    return [
        _regular(people, work, means, *_pay_days(work, months)),
        _irregular(random, work, means, months),
        *_extras(random, work, means, months),
        *_capital(means, months),
    ]


def pay_level(work: Work, user: Positions, day: Days) -> Floats:
    """Pay of a day relative to the mean of the last twelve months."""
    return level(work.rises, user, day)


def lasting_pay(people: People, work: Work, months: Calendar) -> Floats:
    """Households x months: the same with the pay of the job before, as if there had been no gap."""
    user, month = np.indices((len(people), len(months)))
    middle = months.starts[month] + MID_MONTH_DAYS
    before = (middle < work.changed[user]) & people.working[user]
    return pay_level(work, user, middle) * np.where(before, work.pay_before[user], 1.0)


def last_pay_day(work: Work, user: Positions, day: Days, months: Calendar) -> Days:
    """The regular pay day on or before each day."""
    paid = months.first_day + work.pay_day[user]
    biweekly = paid + (day - paid) // BIWEEKLY_DAYS * BIWEEKLY_DAYS
    month = months.month(day)
    here = months.starts[month] + work.pay_day[user] - 1
    monthly = np.where(here <= day, here, months.starts[np.maximum(month - 1, 0)] + work.pay_day[user] - 1)
    return np.where(work.biweekly[user], biweekly, monthly)


def _pay_days(work: Work, months: Calendar) -> tuple[Positions, Days, Floats]:
    """Household, day and periods a year of every regular pay day."""
    often = np.flatnonzero(work.biweekly)
    periods = np.arange((months.today - months.first_day) // BIWEEKLY_DAYS + 1)
    first = months.first_day + work.pay_day[often]
    fortnights = (first[:, None] + BIWEEKLY_DAYS * periods).ravel()
    monthly = np.flatnonzero(~work.biweekly & ~work.irregular)
    month = np.tile(np.arange(len(months)), len(monthly))
    user = np.repeat(monthly, len(months))
    day = np.concatenate([fortnights, day_in_month(months, month, work.pay_day[user])])
    a_year = np.repeat([BIWEEKLY_A_YEAR, float(MONTHS_A_YEAR)], [len(fortnights), len(user)])
    user = np.concatenate([np.repeat(often, len(periods)), user])
    past = day <= months.today
    return user[past], day[past], a_year[past]


def _regular(people: People, work: Work, means: Means, user: Positions, day: Days, a_year: Floats) -> Lines:
    """Pay while at work, benefits in a gap, after the end of work and for who has none."""
    amount = means.regular[user] / a_year * pay_level(work, user, day)
    before, gap = day < work.changed[user], (day >= work.changed[user]) & (day < work.resumed[user])
    amount *= np.where(before, work.pay_before[user], np.where(gap, BENEFITS_IN_GAP, 1.0))
    works = people.working | people.is_(EmploymentStatus.STUDENT)
    paid = np.where(works[user], ~gap, before)
    category = np.where(paid, CATEGORY_NAMES.index("salary"), CATEGORY_NAMES.index("benefits"))
    return lines(user, day, amount, category, np.where(paid, merchant("salary"), merchant("benefits")))


def _irregular(random: np.random.Generator, work: Work, means: Means, months: Calendar) -> Lines:
    """Payments of clients: what comes in over a year is sure, when and how much at a time is not."""
    own = np.flatnonzero(work.irregular)
    days = months.today - months.first_day + 1
    count = 1 + random.poisson(IRREGULAR_A_MONTH * days * MONTHS_A_YEAR / DAYS_A_YEAR, len(own))
    user = np.repeat(own, count)
    day = months.first_day + random.integers(0, days, len(user))
    size = np.exp(IRREGULAR_SPREAD * random.standard_normal(len(user)))
    year = np.floor(months.years_ago(day)).astype(np.int64)
    years = int(year.max(initial=0)) + 1
    covered = np.minimum(days / DAYS_A_YEAR - np.arange(years), 1.0)
    cell = user * years + year
    part = size / np.bincount(cell, size)[cell]
    amount = means.regular[user] * part * covered[year] * pay_level(work, user, day)
    return lines(user, day, amount, "other_income", merchant("other_income"))


def _extras(random: np.random.Generator, work: Work, means: Means, months: Calendar) -> list[Lines]:
    """A bonus in March, a tax refund between February and April."""
    found = []
    for category, index, amounts, month_of_year in (
        ("bonus", 0, means.bonus, np.full(len(means.net), 2)),
        ("other_income", 1, means.refund, 1 + random.integers(0, 3, len(means.net))),
    ):
        user, month = np.nonzero((amounts > 0)[:, None] & (months.month_of_year == month_of_year[:, None]))
        day = day_in_month(months, month, 3 + (user * 7) % 24)
        past = day <= months.today
        user, day = user[past], day[past]
        amount = amounts[user] * pay_level(work, user, day)
        found.append(lines(user, day, amount, category, merchant(category, index)))
    return found


def _capital(means: Means, months: Calendar) -> list[Lines]:
    """Interest and dividends at the end of a quarter."""
    ends = np.flatnonzero(months.month_of_year % QUARTERLY_MONTHS == QUARTERLY_MONTHS - 1)
    ends = ends[months.starts[ends] + months.lengths[ends] - 1 <= months.today]
    found = []
    for yearly in (means.interest, means.dividends):
        payers = np.flatnonzero(yearly > 4.0)
        user, month = np.repeat(payers, len(ends)), np.tile(ends, len(payers))
        amount = yearly[user] / MONTHS_A_YEAR * QUARTERLY_MONTHS
        found.append(lines(user, months.last_day(month), amount, "interest_income", merchant("interest_income")))
    return found
