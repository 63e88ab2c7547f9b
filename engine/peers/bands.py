"""Bands of age and income: all that is ever told of a peer, and the cells that cohorts are made of."""

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Facts, Floats, Positions

AGES = (18.0, 35.0, 45.0, 55.0, 65.0, 75.0)
INCOMES = (0.0, 25_000.0, 50_000.0, 100_000.0, 200_000.0)
"""A year before tax, in the household's currency; both tuples are where bands begin."""
LETTERS = 26
NOT_TOLD = "not told"
NOBODY_ALIKE = -2


def age_bands(facts: Facts) -> Positions:
    """Position in `AGES`, `UNKNOWN` where the age is not known; below the first counts as the first."""
    return _bands(facts.profile.age, AGES)


def income_bands(facts: Facts) -> Positions:
    """Position in `INCOMES`, `UNKNOWN` where the income is not known."""
    return _bands(facts.profile.annual_income, INCOMES)


def told_bands(currency: Positions, age_band: Positions, income_band: Positions, least: int) -> Positions:
    """Bands of age and income, widened to `UNKNOWN` until so many people of the currency share both.

    First the income is not told any more, then the age; who still has too few beside it is `NOBODY_ALIKE` in both.
    """
    told = np.column_stack([currency, age_band, income_band])
    for column in (2, 1):
        told[_shared(told) < least, column] = UNKNOWN
    told[_shared(told) < least, 1:] = NOBODY_ALIKE
    return np.asarray(told[:, 1:], dtype=np.int64)


def age_label(band: int) -> str:
    """`35-44`, `75 and over`."""
    if band == UNKNOWN:
        return NOT_TOLD
    start = AGES[band]
    return f"{start:.0f} and over" if band + 1 == len(AGES) else f"{start:.0f}-{AGES[band + 1] - 1:.0f}"


def income_label(band: int) -> str:
    """`below 25,000`, `50,000-100,000`, `200,000 and over`."""
    if band == UNKNOWN:
        return NOT_TOLD
    if band == 0:
        return f"below {INCOMES[1]:,.0f}"
    start = f"{INCOMES[band]:,.0f}"
    return f"{start} and over" if band + 1 == len(INCOMES) else f"{start}-{INCOMES[band + 1]:,.0f}"


def currency_numbers(facts: Facts) -> Floats:
    """Each user's currency as a number, so that it fits a column: three letters to the base 26."""
    known = {name: currency_number(str(name)) for name in set(facts.profile.currency.tolist())}
    return np.array([known[name] for name in facts.profile.currency], dtype=np.float64)


def currency_number(name: str) -> int:
    """0 for what is no code of three letters."""
    if len(name) != 3 or not (name.isascii() and name.isalpha() and name.isupper()):
        return 0
    first, second, third = (ord(letter) - ord("A") for letter in name)
    return 1 + (first * LETTERS + second) * LETTERS + third


def _shared(told: Positions) -> Positions:
    """How many rows are the same as each."""
    _, member, count = np.unique(told, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(count[member.ravel()], dtype=np.int64)


def _bands(values: Floats, starts: tuple[float, ...]) -> Positions:
    band = np.searchsorted(starts, np.nan_to_num(values), side="right") - 1
    return np.where(np.isnan(values), UNKNOWN, np.maximum(band, 0)).astype(np.int64)
