"""Lifestyle inflation is told after a rise in pay that wants followed beyond their share, and of nothing else."""

from collections.abc import Mapping

import numpy as np
import pytest

from engine.behavior.lifestyle import PRICES, lifestyle_inflation
from engine.behavior.rises import lasting_rise
from engine.facts import CashFlows, Facts, Floats
from engine.transactions import CATEGORY_NAMES
from tests.engine.facts_factory import TODAY, facts, household

MONTHS = 36
RISE = 18
"""The first month of the new pay, in most of these tests."""
SPLIT = {"dining": 0.4, "shopping": 0.4, "travel": 0.2}
MANY = 4_000


def today(values: Floats) -> Floats:
    """Amounts of so much in today's money, as they were paid then."""
    return values * (1.0 + PRICES) ** (-np.arange(MONTHS, 0, -1) / 12)


def step(before: float, since: float, month: int = RISE) -> Floats:
    return np.where(np.arange(MONTHS) < month, before, since)


def batch(salary: Floats, wants: Mapping[str, Floats], observed: int = MONTHS, **others: Floats) -> Facts:
    """Households x months, in today's money."""
    users = len(np.atleast_2d(salary))
    amount = np.zeros((users, MONTHS, len(CATEGORY_NAMES)))
    spent = {name: -values for name, values in {**wants, **others}.items()}
    for name, values in {"salary": salary, **spent}.items():
        amount[:, :, CATEGORY_NAMES.index(name)] = today(values)
    amount[:, : MONTHS - observed] = 0.0
    end = np.datetime64(TODAY, "M")
    flows = CashFlows(
        months=np.arange(end - MONTHS, end).astype("datetime64[D]"),
        categories=CATEGORY_NAMES,
        amount=amount,
        observed=np.full(users, observed),
    )
    return Facts(today=TODAY, users=np.arange(users).astype(object), sources={"cash_flows": flows})


def spent(total: Floats) -> dict[str, Floats]:
    return {name: part * total for name, part in SPLIT.items()}


def uneven(total: Floats, seed: int, spread: float = 0.35) -> dict[str, Floats]:
    """Many households, each category with ups and downs of its own, its mean unchanged."""
    random = np.random.default_rng(seed)
    return {
        name: part * total * np.exp(spread * random.standard_normal((MANY, MONTHS)) - spread**2 / 2)
        for name, part in SPLIT.items()
    }


def many(line: Floats) -> Floats:
    return np.tile(line, (MANY, 1))


def test_a_rise_that_went_to_wants_is_told_with_what_it_took() -> None:
    found = lifestyle_inflation(batch(step(4_000.0, 5_000.0), spent(step(800.0, 1_500.0, RISE + 2))))
    assert found.present[0]
    shown = {name: float(values[0]) for name, values in found.shown.items()}
    assert shown["rise"] == pytest.approx(0.25)
    assert shown["pay"] == pytest.approx(12 * 1_000.0)
    assert shown["wants"] == pytest.approx(12 * 700.0, rel=0.02)
    assert shown["share"] == pytest.approx(0.20, rel=0.02)
    assert shown["months_ago"] == 18
    assert found.cost[0] == pytest.approx(12 * (1_500.0 - 1.25 * 800.0), rel=0.04)
    assert found.strength[0] == pytest.approx(0.5, abs=0.05)


def test_wants_that_grew_in_proportion_are_judged_and_not_told() -> None:
    found = lifestyle_inflation(batch(step(4_000.0, 5_000.0), spent(step(800.0, 1_000.0))))
    assert found.judged[0]
    assert not found.present[0]
    assert found.cost[0] == found.strength[0] == 0.0


def test_rent_bills_and_subscriptions_that_grew_are_no_wants() -> None:
    wants, dearer = spent(np.full(MONTHS, 800.0)), step(900.0, 1_700.0)
    found = lifestyle_inflation(
        batch(step(4_000.0, 5_000.0), wants, rent=dearer, utilities=dearer, subscriptions=dearer)
    )
    assert found.judged[0]
    assert not found.present[0]


def test_wants_that_had_been_growing_before_and_went_on_are_not_told() -> None:
    going_on = 800.0 * 1.15 ** (np.arange(MONTHS) / 12)
    found = lifestyle_inflation(batch(step(4_000.0, 4_400.0), spent(going_on)))
    assert found.judged[0]
    assert not found.present[0]


