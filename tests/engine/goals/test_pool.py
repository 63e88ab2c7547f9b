"""Dated goals out of one pool: closed forms, a finer grid, and the households that nothing can be done for."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from benchmarks.goals.cases import PoolCase, pool_cases
from benchmarks.goals.plans import followed, plan
from benchmarks.goals.rivals import proportional_shares, split_pool, waterfall_shares
from engine.goals.pool import GRID, Pools, joint_plans
from engine.goals.table import frontier

CASES = pool_cases(66, seed=5)


def case(months: list[int], target: list[float], weight: list[float], wealth: float, paid: float = 0.0) -> PoolCase:
    return PoolCase(
        wealth=wealth,
        contribution=paid,
        months=np.array(months),
        target=np.array(target),
        weight=np.array(weight),
    )


def test_one_goal_within_a_year_is_the_best_of_the_mixes() -> None:
    mixes = frontier()
    for wealth in (0.8, 0.95, 1.0, 1.1):
        scores = (np.log(wealth) + mixes.drift) / mixes.volatility
        answer = plan(case([12], [1e5], [1.0], 1e5 * wealth), 2048)
        assert answer.utility[0] == pytest.approx(norm.cdf(scores).max(), abs=2e-3)
        assert answer.stock_share[0] == pytest.approx(mixes.stock_share[scores.argmax()])


def test_who_is_behind_takes_more_risk_than_who_is_ahead() -> None:
    behind, ahead = (plan(case([60], [1e5], [1.0], wealth)) for wealth in (6e4, 1.1e5))
    assert behind.stock_share[0] > ahead.stock_share[0]


def test_decisions_of_the_grid_keep_what_a_fine_grid_reaches() -> None:
    for generated in CASES[::11]:
        fine = plan(generated, 8192).utility[0]
        assert followed(generated, GRID) >= 0.995 * fine


def test_the_stated_utility_is_that_of_a_fine_grid() -> None:
    for generated in CASES[:12]:
        fine, stated = plan(generated, 4096).utility[0], plan(generated).utility[0]
        assert stated == pytest.approx(fine, abs=0.004 * generated.weight.sum())


def test_the_probabilities_add_up_to_the_utility() -> None:
    for generated in CASES:
        answer = plan(generated)
        total = answer.probability @ generated.weight
        assert total == pytest.approx(answer.utility[0], abs=1e-3 * generated.weight.sum())


def test_one_pool_beats_separate_accounts() -> None:
    for generated in CASES[:5]:
        joint = plan(generated).utility[0]
        for rule in (proportional_shares, waterfall_shares):
            assert joint >= split_pool(generated, rule(generated)) - 2e-3 * generated.weight.sum()


def test_more_wealth_or_pay_never_hurts() -> None:
    for generated in CASES[:15]:
        utility = plan(generated).utility[0]
        for richer in (
            replace(generated, wealth=generated.wealth * 1.3 + 100),
            replace(generated, contribution=generated.contribution + 50),
        ):
            assert plan(richer).utility[0] >= utility - 2e-3 * generated.weight.sum()


def test_a_household_by_itself_is_planned_as_among_others() -> None:
    some = CASES[:8]
    together = joint_plans(
        Pools(
            wealth=np.array([each.wealth for each in some]),
            contribution=np.array([each.contribution for each in some]),
            growth=np.zeros(8),
            return_shift=np.zeros(8),
        ),
        household=np.repeat(np.arange(8), [len(each.months) for each in some]),
        months=np.concatenate([each.months for each in some]),
        target=np.concatenate([each.target for each in some]),
        weight=np.concatenate([each.weight for each in some]),
    )
    assert together.utility.tolist() == [plan(each).utility[0] for each in some]


def test_the_order_in_which_goals_are_given_does_not_matter() -> None:
    generated = CASES[3]
    turned = replace(
        generated,
        months=generated.months[::-1].copy(),
        target=generated.target[::-1].copy(),
        weight=generated.weight[::-1].copy(),
    )
    assert plan(turned).probability[::-1] == pytest.approx(plan(generated).probability)


def test_goals_of_today_are_bought_by_weight() -> None:
    answer = plan(case([0, 0, -4], [6e4, 5e4, 5e4], [3.0, 2.0, 2.0], 1e5))
    assert answer.probability.tolist() == [0, 1, 1]
    assert answer.utility[0] == pytest.approx(4)


def test_the_last_cent_suffices() -> None:
    assert plan(case([0], [1e5], [1.0], 1e5)).probability[0] == 1


@pytest.mark.parametrize(
    ("months", "target", "wealth", "paid"),
    [
        ([120], [1e5], 0.0, 0.0),
        ([600], [1.0], 0.0, 10.0),
        ([12, 720], [0.0, 0.0], 1e5, 0.0),
        ([1], [1e9], 1.0, 0.0),
        ([24, 36], [1.0, 1e7], 1e8, 0.0),
        ([120], [1e5], float("nan"), float("nan")),
        (list(range(0, 400, 20)), [5e4] * 20, 1e5, 2e3),
    ],
)
def test_degenerate_households_get_finite_answers(
    months: list[int], target: list[float], wealth: float, paid: float
) -> None:
    answer = plan(case(months, target, [1.0] * len(months), wealth, paid))
    assert np.isfinite(answer.utility).all()
    assert ((answer.probability >= 0) & (answer.probability <= 1)).all()
    assert 0 <= answer.stock_share[0] <= 1


def test_a_household_without_goals_has_no_utility() -> None:
    nobody = np.zeros(0)
    one = np.ones(1)
    answer = joint_plans(
        Pools(wealth=one, contribution=one, growth=one * 0, return_shift=one * 0),
        household=nobody.astype(np.int64),
        months=nobody.astype(np.int64),
        target=nobody,
        weight=nobody,
    )
    assert answer.utility.tolist() == [0]


def test_a_higher_return_reaches_the_pool() -> None:
    generated = CASES[0]
    pools = replace(generated.pools(), return_shift=np.array([0.02]))
    better = joint_plans(
        pools,
        household=np.zeros(len(generated.months), dtype=np.int64),
        months=generated.months,
        target=generated.target,
        weight=generated.weight,
    )
    assert better.utility[0] > plan(generated).utility[0]
