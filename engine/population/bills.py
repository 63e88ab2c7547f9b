"""Bills: housing, utilities, insurance, subscriptions, childcare, property tax, and payments on debts."""

from dataclasses import dataclass

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Flags, Floats, Positions
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.biases import Biases
from engine.population.calendar import Calendar, day_in_month
from engine.population.lines import Days, Lines, lines
from engine.population.merchants import BY_CATEGORY, merchant
from engine.population.past import Past
from engine.population.plan import Plan
from engine.population.streams import stream
from engine.units import DAYS_A_YEAR

RENT_RISE, BILL_RISE = 0.03, 0.02  # a year
RENT_OF_VALUE = 0.05  # a year: what was rented before was worth as much as the home bought
HALF_YEARLY_INSURANCE = 0.30  # of households pay twice a year
WINTER_AND_SUMMER = np.array((1.30, 1.22, 1.05, 0.88, 0.82, 0.95, 1.12, 1.10, 0.95, 0.85, 0.90, 1.15))
TAX_MONTHS = (5, 11)  # June and December
SUBSCRIPTION_PRICES = np.array((7.99, 9.99, 11.99, 14.99, 17.99, 24.99, 39.99, 54.99))
SUBSCRIPTION_ODDS = np.array((0.18, 0.2, 0.16, 0.16, 0.1, 0.08, 0.07, 0.05))
SLOTS = len(SUBSCRIPTION_PRICES)
MEAN_SUBSCRIPTIONS, CREEPING_SUBSCRIPTIONS = 1.35, 4.0
DROPPED, PRICE_STEP, CREEPING_PRICE_STEP = 0.012, 0.04, 0.09  # a month; a year
NEVER_DAYS = 1 << 40
DEBTS = ("card", "student_loan", "vehicle_loan", "loan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """When the household moved into its own home, and what it paid in rent before."""

    since: Days
    rent_before: Floats


def bill_lines(plan: Plan, sheet: BalanceSheet, biases: Biases, past: Past, months: Calendar, seed: int) -> list[Lines]:
    """All bills of all months up to today."""
    random = stream(seed, "bills")
    home = _home(plan, sheet, past, months)
    return [
        *_housing(random, plan, home, months),
        *_utilities_and_insurance(random, plan, months),
        _childcare(random, plan, past, months),
        _property_tax(plan, home, months),
        subscription_lines(random, biases, months),
        *_debt_payments(random, plan, months),
    ]


def _home(plan: Plan, sheet: BalanceSheet, past: Past, months: Calendar) -> Home:
    """Of who owns one today."""
    years, owns = past.since[LifeEvent.HOME_PURCHASE], sheet.balance[:, Slot.HOME] > 0
    since = np.where(owns & np.isfinite(years), months.today - np.nan_to_num(years, posinf=0.0) * DAYS_A_YEAR, 0.0)
    worth = sheet.balance[:, Slot.HOME] * RENT_OF_VALUE / 12
    return Home(since=since.astype(np.int64), rent_before=np.minimum(worth, plan.mortgage + plan.property_tax + 900.0))


def _monthly(
    random: np.random.Generator,
    amount: Floats,
    category: str,
    code: int | Positions,
    months: Calendar,
    *,
    rise: float = 0.0,
    first_day: int | Days = 0,
    until: int | Days = NEVER_DAYS,
    factor: Floats | float = 1.0,
) -> Lines:
    """The same day of every month, for whom the amount is not zero; `factor` by month, or by household and month."""
    user = np.repeat(np.flatnonzero(amount > 0), len(months))
    month = np.tile(np.arange(len(months)), len(user) // len(months))
    day = day_in_month(months, month, random.integers(1, 29, len(amount))[user])
    factors = np.broadcast_to(factor, (len(amount), len(months)))[user, month]
    paid = amount[user] * factors * (1.0 + rise) ** -np.floor(months.years_ago(day))
    kept = (day <= months.today) & (day >= np.broadcast_to(first_day, amount.shape)[user])
    kept &= day < np.broadcast_to(until, amount.shape)[user]
    codes = np.broadcast_to(code, amount.shape)[user]
    return lines(user[kept], day[kept], -paid[kept], category, codes[kept])


def _housing(random: np.random.Generator, plan: Plan, home: Home, months: Calendar) -> list[Lines]:
    """Rent up to the move into an own home, the mortgage from then on."""
    rent = np.where(home.since > 0, home.rent_before, plan.rent)
    until = np.where(home.since > 0, home.since, NEVER_DAYS)
    second = merchant("mortgage", 1)
    return [
        _monthly(random, rent, "rent", merchant("rent"), months, rise=RENT_RISE, until=until),
        _monthly(random, plan.mortgage, "mortgage", merchant("mortgage"), months, first_day=home.since),
        _monthly(random, plan.second_mortgage, "mortgage", second, months),
    ]


def _utilities_and_insurance(random: np.random.Generator, plan: Plan, months: Calendar) -> list[Lines]:
    size = len(plan.utilities)
    weather = WINTER_AND_SUMMER[months.month_of_year] * np.exp(0.08 * random.standard_normal((size, len(months))))
    provider = merchant("utilities") + random.integers(0, len(BY_CATEGORY["utilities"]), size)
    insurer = merchant("insurance") + random.integers(0, len(BY_CATEGORY["insurance"]), size)
    rarely = random.random(size) < HALF_YEARLY_INSURANCE
    due = (months.month_of_year + np.arange(size)[:, None]) % 6 == 0
    often = np.where(rarely[:, None], 6.0 * due, 1.0)
    return [
        _monthly(random, plan.utilities, "utilities", provider, months, rise=BILL_RISE, factor=weather),
        _monthly(random, plan.insurance, "insurance", insurer, months, rise=BILL_RISE, factor=often),
    ]


def _childcare(random: np.random.Generator, plan: Plan, past: Past, months: Calendar) -> Lines:
    """From half a year after the youngest was born."""
    born = months.today - np.nan_to_num(past.since[LifeEvent.CHILD], posinf=1e4) * DAYS_A_YEAR
    place = merchant("childcare") + random.integers(0, len(BY_CATEGORY["childcare"]), len(born))
    first = (born + DAYS_A_YEAR / 2).astype(np.int64)
    return _monthly(random, plan.childcare, "childcare", place, months, rise=BILL_RISE, first_day=first)


def _property_tax(plan: Plan, home: Home, months: Calendar) -> Lines:
    user, month = np.nonzero((plan.property_tax > 0)[:, None] & np.isin(months.month_of_year, TAX_MONTHS))
    day = day_in_month(months, month, 10 + user % 15)
    kept = (day <= months.today) & (day >= home.since[user])
    return lines(user[kept], day[kept], -6.0 * plan.property_tax[user[kept]], "taxes", merchant("taxes"))


def _debt_payments(random: np.random.Generator, plan: Plan, months: Calendar) -> list[Lines]:
    return [
        _monthly(random, getattr(plan, debt), "debt_payment", merchant("debt_payment", index), months)
        for index, debt in enumerate(DEBTS)
    ]


def subscription_lines(random: np.random.Generator, biases: Biases, months: Calendar) -> Lines:
    """Household x service x month; those who let them creep take up more and more and pay rising prices."""
    creep = biases.subscription_creep
    start, end = _subscribed(random, creep, months)
    month = np.arange(len(months))
    user, slot, month = np.nonzero((month >= start[..., None]) & (month < end[..., None]))
    day = day_in_month(months, month, random.integers(1, 29, start.shape)[user, slot])
    step = np.where(creep[user] > 0, CREEPING_PRICE_STEP * creep[user], PRICE_STEP * ((user + slot) % 2))
    price = SUBSCRIPTION_PRICES[slot] * (1.0 + step) ** -np.floor(months.years_ago(day))
    kept = day <= months.today
    return lines(user[kept], day[kept], -price[kept].round(2), "subscriptions", merchant("subscriptions") + slot[kept])


def _subscribed(random: np.random.Generator, creep: Floats, months: Calendar) -> tuple[Positions, Positions]:
    """First month and the month after the last, household x service."""
    shape = (len(creep), SLOTS)
    mean = np.where(creep > 0, 2.0 + CREEPING_SUBSCRIPTIONS * creep, MEAN_SUBSCRIPTIONS)[:, None]
    taken: Flags = random.random(shape) < np.minimum(mean * SUBSCRIPTION_ODDS, 0.95)
    late = random.random(shape) < np.where(creep > 0, 0.35 + 0.6 * creep, 0.2)[:, None]
    start = np.where(late, random.integers(0, len(months), shape), 0)
    lasting = random.geometric(np.where(creep > 0, DROPPED / 6.0, DROPPED)[:, None], shape)
    end = np.minimum(start + lasting, len(months))
    return np.where(taken, start, len(months)), np.where(taken, end, 0)
