"""The groups of people within which a new model may not be much worse than the one before."""

from collections.abc import Mapping

import numpy as np

from engine.enums import MaritalStatus, Sex
from engine.facts import Codes, Facts, Floats, Objects

UNKNOWN_LABEL = "unknown"
AGES = (35.0, 55.0, 65.0)
INCOMES = (40_000.0, 100_000.0)
"""A year, in the household's currency: about thirds of US households."""


def groups(facts: Facts) -> Mapping[str, Objects]:
    """A label a user in each grouping; needs the source `profile`."""
    profile = facts.profile
    return {
        "age_band": _bands(profile.age, AGES),
        "income_band": _bands(profile.annual_income, INCOMES),
        "sex": _words(profile.sex, [str(word) for word in Sex]),
        "marital_status": _words(profile.marital_status, [str(word) for word in MaritalStatus]),
    }


def _bands(values: Floats, edges: tuple[float, ...]) -> Objects:
    named = [f"below {edges[0]:g}", *(f"from {edge:g}" for edge in edges)]
    band = np.searchsorted(edges, np.nan_to_num(values), side="right")
    return _words(np.where(np.isnan(values), -1, band).astype(np.int8), named)


def _words(codes: Codes, words: list[str]) -> Objects:
    return np.array([*words, UNKNOWN_LABEL], dtype=np.object_)[codes]
