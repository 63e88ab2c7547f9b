"""One small population and one large sample of households for all tests of this folder."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.facts import Flags, Floats, Positions
from engine.population import Columns, Population, generate
from engine.population.balance_sheet import LIQUID, BalanceSheet, Slot, draw_balance_sheet
from engine.population.biases import draw_biases
from engine.population.people import People, draw
from engine.population.portfolio import EQUITY, draw_holdings
from engine.population.prices import draw_prices

TODAY = date(2026, 3, 17)
SAMPLE = 20_000
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def population() -> Population:
    """600 households with three years of transactions."""
    return generate(users=600, seed=7, today=TODAY)


@pytest.fixture(scope="session")
def study_data() -> Path:
    """The folder of the study data, which is no part of the repository."""
    folder = Path(os.environ.get("FINREC_STUDY_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "scf_2019.parquet").exists():
        pytest.skip(f"no study data at {folder}: set FINREC_STUDY_DATA to compare with the surveys themselves")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Many households without transactions."""

    people: People
    sheet: BalanceSheet
    amounts: dict[str, Floats]
    flags: dict[str, Flags]

    def within(self, ages: tuple[int, int] | None) -> Flags:
        """Households of an age band."""
        age = np.floor(self.people.age)
        return np.ones(len(age), dtype=bool) if ages is None else (age >= ages[0]) & (age <= ages[1])


@pytest.fixture(scope="session")
def sample() -> Sample:
    """Enough households to compare quantiles by age."""
    people, wealth = draw(SAMPLE, 1, TODAY)
    prices, biases = draw_prices(1, TODAY), draw_biases(people, 1)
    held, sheet = draw_holdings(people, draw_balance_sheet(people, wealth, 1), prices, biases, 1)
    equity = np.isin(np.array(prices.classes)[held.fund], EQUITY)
    return Sample(
        people=people,
        sheet=sheet,
        amounts={
            "income": people.income,
            "net_worth": sheet.balance.sum(axis=1),
            "liquid": sheet.total(*LIQUID),
            "debt": -np.minimum(sheet.balance, 0.0).sum(axis=1),
        },
        flags={
            "homeowner": people.homeowner,
            "married": people.married,
            "working": people.working,
            "retirement_account": sheet.total(Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN) > 0,
            "equity": np.bincount(held.user, equity, minlength=SAMPLE) > 0,
        },
    )


def positions(population: Population, owners: Columns, column: str = "user") -> Positions:
    """The household of every row, by its place among the households."""
    ids = population.households["external_id"]
    place = {name: index for index, name in enumerate(ids)}
    return np.array([place[name] for name in owners[column]])
