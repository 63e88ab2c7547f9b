"""How a group of households is spread over a metric: a few levels, told only where enough people stand behind them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from engine.enums import UNKNOWN
from engine.facts import Floats, Positions

LEAST_PEERS = 20
LEAST_BEYOND = 5
"""People on the far side of every level that is released."""
LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
DIGITS, DIGITS_OF_FEW, FEW = 2, 1, 30
"""Of a released figure; of fewer people, whose figures a newcomer moves more."""
STEP = 0.05
"""Of a share of peers below."""
SIZE_STEP = 10
"""Of a cohort's size, rounded down."""
AVERAGED = 5
"""Neighbours in rank whose mean is a released figure, so that it is nobody's own."""
DRAWN = 0.9
"""Of the people: whoever is added or leaves changes the draw, and with it the part of all others."""
HASHED_PLACES = 6
"""Of the values that decide the draw: in their last digits processors and libraries differ."""


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

    Each figure is the mean of five people next to one another in rank, among most of them, rounded.
    """
    known = np.sort(values[~np.isnan(values)]) + 0.0  # one zero, not two
    if len(known) < LEAST_PEERS:
        return None
    drawn, digits = _drawn(known), DIGITS if len(known) >= FEW else DIGITS_OF_FEW
    levels = [level for level in LEVELS if len(drawn) * min(level, 1.0 - level) >= LEAST_BEYOND - 1e-9]
    told = [rounded(float(drawn[_around(level, len(drawn))].mean()), digits) for level in levels]
    return Spread(levels=tuple(levels), values=tuple(told))


def rounded(value: float, digits: int) -> float:
    """To so many digits, and to no more than three places."""
    return round(float(f"{value:.{digits}g}"), 3) + 0.0


def cohorts(
    currency: Positions, age_band: Positions, income_band: Positions, metrics: Mapping[str, Floats]
) -> dict[tuple[int, int, int], Cohort]:
    """By currency, age and income, by currency and age, and by currency: those of twenty people and more."""
    wide, all_ages = np.full_like(income_band, UNKNOWN), np.full_like(age_band, UNKNOWN)
    found: dict[tuple[int, int, int], Cohort] = {}
    for ages, incomes in ((age_band, income_band), (age_band, wide), (all_ages, wide)):
        keys, member = np.unique(np.column_stack([currency, ages, incomes]), axis=0, return_inverse=True)
        for position, (number, age, income) in enumerate(keys.tolist()):
            rows = np.flatnonzero(member.ravel() == position)
            if len(rows) >= LEAST_PEERS:
                found[number, age, income] = _cohort(rows, age, income, metrics)
    return found


def _cohort(rows: Positions, age_band: int, income_band: int, metrics: Mapping[str, Floats]) -> Cohort:
    told = {name: released(column[rows]) for name, column in metrics.items()}
    return Cohort(
        size=len(rows) // SIZE_STEP * SIZE_STEP,
        spreads={name: spread for name, spread in told.items() if spread is not None},
        age_band=age_band,
        income_band=income_band,
    )


def _around(level: float, count: int) -> slice:
    start = int(np.clip(round(level * (count - 1)) - AVERAGED // 2, 0, count - AVERAGED))
    return slice(start, start + AVERAGED)


def _drawn(ascending: Floats) -> Floats:
    """Most of the values, at least twenty, drawn by a hash of all of them: the same ones of the same people."""
    kept = max(LEAST_PEERS, math.ceil(DRAWN * len(ascending)))
    alike = ascending.round(HASHED_PLACES) + 0.0
    seed = int.from_bytes(blake2b(alike.tobytes(), digest_size=8).digest())
    return np.sort(np.random.default_rng(seed).choice(ascending, kept, replace=False))
