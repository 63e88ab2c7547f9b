"""What events cost a household of its income: one documented table."""

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Facts, Floats
from engine.features.cash_flow import Flow
from engine.features.income import MONTHS, gross_income, pays_us_tax, take_home
from engine.health.scales import RETIREMENT_NEED

WEDDING_SHARE = 0.25
LEAST_WEDDING, MOST_WEDDING = 3_000.0, 50_000.0
"""The couple's own part: US weddings of 2019 cost $33,900 on average, three in four less than $20,000, and couples paid
about half (The Knot, Real Weddings Study 2019): a quarter of a year's income stands for some $17,000 at the median."""
CHILD_INCOMES, CHILD_COSTS = (0.0, 36_000.0, 82_000.0, 185_000.0), (6_000.0, 9_700.0, 13_000.0, 20_700.0)
"""A child's first year: a seventeenth part and more of what US families spend until 17, $174,690, $233,610 and $372,210
in three groups of income (USDA, Expenditures on Children by Families, 2015), through the groups' mean incomes."""
CHILD_SHARE = 0.16
"""Of income, in other currencies: the middle group's."""
MONTHS_WITHOUT_PAY = 5.0
"""US unemployment lasted 21 to 22 weeks on average in 2019 (BLS, Current Population Survey)."""
BENEFIT_SHARE, MOST_BENEFIT = 0.40, 1_900.0
"""Of pay a month, and at most: US benefits replace about 40 % and ended near $440 a week in a typical state (2019)."""
PRICE_TO_INCOME = 2.7
"""Median US buyer of 2018: a home of $250,000 at an income of $91,600 (NAR, Profile of Home Buyers and Sellers)."""
DOWN_PAYMENT, CLOSING_COSTS = 0.10, 0.03
"""Of the price: first-time buyers put down 5 to 10 % (NAR 2017 to 2025); fees are commonly 2 to 5 %."""
LEAST_YEAR = 15_650.0
"""What a year takes at the least in the US: the poverty guideline of 2025 for one person (HHS). Stands in where neither
income nor spending is known, and below a home's price; elsewhere nothing does, and such events are not told."""


def cost(facts: Facts, flow: Flow, event: LifeEvent, years: Floats) -> Floats:
    """In the household's currency, in today's money, 0 where nothing tells; `years` until the likely date."""
    spending = _spending(facts, flow)
    year = np.where(gross_income(facts) > 0, gross_income(facts), MONTHS * spending)
    table = {
        LifeEvent.MARRIAGE: lambda: _wedding(facts, year),
        LifeEvent.CHILD: lambda: _child(facts, year),
        LifeEvent.JOB_CHANGE: lambda: _without_pay(facts, spending),
        LifeEvent.HOME_PURCHASE: lambda: _home(facts, year),
        LifeEvent.RETIREMENT: lambda: RETIREMENT_NEED.score(facts.profile.age + years) * MONTHS * spending,
    }
    return np.asarray(np.round(table[event](), 2), dtype=np.float64)


def _spending(facts: Facts, flow: Flow) -> Floats:
    """A month's; where none is known what comes in, and at the least what a month takes."""
    least = np.where(pays_us_tax(facts), LEAST_YEAR / MONTHS, 0.0)
    return np.where(flow.spending > 0, flow.spending, np.maximum(flow.income, least))


def _wedding(facts: Facts, year: Floats) -> Floats:
    share = WEDDING_SHARE * year
    return np.where(pays_us_tax(facts), np.clip(share, LEAST_WEDDING, MOST_WEDDING), share)


def _child(facts: Facts, year: Floats) -> Floats:
    return np.where(pays_us_tax(facts), np.interp(year, CHILD_INCOMES, CHILD_COSTS), CHILD_SHARE * year)


def _without_pay(facts: Facts, spending: Floats) -> Floats:
    """Spending of the months without pay, less benefits; a month's spending at the least."""
    share = BENEFIT_SHARE * gross_income(facts) / MONTHS
    benefit = np.where(pays_us_tax(facts), np.minimum(share, MOST_BENEFIT), BENEFIT_SHARE * take_home(facts))
    return np.asarray(np.maximum(MONTHS_WITHOUT_PAY * (spending - benefit), spending), dtype=np.float64)


def _home(facts: Facts, year: Floats) -> Floats:
    """Down payment and fees of a home that the income carries."""
    least = np.where(pays_us_tax(facts), LEAST_YEAR, 0.0)
    return PRICE_TO_INCOME * (DOWN_PAYMENT + CLOSING_COSTS) * np.maximum(year, least)
