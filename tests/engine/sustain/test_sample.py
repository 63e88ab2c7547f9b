"""What is learned from is what was known a year ago, and nothing of what came after."""

from dataclasses import replace

import numpy as np
import pytest

from engine.facts import Facts
from engine.features.sustainable import ENOUGH
from engine.learning.trainer import Sample
from engine.sustain.features import NAMES
from engine.sustain.sample import CARRIED, INCOME, KEPT, LAST, RULE_CARRIED, RULE_LAST, fitted_on, sample
from tests.engine.facts_factory import account, facts, household, steady
from tests.engine.sustain.savers import rows, saver, savers

YEAR = 12


def with_another_year(batch: Facts) -> Facts:
    """The same households, had their last year and all that is known as of today been another."""
    amount = batch.cash_flows.amount.copy()
    amount[:, -YEAR:] *= 0.2
    profile = replace(
        batch.profile,
        annual_income=2.0 * batch.profile.annual_income,
        monthly_expenses=0.1 * batch.profile.monthly_expenses,
        liquid_assets=batch.profile.liquid_assets + 1e6,
    )
    sources = {**batch.sources, "profile": profile, "cash_flows": replace(batch.cash_flows, amount=amount)}
    return Facts(today=batch.today, users=batch.users, sources=sources)


def test_nothing_of_the_year_to_be_told_is_among_the_features_or_in_the_rule() -> None:
    one, other = rows(), sample(with_another_year(savers()))
    np.testing.assert_array_equal(one.X, other.X)
    np.testing.assert_array_equal(one.y[:, INCOME:], other.y[:, INCOME:])
    assert (other.y[:, KEPT] < one.y[:, KEPT]).any()


def test_accounts_of_today_are_not_read() -> None:
    poor, rich = (sample(facts(saver(0.1, accounts=[account("SAVINGS", held)]))) for held in (0.0, 1e6))
    np.testing.assert_array_equal(poor.X, rich.X)
    np.testing.assert_array_equal(poor.y, rich.y)


def test_shares_are_of_the_income_of_the_year_before() -> None:
    found = sample(facts(saver(0.1)))
    assert found.y[0, [KEPT, LAST]].tolist() == pytest.approx([0.1, 0.1])
    assert found.y[0, INCOME] == 4_000.0
    assert 0.4 < found.y[0, CARRIED] <= 0.5  # half of income is left over
    assert found.y[0, RULE_CARRIED] < 0.1  # which was never put aside
    assert found.y[0, RULE_LAST] > 0.8  # as a tenth was, in each half year


def test_age_is_that_of_a_year_ago() -> None:
    found = sample(facts(saver(0.1, age=41.0)))
    assert found.X[0, NAMES.index("age")] == 40.0


def test_who_has_no_year_before_or_no_income_then_gives_no_row() -> None:
    young = household(months=steady(3_000.0, 2_000.0, months=23))
    without = household(months=[{"groceries": -500.0}] * 36)
    found = sample(facts(young, saver(0.1), without))
    assert len(found) == 1
    assert found.users[0] == facts(young, saver(0.1), without).users[1]


def test_each_row_names_its_groups() -> None:
    assert set(rows().groups) == {"age_band", "income_band", "sex", "marital_status"}
    assert all(len(labels) == len(rows()) for labels in rows().groups.values())


def people(count: int) -> Sample:
    return Sample(users=np.arange(count).astype(object), X=np.zeros((count, 1)), y=np.zeros((count, 1)), groups={})


def test_many_people_are_drawn_from_and_few_are_all_taken() -> None:
    assert fitted_on(people(50), 1).users.tolist() == list(range(50))
    assert len(np.unique(fitted_on(people(50_000), 1).users)) == 20_000
    assert ENOUGH == 0.9
