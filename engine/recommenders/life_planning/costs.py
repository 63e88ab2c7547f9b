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
LEAST_COST = 1.0


def cost(facts: Facts, flow: Flow, event: LifeEvent, years: Floats) -> Floats:
    """In the household's currency, in today's money; `years` until the likely date."""
    table = {
        LifeEvent.MARRIAGE: lambda: _wedding(facts),
        LifeEvent.CHILD: lambda: _child(facts),
        LifeEvent.JOB_CHANGE: lambda: _without_pay(facts, flow),
        LifeEvent.HOME_PURCHASE: lambda: PRICE_TO_INCOME * (DOWN_PAYMENT + CLOSING_COSTS) * gross_income(facts),
        LifeEvent.RETIREMENT: lambda: _retirement(facts, flow, years),
    }
    return np.asarray(np.maximum(np.round(table[event](), 2), LEAST_COST), dtype=np.float64)


def _wedding(facts: Facts) -> Floats:
    share = WEDDING_SHARE * gross_income(facts)
    return np.where(pays_us_tax(facts), np.clip(share, LEAST_WEDDING, MOST_WEDDING), share)


def _child(facts: Facts) -> Floats:
    gross = gross_income(facts)
    return np.where(pays_us_tax(facts), np.interp(gross, CHILD_INCOMES, CHILD_COSTS), CHILD_SHARE * gross)


def _without_pay(facts: Facts, flow: Flow) -> Floats:
    """Spending of the months without pay, less benefits; a month's spending at the least."""
    share = BENEFIT_SHARE * gross_income(facts) / MONTHS
    benefit = np.where(pays_us_tax(facts), np.minimum(share, MOST_BENEFIT), BENEFIT_SHARE * take_home(facts))
    return np.asarray(np.maximum(MONTHS_WITHOUT_PAY * (flow.spending - benefit), flow.spending), dtype=np.float64)


def _retirement(facts: Facts, flow: Flow, years: Floats) -> Floats:
    """Years of spending that should be invested at that age, as financial health counts them."""
    return np.asarray(RETIREMENT_NEED.score(facts.profile.age + years) * MONTHS * flow.spending, dtype=np.float64)
