"""How much risk people are willing to take: as they say, and as is expected of people like them."""

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
from engine.recommenders.risk_assessment.model import ToleranceModel
from engine.risk.features import features
from engine.risk.interval import above, below

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
    """The middle of what people alike say; without a model, the person's own word where there is one."""
    probabilities: Floats
    """Users x levels: what people alike say, whatever this one says."""
    overstated: Flags
    """Whether the word lies above what a model leaves open."""
    understated: Flags
    by_model: bool

    @property
    def is_stated(self) -> Flags:
        """Who has said."""
        return np.asarray(self.stated != UNKNOWN, dtype=np.bool_)

    @property
    def wanted(self) -> Positions:
        """The person's own word counts; only where there is none, what is expected."""
        return np.where(self.is_stated, self.stated, self.expected)


def tolerance(facts: Facts, model: ToleranceModel | None = None) -> Tolerance:
    """Without a model there is nothing to hold against a person's own word."""
    stated = facts.profile.stated_risk_tolerance.astype(np.int64)
    if model is not None:
        return _by_model(facts, stated, model)
    shares = np.diff(_below(_no_risk(facts)), axis=1, prepend=0.0, append=1.0)
    nobody = np.zeros(len(facts), dtype=np.bool_)
    return Tolerance(
        stated=stated,
        expected=np.where(stated == UNKNOWN, middle(shares), stated),
        probabilities=shares,
        overstated=nobody,
        understated=nobody,
        by_model=False,
    )


def middle(chances: Floats) -> Positions:
    """The level below and above which lies no more than half."""
    return np.asarray((np.cumsum(chances, axis=1)[:, :-1] < HALF).sum(axis=1), dtype=np.int64)


def _by_model(facts: Facts, stated: Positions, model: ToleranceModel) -> Tolerance:
    chances = model.chances(features(facts), facts.users)
    said, level = stated != UNKNOWN, np.maximum(stated, 0)
    return Tolerance(
        stated=stated,
        expected=middle(chances),
        probabilities=chances,
        overstated=said & above(chances, level, model.reach),
        understated=said & below(chances, level, model.reach),
        by_model=True,
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
