"""Synthetic prices of one fund an asset class: calibrated risk, made-up paths.

Weekly total returns are multivariate Student's t (one shared scale a week, so that all fall together in a crash) with
the volatilities and correlations of funds from 2007 to 2016 and equilibrium expected returns. A path's mean is pulled
towards the expected one, so that a demo does not rest on a lost or a golden decade. Nothing here forecasts anything.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from engine.facts import Dates, Floats
from engine.population.streams import stream

YEARS = 12
WEEKS_A_YEAR = 52
FREEDOM = 6.0  # of Student's t: weekly falls as fat as those of funds
PULL = 0.7
FIRST_LEVEL = 50.0
PREFIX = "DEMO_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Weeks x asset classes; the last week ends today."""

    dates: Dates
    classes: tuple[str, ...]
    close: Floats
    total_return: Floats

    @property
    def symbols(self) -> tuple[str, ...]:
        """One fund an asset class."""
        return tuple(PREFIX + name for name in self.classes)


@cache
def figures() -> dict[str, Any]:
    """Risk and return by asset class."""
    return dict(json.loads((files("engine") / "priors" / "market_2016.json").read_text("utf-8")))


def draw_prices(seed: int, today: date) -> Prices:
    """Twelve years of weeks up to today."""
    classes = figures()["classes"]
    weeks = YEARS * WEEKS_A_YEAR
    paid = np.array([row["expected_return"] if row["asset_class"] == "CASH" else row["yield"] for row in classes])
    total = np.vstack([np.zeros(len(classes)), np.cumsum(_weekly(seed, weeks), axis=0)])
    elapsed = np.arange(weeks + 1)[:, None] / WEEKS_A_YEAR
    return Prices(
        dates=np.datetime64(today) - 7 * np.arange(weeks, -1, -1).astype("timedelta64[D]"),
        classes=tuple(row["asset_class"] for row in classes),
        close=(FIRST_LEVEL * np.exp(total - np.log1p(paid) * elapsed)).round(4),
        total_return=(FIRST_LEVEL * np.exp(total)).round(4),
    )


def _weekly(seed: int, weeks: int) -> Floats:
    """Log total returns."""
    classes = figures()["classes"]
    risk = np.array([row["volatility"] for row in classes])
    drift = np.log1p([row["expected_return"] for row in classes]) - risk**2 / 2
    random = stream(seed, "prices")
    scale = np.sqrt((FREEDOM - 2.0) / random.chisquare(FREEDOM, (weeks, 1)))
    shocks = random.standard_normal((weeks, len(risk))) @ np.linalg.cholesky(_correlations()).T * scale
    returns = drift / WEEKS_A_YEAR + shocks * risk / np.sqrt(WEEKS_A_YEAR)
    return np.asarray(returns - PULL * (returns.mean(axis=0) - drift / WEEKS_A_YEAR), dtype=np.float64)


def _correlations() -> Floats:
    rows = figures()["correlations"]
    matrix = np.eye(len(rows))
    for index, row in enumerate(rows):
        matrix[index, :index] = matrix[:index, index] = row
    return matrix
