"""The National Longitudinal Survey of Youth 1979 as unmarried people, wave by wave, and when they married."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from engine.facts import Floats, Positions

NEVER, MARRIED = 1, 2
"""Marital status: 1 never married, 2 married, 3 other; negative is missing."""
BORN_IN_1900S = 1900
ADULT_AGE = 18.0
STATUS, FAMILY, WORKED = (
    r"^MARITAL STATUS \(COLLAPSED\)",
    r"^FAMILY SIZE",
    r"^(# WEEKS WRKD IN P-C YR|WKS WRKD IN PAST)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One row an interview of somebody who was not married."""

    person: Positions
    year: Positions
    age: Floats
    family_size: Floats
    X: Floats
    """Age, whether married before, family size, weeks worked in the year before."""
    until: Floats
    """Years to the first interview as a married person; infinite where none is seen."""
    seen: Floats
    """Years to the last interview that tells."""


def marriages(folder: Path) -> Panel:
    """All such interviews."""
    labels = pl.read_csv(folder / "nlsy79_columns.csv")
    people = pl.read_parquet(folder / "nlsy79.parquet")
    status, years = _waves(people, labels, STATUS)
    family, worked = (_at(*_waves(people, labels, pattern), years) for pattern in (FAMILY, WORKED))
    age: Floats = years[None, :] - BORN_IN_1900S - _one(people, labels, "DATE OF BIRTH - YR 79")[:, None]
    told = status > 0
    row, wave = np.nonzero(told & (status != MARRIED) & (age >= ADULT_AGE))
    until, seen = _ahead(status, years, row, wave)
    before = (status[row, wave] != NEVER).astype(np.float64)
    return Panel(
        person=row,
        year=years[wave],
        age=age[row, wave],
        family_size=family[row, wave],
        X=np.column_stack([age[row, wave], before, family[row, wave], worked[row, wave]]),
        until=until,
        seen=seen,
    )


def _ahead(status: Floats, years: Positions, row: Positions, wave: Positions) -> tuple[Floats, Floats]:
    """From each interview to the first as a married person, and to the last until then."""
    first, last = np.full(len(row), np.inf), np.zeros(len(row))
    for later in range(status.shape[1]):
        away = (years[later] - years[wave]).astype(np.float64)
        ahead = (away > 0) & (status[row, later] > 0) & np.isinf(first)
        last = np.where(ahead, away, last)
        first = np.where(ahead & (status[row, later] == MARRIED), away, first)
    return first, last


def _waves(people: pl.DataFrame, labels: pl.DataFrame, pattern: str) -> tuple[Floats, Positions]:
    """Columns of one question in the order of years; missing answers are NaN."""
    found = {_year(label): name for name, label in labels.iter_rows() if re.match(pattern, label)}
    years = sorted(found)
    values = people.select(found[year] for year in years).to_numpy().astype(np.float64)
    return np.where(values < 0, np.nan, values), np.array(years)


def _at(values: Floats, own: Positions, years: Positions) -> Floats:
    """The columns of the years; NaN for years without."""
    place = {year: column for column, year in enumerate(own)}
    nothing = np.full(len(values), np.nan)
    return np.column_stack([values[:, place[year]] if year in place else nothing for year in years])


def _one(people: pl.DataFrame, labels: pl.DataFrame, label: str) -> Floats:
    name = labels.filter(pl.col("label") == label)["var"].item()
    return np.asarray(people[name].to_numpy(), dtype=np.float64)


def _year(label: str) -> int:
    digits = int(label.rsplit(maxsplit=1)[-1])
    return digits if digits > BORN_IN_1900S else BORN_IN_1900S + digits
