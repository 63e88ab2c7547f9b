"""What wealth will be: its quantiles at the date and, for a fan chart, at the end of each year on the way."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from engine.goals import kernels
from engine.goals.columns import Floats, Goals, Positions, scores
from engine.goals.returns import GLIDES, HISTORY, MAX_MONTHS, STOCK_PERCENT_BY_YEARS, stock_percent
from engine.goals.table import goal_tables

FAN = (0.1, 0.5, 0.9)
# The constant mixes, by their per cent of stocks: between them the fan of a glide is read.
LADDER = tuple(name for name, (years, _) in STOCK_PERCENT_BY_YEARS.items() if len(years) == 1)
LADDER_PERCENT = np.array([STOCK_PERCENT_BY_YEARS[name][1][0] for name in LADDER])
LADDER_GLIDES = np.array([GLIDES.index(name) for name in LADDER])
DATED = np.array([name in STOCK_PERCENT_BY_YEARS and name not in LADDER for name in GLIDES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """One row a goal and year, the date itself last: `goal` is the position of the goal, ascending."""

    goal: Positions
    months: Positions
    p10: Floats
    p50: Floats
    p90: Floats


def wealth_reached(goals: Goals, probability: ArrayLike, model: int = HISTORY) -> Floats:
    """Wealth at the date that is reached or exceeded with this probability."""
    out = np.empty(len(goals))
    kernels.quantiles(goal_tables(), model, goals.columns, scores(probability, len(goals)), out)
    return out


def wealth_quantiles(goals: Goals, quantiles: tuple[float, ...] = FAN, model: int = HISTORY) -> Floats:
    """Wealth at the date by goal and quantile; 0.1 is what one in ten falls short of."""
    return np.stack([wealth_reached(goals, 1 - quantile, model) for quantile in quantiles], axis=1)


def fan(goals: Goals, model: int = HISTORY) -> Fan:
    """Quantiles at the end of each year and at the date.

    On the way a glide that changes is read as the constant mix with its average share of stocks so far, brought to the
    exact quantile at the date in proportion to the time.
    """
    goal, months = _years(goals.months)
    until = replace(goals.rows(goal), months=months)
    values = wealth_quantiles(until, FAN, model)
    dated = np.flatnonzero(DATED[until.glide] & (months < goals.months[goal]))
    if len(dated):
        values[dated] = _on_the_way(goals, until.rows(dated), goal[dated], model)
    return Fan(goal=goal, months=months, p10=values[:, 0], p50=values[:, 1], p90=values[:, 2])


def _years(months: Positions) -> tuple[Positions, Positions]:
    """Rows of 12, 24, ... months and, last, the date itself."""
    whole = np.clip(months, 1, MAX_MONTHS)
    counts = (whole + 11) // 12
    goal = np.repeat(np.arange(len(months)), counts)
    year = np.arange(len(goal)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return goal, np.minimum(12 * year, whole[goal])


def _on_the_way(goals: Goals, until: Goals, goal: Positions, model: int) -> Floats:
    date = np.clip(goals.months[goal], 1, MAX_MONTHS)
    so_far = _mixed(until, _average_percent(until.glide, date, until.months), model)
    at_date = replace(until, months=date)
    exact = wealth_quantiles(at_date, FAN, model)
    mixed = _mixed(at_date, _average_percent(until.glide, date, date), model)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(mixed > 0, exact / mixed, 1.0)
    scaled: Floats = so_far * ratio ** (until.months / date)[:, None]
    return scaled


def _average_percent(glide: Positions, date: Positions, passed: Positions) -> Floats:
    """Of stocks, over the first `passed` months of a glide that begins with `date` months to go."""
    sums = _percent_sums()
    average: Floats = (sums[glide, date] - sums[glide, date - passed]) / passed
    return average


@cache
def _percent_sums() -> Positions:
    """By glide: of all months with so many or fewer to go, together."""
    return np.stack([np.concatenate([[0], np.cumsum(stock_percent(name))]) for name in GLIDES])


def _mixed(goals: Goals, percent: Floats, model: int) -> Floats:
    """Quantiles of a constant mix, straight between (or beyond) the two of the ladder beside it."""
    step = np.clip(np.searchsorted(LADDER_PERCENT, percent) - 1, 0, len(LADDER) - 2)
    part = (percent - LADDER_PERCENT[step]) / (LADDER_PERCENT[step + 1] - LADDER_PERCENT[step])
    low, high = (wealth_quantiles(replace(goals, glide=LADDER_GLIDES[step + above]), FAN, model) for above in (0, 1))
    mixed: Floats = np.maximum(low + part[:, None] * (high - low), 0.0)
    return mixed