def test_without_a_lasting_rise_nothing_is_judged() -> None:
    wants = spent(step(800.0, 1_500.0))
    bonus = step(4_000.0, 4_000.0) + 9_000.0 * (np.arange(MONTHS) % 12 == 5)
    three_pay_days = 2_000.0 * (2 + (np.arange(MONTHS) % 6 == 1))
    for salary in (
        step(4_000.0, 4_150.0),
        bonus,
        three_pay_days,
        step(5_000.0, 4_000.0),
        step(4_000.0, 5_000.0, 4),
        step(4_000.0, 5_000.0, MONTHS - 5),
        step(0.0, 4_000.0),
        step(1_500.0, 4_000.0),
    ):
        assert not lifestyle_inflation(batch(salary, wants)).judged[0], salary
    assert not lifestyle_inflation(facts(household())).judged[0]
    assert not lifestyle_inflation(batch(step(4_000.0, 5_000.0), spent(np.zeros(MONTHS)))).judged[0]


def test_a_rise_is_found_whatever_single_months_bring() -> None:
    random = np.random.default_rng(5)
    three_pay_days = (np.arange(MONTHS) + random.integers(0, 6, (MANY, 1))) % 6 == 0
    salary = many(step(4_000.0, 4_600.0, 15)) * np.where(three_pay_days, 1.5, 1.0)
    salary[np.arange(MANY), random.integers(0, MONTHS, MANY)] = 0.0
    found = lasting_rise(salary, np.ones(salary.shape, dtype=np.bool_))
    assert (np.abs(found.month - 15) <= 1).mean() > 0.9
    assert np.abs(found.times[found.lasting] - 1.15).max() < 0.1


def test_months_before_the_first_transaction_do_not_count() -> None:
    salary, wants = step(4_000.0, 5_000.0, 24), spent(step(800.0, 1_500.0, 24))
    assert lifestyle_inflation(batch(salary, wants, observed=20)).present[0]
    assert not lifestyle_inflation(batch(salary, wants, observed=17)).judged[0]


def test_one_huge_purchase_after_a_rise_is_no_habit() -> None:
    wants = {name: values[0] for name, values in uneven(np.full(MONTHS, 800.0), seed=3).items()}
    wants["travel"] = wants["travel"] + 12_000.0 * (np.arange(MONTHS) == RISE + 9)
    assert not lifestyle_inflation(batch(step(4_000.0, 5_000.0), wants)).present[0]


@pytest.mark.parametrize("times", [1.08, 1.15, 1.30])
def test_of_households_without_the_habit_hardly_any_is_told(times: float) -> None:
    wants = uneven(step(800.0, times * 800.0), seed=1)
    found = lifestyle_inflation(batch(many(step(4_000.0, times * 4_000.0)), wants))
    assert found.present.mean() <= 0.025
    kept = lifestyle_inflation(batch(many(step(4_000.0, times * 4_000.0)), uneven(np.full(MONTHS, 800.0), seed=2)))
    assert kept.present.mean() <= 0.01


def test_most_who_put_a_rise_into_wants_are_told_where_that_is_judged() -> None:
    salary = many(step(4_000.0, 4_800.0))
    found = lifestyle_inflation(batch(salary, uneven(step(800.0, 800.0 * 1.2 + 0.6 * 800.0), seed=4)))
    assert found.judged.mean() > 0.9
    assert found.present[found.judged].mean() > 0.9
    assert np.median(found.cost[found.present]) == pytest.approx(12 * 0.6 * 800.0, rel=0.1)


def test_where_months_vary_much_beside_the_rise_nothing_is_claimed() -> None:
    found = lifestyle_inflation(batch(many(step(4_000.0, 4_280.0)), uneven(step(1_200.0, 1_500.0), seed=6, spread=0.9)))
    assert found.judged.mean() < 0.05


def test_the_unit_of_money_does_not_matter_and_one_user_is_a_batch_of_one() -> None:
    salary, wants = many(step(4_000.0, 4_800.0))[:50], uneven(step(800.0, 1_250.0), seed=7)
    wants = {name: values[:50] for name, values in wants.items()}
    found = lifestyle_inflation(batch(salary, wants))
    tenfold = lifestyle_inflation(batch(10.0 * salary, {name: 10.0 * values for name, values in wants.items()}))
    np.testing.assert_array_equal(found.present, tenfold.present)
    np.testing.assert_allclose(10.0 * found.cost, tenfold.cost)
    for user in (0, 20, 49):
        alone = lifestyle_inflation(batch(salary[user], {name: values[user] for name, values in wants.items()}))
        assert (alone.judged[0], alone.present[0]) == (found.judged[user], found.present[user])
        np.testing.assert_allclose(alone.cost[0], found.cost[user])
