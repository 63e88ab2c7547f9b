"""Where no model tells, the chance of keeping an amount up is read from what the household has kept up before."""

import numpy as np
import pytest

from engine.features.cash_flow import cash_flow
from engine.sustain.record import BASE_RATE, PERSISTENCE, chance_of_keeping, record
from tests.engine.fact_columns import Row
from tests.engine.facts_factory import facts, household, steady


def saving(*months: float) -> Row:
    """Earns 4,000, spends 3,000 and moves so much into savings in each month."""
    usual = {"salary": 4_000.0, "rent": -3_000.0}
    return household(months=[{**usual, "savings_transfer": -amount} for amount in months])


def chance(one: Row, amount: float) -> float:
    batch = facts(one)
    found = record(batch.cash_flows, np.array([amount]))
    return float(chance_of_keeping(found, cash_flow(batch), np.array([amount]))[0])


def test_who_has_always_put_so_much_aside_is_likelier_to_than_who_never_has() -> None:
    always, never = chance(saving(*[300.0] * 24), 300.0), chance(saving(*[0.0] * 24), 300.0)
    assert always == pytest.approx(PERSISTENCE * 0.9)
    assert never == pytest.approx(PERSISTENCE * 0.1)


def test_a_surplus_that_was_never_moved_is_no_sign_that_it_will_be() -> None:
    assert chance(household(months=steady(4_000.0, 2_000.0)), 500.0) < 0.1


def test_a_habit_of_the_last_year_counts_for_more_than_one_that_was_given_up() -> None:
    begun, given_up = ([0.0] * 12 + [300.0] * 12, [300.0] * 12 + [0.0] * 12)
    assert chance(saving(*begun), 300.0) > 2 * chance(saving(*given_up), 300.0)


def test_a_larger_amount_is_never_likelier() -> None:
    one = saving(*[100.0 + 25.0 * month for month in range(24)])
    chances = [chance(one, amount) for amount in (50.0, 200.0, 400.0, 600.0, 900.0)]
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) > 2


def test_a_short_record_is_less_sure_and_none_is_the_base_rate() -> None:
    assert 0.6 < chance(saving(*[300.0] * 8), 300.0) < chance(saving(*[300.0] * 24), 300.0)
    assert chance(saving(*[300.0] * 5), 300.0) == BASE_RATE
    assert chance(household(), 300.0) == BASE_RATE


def test_of_no_amount_it_is_the_chance_that_the_year_covers_what_is_spent() -> None:
    assert chance(household(months=steady(4_000.0, 3_000.0)), 0.0) > 0.99
    assert chance(household(months=steady(3_000.0, 3_500.0)), 0.0) < 0.01
