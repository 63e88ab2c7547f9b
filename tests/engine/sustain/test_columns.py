"""Columns without a unit of money, from any household."""

from dataclasses import replace

import numpy as np
import pytest

from engine.facts import Facts
from engine.sustain.features import LARGEST, NAMES, RECORDS, columns, features, last_year, scale
from tests.engine.facts_factory import NASTY, Recording, Row, facts, household, steady

SAVER = household(
    months=[
        {"salary": 4_000.0, "rent": -1_500.0, "dining": -400.0, "savings_transfer": -300.0 * (month % 3 > 0)}
        for month in range(24)
    ]
)


def test_names_are_the_columns_in_order_and_the_rule_comes_first() -> None:
    made = facts(SAVER)
    assert tuple(columns(made)) == NAMES
    assert features(made).shape == (1, len(NAMES))
    assert 20 <= len(NAMES) <= 30
    np.testing.assert_array_equal(features(made)[:, RECORDS[0]], last_year(made))


def test_columns_do_not_depend_on_the_unit_of_money() -> None:
    made = facts(SAVER, household(months=steady(3_900.0, 3_100.0)))
    flows = made.cash_flows
    dear = replace(made, sources={**made.sources, "cash_flows": replace(flows, amount=7.0 * flows.amount)})
    np.testing.assert_allclose(features(dear), features(made), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(scale(dear), 7.0 * scale(made))


def test_only_cash_flows_and_the_profile_are_read() -> None:
    made = facts(SAVER)
    recording = Recording(made.sources)
    features(Facts(today=made.today, users=made.users, sources=recording))
    assert recording.read == {"cash_flows", "profile"}


@pytest.mark.parametrize("row", NASTY.values(), ids=list(NASTY))
def test_every_household_has_columns_that_are_finite_or_not_known(row: Row) -> None:
    found = features(facts(row))
    assert not np.isinf(found).any()
    assert (np.abs(found[~np.isnan(found)]) <= LARGEST).all()


def test_a_household_has_the_same_columns_alone_and_among_others() -> None:
    rows = [*NASTY.values(), SAVER]
    together = features(facts(*rows))
    np.testing.assert_allclose(together, np.vstack([features(facts(row)) for row in rows]), rtol=1e-12, atol=1e-12)


def test_a_standing_order_is_read_as_one() -> None:
    found = {name: float(column[0]) for name, column in columns(facts(SAVER)).items()}
    assert found["months_saving"] == pytest.approx(8 / 12)
    assert found["put_aside_12_months"] == pytest.approx(0.05)
    assert found["usual_contribution"] == pytest.approx(0.075)
    assert found["months_since_contribution"] == 0.0
    assert found["to_housing"] == pytest.approx(0.375)
