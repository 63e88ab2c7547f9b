"""The back-test knows no future, loses no money but to cost and tax, and refuses short histories."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.errors import InsufficientData
from engine.facts import Prices
from engine.portfolio.account import Account
from engine.portfolio.backtest import LEAST_WEEKS, LOOK_BACK_WEEKS, backtest
from engine.portfolio.rivals import POLICIES, risk_budgeting
from tests.engine.portfolio.drawn import drawn_prices

TODAY = date(2026, 9, 15)
WEEKS = 312


@pytest.fixture
def prices() -> Prices:
    return drawn_prices(2, TODAY, WEEKS)


def test_every_policy_is_judged_over_the_same_weeks(prices: Prices) -> None:
    found = backtest(prices)
    assert set(found.outcomes) == set(POLICIES)
    for outcome in found.outcomes.values():
        assert outcome.sharpe_low < outcome.sharpe < outcome.sharpe_high
        assert 0 < outcome.drawdown < 1
        assert outcome.wealth > 0
    assert found.outcomes["buy_and_hold"].tax == 0
    assert found.outcomes["buy_and_hold"].turnover < found.outcomes["equal_weight"].turnover


def test_what_comes_later_changes_nothing_before(prices: Prices) -> None:
    shaken = prices.total_return.copy()
    shaken[:, -1] *= 0.5
    before = replace(
        prices, total_return=prices.total_return[:, :-1], close=prices.close[:, :-1], weeks=prices.weeks[:-1]
    )
    after = backtest(replace(prices, total_return=shaken))
    assert after.outcomes["finrec"].tax == pytest.approx(backtest(before).outcomes["finrec"].tax)


def test_funds_too_young_to_be_looked_back_on_may_be_left_out(prices: Prices) -> None:
    levels = prices.total_return.copy()
    levels[0, :60] = np.nan
    young = replace(prices, total_return=levels, close=np.where(np.isnan(levels), np.nan, prices.close))
    everything = backtest(young)
    early = backtest(young, since=prices.weeks[LOOK_BACK_WEEKS].astype(date))
    assert set(everything.symbols) - set(early.symbols) == {prices.symbol[0]}
    assert early.first == str(prices.weeks[LOOK_BACK_WEEKS]) < everything.first
    with pytest.raises(InsufficientData):
        backtest(young, since=prices.weeks[0].astype(date))


def test_too_short_a_history_is_refused(prices: Prices) -> None:
    short = replace(
        prices,
        close=prices.close[:, -LEAST_WEEKS + 1 :],
        total_return=prices.total_return[:, -LEAST_WEEKS + 1 :],
        weeks=prices.weeks[-LEAST_WEEKS + 1 :],
    )
    with pytest.raises(InsufficientData) as raised:
        backtest(short)
    assert (raised.value.required, raised.value.available) == (LEAST_WEEKS, LEAST_WEEKS - 1)


def test_an_account_loses_only_cost_and_tax() -> None:
    account, price = Account(cash=10_000.0), np.array([10.0, 20.0])
    account.trade_to(np.array([0.5, 0.5]), price, 0)
    assert account.value(price) == pytest.approx(10_000.0, rel=6e-4)
    assert account.cash >= 0
    account.trade_to(np.array([0.0, 1.0]), 2.0 * price, 800)
    assert account.paid == pytest.approx(0.15 * 5_000.0, rel=1e-2)
    assert account.held(price)[0] == pytest.approx(0.0)


def test_losses_are_carried_forward() -> None:
    account, price = Account(cash=10_000.0), np.array([10.0, 20.0])
    account.trade_to(np.array([1.0, 0.0]), price, 0)
    account.trade_to(np.array([0.0, 1.0]), np.array([5.0, 20.0]), 800)
    assert account.carried == pytest.approx(5_000.0, rel=1e-2)
    account.trade_to(np.array([1.0, 0.0]), np.array([5.0, 30.0]), 1_600)
    assert account.paid == 0


def test_risk_budgets_are_equal() -> None:
    random = np.random.default_rng(3)
    past = random.normal(0.0, 0.02, (200, 4)) @ (np.eye(4) + 0.3)
    weight = risk_budgeting(past, np.arange(4))
    share = weight * (np.cov(past.T) @ weight)
    assert share / share.sum() == pytest.approx(np.full(4, 0.25), abs=0.02)
