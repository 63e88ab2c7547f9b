"""Pay rises in steps, and wants follow it where the habit is planted."""

import numpy as np

from engine.enums import EmploymentStatus
from engine.facts import Flags, Floats
from engine.population import Population, generate
from engine.population.calendar import calendar
from engine.population.rises import COST_OF_LIVING, Rises, draw_rises, level
from engine.units import DAYS_A_YEAR
from tests.engine.population.conftest import TODAY, Sample, positions

USERS = 2_000
MONTHS = calendar(TODAY, 36)
WANTS = ("dining", "shopping", "entertainment", "travel", "gifts", "other")


def rises(sample: Sample) -> Rises:
    return draw_rises(sample.people, np.random.default_rng(2).standard_normal(len(sample.people)), MONTHS, 1)


def growth(drawn: Rises, years: float) -> Floats:
    """Of today's pay over that of so many years ago."""
    user = np.arange(len(drawn.day))
    now, then = (np.full(len(user), MONTHS.today - int(back * DAYS_A_YEAR)) for back in (0.0, years))
    return level(drawn, user, now) / level(drawn, user, then) - 1.0


def test_a_minority_of_the_employed_gets_a_large_rise_within_a_year(sample: Sample) -> None:
    year, employed = growth(rises(sample), 1.0), sample.people.is_(EmploymentStatus.EMPLOYED)
    assert 0.02 < np.median(year[employed]) < 0.045
    assert 0.08 < np.mean(year[employed] >= 0.08) < 0.20
    assert 0.05 < np.mean(year[employed] < 0.001) < 0.20
    assert 0.25 < year.max() < 0.50
    young = sample.people.age < 35.0
    assert np.mean(year[employed & young] >= 0.08) > 1.5 * np.mean(year[employed & ~young] >= 0.08)


def test_benefits_and_pensions_rise_with_prices_in_january(sample: Sample) -> None:
    idle, drawn = np.flatnonzero(~sample.people.working), rises(sample)
    new_year = int(np.datetime64("2026-01-01").astype(int))
    before, after = (level(drawn, idle, np.full(len(idle), day)) for day in (new_year - 3, new_year + 3))
    np.testing.assert_allclose(after / before, 1.0 + COST_OF_LIVING)
    np.testing.assert_allclose(level(drawn, idle, np.full(len(idle), MONTHS.today)), after)


def test_pay_of_the_last_twelve_months_is_that_of_a_year(sample: Sample) -> None:
    drawn, days = rises(sample), MONTHS.today - np.arange(0, 365, 7)
    user, day = np.indices((len(sample.people), len(days)))
    assert np.abs(level(drawn, user, days[day]).mean(axis=1) - 1.0).max() < 0.03


def test_a_rise_is_a_step_that_lasts(population: Population) -> None:
    rows = population.transactions
    pay = rows["category"] == "salary"
    user, amount = positions(population, rows)[pay], rows["amount"][pay]
    same = np.diff(user) == 0
    changed = np.abs(np.diff(amount)[same]) > 0.005
    assert 0.01 < changed.mean() < 0.08
    up = np.diff(amount)[same][changed] > 0
    assert up.mean() > 0.95


def test_wants_take_more_of_pay_after_rises_where_the_habit_is_planted() -> None:
    drawn = generate(users=USERS, seed=8, today=TODAY)
    rows, users = drawn.transactions, positions(drawn, drawn.transactions)
    early, late = rows["date"] < np.datetime64("2024-03-17"), rows["date"] >= np.datetime64("2025-03-17")

    def times(kind: Flags) -> Floats:
        """Of the last year over the first."""
        first, last = (
            np.bincount(users[kind & part], np.abs(rows["amount"][kind & part]), minlength=USERS)
            for part in (early, late)
        )
        return np.where(first > 0, last / np.maximum(first, 1.0), 0.0)

    pay, wants = times(rows["category"] == "salary"), times(np.isin(rows["category"], WANTS))
    rose, habit = (pay > 1.15) & (pay < 1.8), drawn.truth.households["LIFESTYLE_INFLATION"] > 0
    faster = np.log(np.maximum(wants, 0.01) / np.maximum(pay, 0.01))
    assert (rose & habit).sum() > 20
    assert np.median(faster[rose & habit]) > 0.15
    assert np.median(faster[rose & ~habit]) < 0.05
