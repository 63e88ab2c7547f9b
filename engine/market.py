"""Asset classes and what is assumed of them: figures of `engine/priors/market_2016.json`, which names their source."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np

from engine.facts import Flags, Floats

MARKET = "market_2016"


class AssetClass(StrEnum):
    """What a holding is exposed to; as a symbol, one unit of it is one unit of money where no price is loaded."""

    US_EQUITY = "US_EQUITY"
    INTL_EQUITY = "INTL_EQUITY"
    EM_EQUITY = "EM_EQUITY"
    REAL_ESTATE = "REAL_ESTATE"
    COMMODITIES = "COMMODITIES"
    US_BONDS = "US_BONDS"
    TREASURIES = "TREASURIES"
    TIPS = "TIPS"
    CORPORATE_BONDS = "CORPORATE_BONDS"
    HIGH_YIELD = "HIGH_YIELD"
    INTL_BONDS = "INTL_BONDS"
    CASH = "CASH"


ASSET_CLASSES = tuple(AssetClass)
CLASS_OF = {str(name): position for position, name in enumerate(ASSET_CLASSES)}
GROWTH_CLASSES = frozenset(ASSET_CLASSES[:5])
CASH_CLASS = CLASS_OF["CASH"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Of every asset class, in the order of `ASSET_CLASSES`; rates are a year."""

    weight: Floats
    """Of the market portfolio that expected returns are in equilibrium with."""
    volatility: Floats
    correlation: Floats
    income: Floats
    """Interest and dividends that are taxed each year."""
    sharpe: float
    cash_return: float

    @property
    def covariance(self) -> Floats:
        """Of yearly returns."""
        return np.asarray(self.correlation * np.outer(self.volatility, self.volatility), dtype=np.float64)

    def equilibrium(self, covariance: Floats) -> Floats:
        """Expected returns at which the market portfolio is the best there is (Black and Litterman 1992, no views)."""
        spread = np.sqrt(self.weight @ covariance @ self.weight)
        return np.asarray(self.cash_return + self.sharpe * (covariance @ self.weight) / spread, dtype=np.float64)


@cache
def assumptions() -> Assumptions:
    """Capital-market assumptions, read once."""
    kept = json.loads((files("engine") / "priors" / f"{MARKET}.json").read_text("utf-8"))
    rows = {row["asset_class"]: row for row in kept["classes"]}
    order = [list(rows).index(name) for name in ASSET_CLASSES]
    correlation = np.eye(len(order))
    for row, below in enumerate(kept["correlations"]):
        correlation[row, :row] = correlation[:row, row] = below
    weight = _column(rows, "market_weight")
    return Assumptions(
        weight=weight / weight.sum(),
        volatility=_column(rows, "volatility"),
        correlation=correlation[np.ix_(order, order)],
        income=_column(rows, "yield"),
        sharpe=kept["assumed"]["market_sharpe"],
        cash_return=kept["assumed"]["cash_return"],
    )


def is_growth() -> Flags:
    """Which classes carry the risk that is paid for."""
    return np.array([name in GROWTH_CLASSES for name in ASSET_CLASSES])


def _column(rows: dict[str, dict[str, float]], name: str) -> Floats:
    return np.array([rows[each][name] for each in ASSET_CLASSES], dtype=np.float64)
