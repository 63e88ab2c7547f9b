"""How a group of households is spread over a metric: a few levels, told only where enough people stand behind them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.facts import Floats

LEAST_PEERS = 20
LEAST_BEYOND = 5
"""People on the far side of every level that is released."""
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUARTILES = (0.25, 0.50, 0.75)
DIGITS = 2
"""Of a released figure."""
STEP = 0.05
"""Of a share of peers below."""
AVERAGED = 5
"""Neighbours in rank whose mean is a released figure, so that it is nobody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Values at levels, ascending."""

    levels: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return self.at(0.50)

    def at(self, level: float) -> float:
        """The value at one of the levels; the quartiles are always among them."""
        return self.values[self.levels.index(level)]

    def below(self, value: float) -> float:
        """Share of the group below the value, in steps and never more than is known."""
        place = int(np.searchsorted(self.values, value, side="left"))
        if place == 0:
            return 0.0
        if place == len(self.values):
            return self.levels[-1]
        low, high = self.values[place - 1], self.values[place]
        part = (value - low) / (high - low)
        share = self.levels[place - 1] + part * (self.levels[place] - self.levels[place - 1])
        return round(STEP * math.floor(share / STEP + 1e-9), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Households of one band of age and income, by metric."""

    size: int
    spreads: Mapping[str, Spread]
    age_band: int
    """`UNKNOWN` where all ages are in it; the same holds of incomes."""
    income_band: int


def released(values: Floats) -> Spread | None:
    """What may be told of a group's values (NaN: not known); None below twenty people.

    Each figure is the mean of five people next to one another in rank, to two digits.
    """
    known = np.sort(values[~np.isnan(values)])
    if len(known) < LEAST_PEERS:
        return None
    levels = [level for level in LEVELS if len(known) * min(level, 1.0 - level) >= LEAST_BEYOND - 1e-9]
    told = [rounded(float(known[_around(level, len(known))].mean())) for level in levels]
    return Spread(levels=tuple(levels), values=tuple(told))


def rounded(value: float) -> float:
    """To two digits, and to no more than three places."""
    return round(float(f"{value:.{DIGITS}g}"), 3) + 0.0


def _around(level: float, count: int) -> slice:
    start = int(np.clip(round(level * (count - 1)) - AVERAGED // 2, 0, count - AVERAGED))
    return slice(start, start + AVERAGED)
