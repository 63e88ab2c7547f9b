"""What a unit of money is worth a year, after tax, in each place: the one yardstick of the household's plan.

A return that is certain counts in full; an uncertain one by its certainty equivalent. What is lost for good when this
year passes (an employer's match) counts in full; a tax advantage that can be had again next year counts spread over
the years until the money is used.
"""

import numpy as np

from engine.enums import Priority
from engine.facts import Floats, Positions
from engine.features.horizon import RETIREMENT_AGE
from engine.goals.priorities import by_priority

INVESTED = 0.05
"""A diversified portfolio: 6 to 7 % expected by long-run US history and large managers' assumptions of 2024-26, less
a premium for its risk."""
CASH = 0.03
"""An insured savings account where its rate is not known: between the FDIC's national rate and the best on offer."""

LEAST_YEARS = 5.0
USUAL_AGE = 45.0
"""Where it is not known."""
HSA_YEARS = 10.0
"""Until health costs use the money up, at the longest."""
RETIREMENT_INCOME = 0.6
"""Of today's pay, taxed in retirement: the rest of the usual 70-80 % replacement is largely untaxed benefits."""
GAINS_DRAG = 0.6
"""Share of a taxable portfolio's return that is taxed as gains and dividends in time to matter."""

SHOCK_COST = 0.5
"""Of each unit that is missing in an emergency: borrowing at a card's rate for more than a year, fees, arrears."""
USUAL_MONTHS = 3.0
SHOCK_CHANCE = ((0.0, 1.0, 0.6), (1.0, 3.0, 0.2), (3.0, np.inf, 0.06))
"""From and to months of spending, and the chance a year that an emergency reaches there in a household whose fund
should hold the usual months. 0.6: Pew, The Role of Emergency Savings, 2015 (60 % of households had a shock within
a year); 0.2: about the share with a job loss or a drop of a quarter in income; 0.06: unemployed for half a year."""

GOAL_WORTH = by_priority({Priority.CRITICAL: 0.15, Priority.HIGH: 0.08, Priority.MEDIUM: 0.04, Priority.LOW: 0.02})
"""On top of cash: what being on time is worth to the household, by its own ranking."""
LEAST_GOAL_SHARE = 0.5
"""Of that worth, for the last unit missing; the whole for a goal at its beginning."""

LEAST_TRANSFER = 5.0
"""A month; a smaller rest is not worth a standing order and stays in checking."""


def emergency_worth(kept: Floats, chance: Floats | float, months: Floats) -> Floats:
    """Of a step of the emergency fund: what cash pays, and what is spared where it is needed.

    At least what open-ended investing is worth: the fund that suits a household is filled first.
    """
    return np.maximum(kept + SHOCK_COST * chance * months / USUAL_MONTHS, INVESTED)


def goal_worth(level: Positions | int, missing: Floats | float) -> Floats:
    """Of what a goal of this rank gets in cash, by the share of its target that is still missing."""
    share = LEAST_GOAL_SHARE + (1.0 - LEAST_GOAL_SHARE) * missing
    return np.asarray(CASH + GOAL_WORTH[level] * share, dtype=np.float64)


def spread(advantage: Floats, years: Floats | float) -> Floats:
    """A gain had once, as a rate a year."""
    return np.asarray(np.power(1.0 + np.maximum(advantage, 0.0), 1.0 / np.maximum(years, LEAST_YEARS)) - 1.0)


def years_to_retirement(age: Floats) -> Floats:
    """Years until the money saved for retirement is used."""
    return np.maximum(RETIREMENT_AGE - np.where(np.isnan(age), USUAL_AGE, age), LEAST_YEARS)
