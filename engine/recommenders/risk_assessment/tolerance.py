"""How much risk people are willing to take: as they say, else as people of their age and income do."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from engine.enums import UNKNOWN
from engine.facts import Facts, Flags, Floats, Positions
from engine.features.income import pays_us_tax

PRIORS = "risk_tolerance_2019"
TAKES_NO_RISK = 2
"""Levels that the survey's "takes no risk" stands for: the two lowest."""
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """One row a user; levels are positions in `RiskLevel`."""

    stated: Positions
    """`UNKNOWN` where the person has not said."""
    expected: Positions
    """As stated, else the middle of what people alike say."""
    probabilities: Floats
    """Users x levels: what people of this age and income say, whatever this one says."""

    @property
    def is_stated(self) -> Flags:
        """Who has said."""
        return np.asarray(self.stated != UNKNOWN, dtype=np.bool_)


def tolerance(facts: Facts) -> Tolerance:
    """With no trained model there is nothing to hold against a person's own word."""
    below = _below(_no_risk(facts))
    stated = facts.profile.stated_risk_tolerance.astype(np.int64)
    middle = (below < HALF).sum(axis=1)
    return Tolerance(
        stated=stated,
        expected=np.where(stated == UNKNOWN, middle, stated),
        probabilities=np.diff(below, axis=1, prepend=0.0, append=1.0),
    )


def _below(no_risk: Floats) -> Floats:
    """Share below each level but the lowest: one normal latent, cut as in all families, moved to the group's share.

    The cuts ascend, so the shares never cross.
    """
    cuts = ndtri(np.array(_document()["levels"]))
    shift = ndtri(no_risk) - cuts[TAKES_NO_RISK - 1]
    return np.asarray(ndtr(cuts + shift[:, None]), dtype=np.float64)


def _no_risk(facts: Facts) -> Floats:
    """Share of families alike that take no risk: by age and income; by age alone outside the United States."""
    table = _table()
    age, income = facts.profile.age, facts.profile.annual_income
    known_income = pays_us_tax(facts) & ~np.isnan(income)
    band = np.searchsorted(table.incomes, np.maximum(np.nan_to_num(income), 0.0), side="right")
    row = np.maximum(np.searchsorted(table.ages, age, side="right") - 1, 0)
    return np.where(np.isnan(age), table.everybody, table.share[row, np.where(known_income, band, 0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    ages: Floats
    incomes: Floats
    share: Floats
    """Ages x (any income, then the bands)."""
    everybody: float


@cache
def _table() -> _Table:
    rows = {(row["age"], row["income"]): row["no_risk"] for row in _document()["no_risk"]}
    ages = sorted({age for age, _ in rows} - {None})
    incomes = sorted({income for _, income in rows} - {None})
    share = [[rows[age, income] for income in (None, *incomes)] for age in ages]
    return _Table(
        ages=np.array(ages, dtype=np.float64),
        incomes=np.array(incomes, dtype=np.float64),
        share=np.array(share),
        everybody=rows[None, None],
    )


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((files("engine") / "priors" / f"{PRIORS}.json").read_text("utf-8"))
    return document
