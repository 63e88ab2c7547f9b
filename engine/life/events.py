"""Base rates of life events by age, marriage and children, as cumulative hazards that can be asked for any time."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.enums import LifeEvent
from engine.facts import Flags, Floats

HORIZON_YEARS = 10.0
KNOTS_YEARS = np.array((0.0, 2.0, 3.0, 4.0, 5.0, HORIZON_YEARS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One event: cumulative hazards at the knots, by age band, married, children; beyond five years in proportion."""

    band_starts: Floats
    cumulative: Floats

    def at(self, age: Floats, married: Flags, children: Flags) -> Floats:
        """People x knots; people outside the table's ages take the nearest band."""
        return np.asarray(self.cumulative[self.band(age), married.astype(int), children.astype(int)], dtype=np.float64)

    def band(self, age: Floats) -> np.ndarray:
        """The position of the age band."""
        return np.maximum(np.searchsorted(self.band_starts, age, side="right") - 1, 0)


@cache
def hazard(event: LifeEvent) -> Hazard:
    """From the table of rates."""
    document = json.loads((files("engine") / "priors" / "life_event_rates.json").read_text("utf-8"))
    rows = [row for row in document["rates"] if row["event"] == event]
    starts = sorted({row["ages"][0] for row in rows})
    table = np.zeros((len(starts), 2, 2, len(KNOTS_YEARS)))
    for row in rows:
        known = -np.log1p(-np.array(row["cumulative"]))
        married = slice(None) if row["married"] is None else int(row["married"])
        children = slice(None) if row["children"] is None else int(row["children"])
        table[starts.index(row["ages"][0]), married, children] = [0.0, *known, known[-1] * HORIZON_YEARS / 5.0]
    return Hazard(band_starts=np.array(starts, dtype=np.float64), cumulative=table)


def reached(cumulative: Floats, years: Floats) -> Floats:
    """The cumulative hazard of each row at its own number of years, beyond the horizon in proportion."""
    knot = np.clip(np.searchsorted(KNOTS_YEARS, years, side="right") - 1, 0, len(KNOTS_YEARS) - 2)
    row = np.arange(len(years))
    low, high = cumulative[row, knot], cumulative[row, knot + 1]
    part = (years - KNOTS_YEARS[knot]) / (KNOTS_YEARS[knot + 1] - KNOTS_YEARS[knot])
    return np.asarray(low + (high - low) * part, dtype=np.float64)


def years_until(cumulative: Floats, threshold: Floats) -> Floats:
    """When each row's cumulative hazard reaches its threshold; infinity beyond the horizon."""
    years = np.full(len(threshold), np.inf)
    for knot in range(len(KNOTS_YEARS) - 1):
        low, high = cumulative[:, knot], cumulative[:, knot + 1]
        inside = (threshold >= low) & (threshold < high)
        part = (threshold - low) / np.where(inside, high - low, 1.0)
        years = np.where(inside, KNOTS_YEARS[knot] + part * (KNOTS_YEARS[knot + 1] - KNOTS_YEARS[knot]), years)
    return years
