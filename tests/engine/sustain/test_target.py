"""What counts as put aside, and months that may not be mixed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.facts import CashFlows, Facts
from engine.sustain.features import features, last_year, scale
from engine.sustain.target import put_aside, share_kept, window
from tests.engine.facts_factory import facts, household, steady

PAY = {"salary": 4_000.0, "rent": -1_500.0, "groceries": -1_000.0}


def put(*months: dict[str, float]) -> float:
    flows = facts(household(months=months)).cash_flows
    return float(put_aside(window(flows, len(months)))[0])


def random_flows(seed: int, users: int = 40) -> CashFlows:
    """36 months of drawn transactions in every category."""
    flows = facts(*[household()] * users).cash_flows
    random = np.random.default_rng(seed)
    months = np.arange(np.datetime64("2023-09"), np.datetime64("2026-09"))
    amount = np.round(random.normal(0.0, 500.0, (users, 36, len(flows.categories))), 2)
    amount[:, :, flows.categories.index("salary")] = random.uniform(2_000.0, 6_000.0, (users, 36))
    return replace(flows, months=months, amount=amount, observed=np.full(users, 36))


def as_facts(flows: CashFlows) -> Facts:
    base = facts(*[household()] * len(flows.amount))
    return replace(base, sources={**base.sources, "cash_flows": flows})


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([PAY], 0.0),
        ([{**PAY, "savings_transfer": -300.0, "investment": -200.0}], 500.0),
        ([{**PAY, "savings_transfer": -300.0}, {**PAY, "savings_transfer": 200.0}], 50.0),
        ([{**PAY, "savings_transfer": 900.0}], 0.0),
        ([{**PAY, "savings_transfer": -5_000.0, "transfer": 4_000.0}], 1_500.0),
        ([{"salary": 1_000.0, "rent": -1_200.0, "savings_transfer": -100.0}], 0.0),
        ([{**PAY, "debt_payment": -200.0}] * 3, 0.0),
        ([{**PAY, "debt_payment": -200.0}] * 3 + [{**PAY, "debt_payment": -1_000.0}], 200.0),
        ([{**PAY, "debt_payment": -1_400.0, "savings_transfer": -500.0}], 100.0),
    ],
    ids=[
        "nothing moved",
        "savings and investments add up",
        "what comes back is taken off",
        "living on savings is no contribution",
        "outside money that is saved does not count",
        "nothing is left to save from",
        "instalments are owed",
        "a payment beyond the usual instalment counts",
        "instalments come first",
    ],
)
def test_what_counts_as_put_aside(months: list[dict[str, float]], expected: float) -> None:
    assert put(*months) == pytest.approx(expected)


def test_features_do_not_change_when_the_year_after_them_does() -> None:
    flows, other = random_flows(1), random_flows(2)
    amount = np.concatenate([flows.amount[:, :24], other.amount[:, 24:]], axis=1)
    before = [features(as_facts(window(each, 36, 12))) for each in (flows, replace(flows, amount=amount))]
    np.testing.assert_array_equal(before[0], before[1])


def test_the_target_does_not_change_when_the_months_before_do() -> None:
    flows, other = random_flows(1), random_flows(2)
    amount = np.concatenate([other.amount[:, :24], flows.amount[:, 24:]], axis=1)
    income = np.full(40, 3_000.0)
    kept = [share_kept(each, income) for each in (flows, replace(flows, amount=amount))]
    np.testing.assert_array_equal(kept[0], kept[1])
    assert (kept[0] > 0).any()


def test_the_rule_is_the_target_of_the_year_before() -> None:
    flows = random_flows(3)
    now = as_facts(flows)
    np.testing.assert_allclose(np.minimum(last_year(now), 1.0), share_kept(flows, scale(now)))


def test_a_year_that_was_not_seen_to_its_end_is_no_target() -> None:
    flows = facts(household(months=steady(4_000.0, 3_000.0, 11)), household(months=steady(4_000.0, 3_000.0, 12)))
    assert np.isnan(share_kept(flows.cash_flows, scale(flows))).tolist() == [True, False]


def test_without_an_income_before_there_is_no_target() -> None:
    flows = facts(household(months=steady(4_000.0, 3_000.0))).cash_flows
    assert np.isnan(share_kept(flows, np.zeros(1))).all()


def test_a_year_after_one_with_hardly_any_income_counts_as_all_of_it_at_most() -> None:
    flows = facts(household(months=[{**PAY, "savings_transfer": -1_000.0}] * 12)).cash_flows
    assert share_kept(flows, np.array([10.0])).tolist() == [1.0]


def test_months_before_the_first_transaction_count_for_nothing() -> None:
    known = facts(household(months=[{**PAY, "investment": -400.0}] * 6)).cash_flows
    dirty = replace(known, amount=np.where(known.amount == 0, -7.0, known.amount))
    unseen = np.arange(known.amount.shape[1]) < known.amount.shape[1] - 6
    dirty.amount[:, ~unseen] = known.amount[:, ~unseen]
    assert put_aside(dirty).tolist() == put_aside(known).tolist() == [400.0]
