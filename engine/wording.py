"""Amounts, rates and months as a reader expects them; every sentence of the engine is written with these."""

import math
from collections.abc import Sequence

import numpy as np

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
WHOLE_UNITS_FROM = 100.0
YEAR, IN_YEARS_FROM = 12.0, 24.0
"""Months."""
CHANCE_PLACES = 4


def amount(value: float, currency: str) -> str:
    """`$1,234`, `$12.50`, `$0`, `CHF 1,234`, `-$80.00`: cents only below a hundred."""
    places = 0 if round(abs(value), 2) >= WHOLE_UNITS_FROM or round(value, 2) == 0 else 2
    sign = "-" if round(value, places) < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{abs(value):,.{places}f}"


def exact(value: float, currency: str) -> str:
    """`$1,234`, `$412.37`: to the cent, where amounts have to add up."""
    cents = round(value, 2)
    return f"{SYMBOLS.get(currency, currency + ' ')}{cents:,.{0 if cents == round(cents) else 2}f}"


def percent(share: float) -> str:
    """`12%`, `4.5%`: one place where it matters."""
    value = 100.0 * share + 0.0
    places = 0 if math.isclose(value, round(value), abs_tol=0.05) else 1
    return f"{value:.{places}f}%"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def months(count: float) -> str:
    """`1 month`, `2.5 months`; from two years on `14.1 years`."""
    unit, value = ("year", count / YEAR) if count >= IN_YEARS_FROM else ("month", count)
    shown = f"{value:.1f}".removesuffix(".0")
    return f"{shown} {unit}" if shown == "1" else f"{shown} {unit}s"


def silence(stopped: np.datetime64, until: str = "this goes by what you state") -> str:
    """Follows a sentence, where no transactions arrive after that month, with what holds until they do; else empty."""
    if np.isnat(stopped):
        return ""
    since = f"{stopped.astype('datetime64[D]').item():%B %Y}"
    return f" No transactions have arrived since {since}: until they do, {until}."


def chance(probability: float) -> float:
    """As it is answered: four places, since no method here knows more, and nothing like 6e-44."""
    return round(float(probability), CHANCE_PLACES) + 0.0
