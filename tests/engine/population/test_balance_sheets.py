"""Accounts add up to the household's totals, and lots to their accounts."""

import numpy as np

from engine.population import Population
from engine.population.prices import draw_prices
from tests.engine.population.conftest import TODAY, positions

DEBTS = ("CREDIT_CARD", "STUDENT_LOAN", "LOAN", "MORTGAGE")
INVESTED = ("TAXABLE", "TRADITIONAL_IRA", "ROTH_IRA", "EMPLOYER_PLAN", "HSA")


def test_totals_are_sums_over_accounts(population: Population) -> None:
    user, balance = positions(population, population.accounts), population.accounts["balance"]
    liquid = np.isin(population.accounts["kind"], ("CHECKING", "SAVINGS"))
    sums = {
        "net_worth": np.bincount(user, balance),
        "liquid_assets": np.bincount(user, balance * liquid),
        "total_debt": np.bincount(user, -np.minimum(balance, 0.0)),
    }
    for name, total in sums.items():
        np.testing.assert_allclose(population.households[name], total, atol=0.01)


def test_only_debts_are_owed(population: Population) -> None:
    owed = np.isin(population.accounts["kind"], DEBTS)
    assert (population.accounts["balance"][owed] < 0).all()
    assert (population.accounts["balance"][~owed] >= 0).all()
    assert np.isfinite(population.accounts["minimum_payment"][owed]).all()
    assert (population.accounts["interest_rate"][owed] > 0).all()


def test_everybody_has_a_current_account_and_owners_a_home(population: Population) -> None:
    kinds, user = population.accounts["kind"], positions(population, population.accounts)
    assert (np.bincount(user[kinds == "CHECKING"], minlength=600) == 1).all()
    home = population.accounts["name"] == "Home"
    np.testing.assert_array_equal(
        np.bincount(user[home], minlength=600) > 0, population.households["homeowner"].astype(bool)
    )


def test_a_match_belongs_to_an_employers_plan(population: Population) -> None:
    plan = population.accounts["kind"] == "EMPLOYER_PLAN"
    assert np.isnan(population.accounts["employer_match_rate"][~plan]).all()
    matched = population.accounts["employer_match_rate"][plan] > 0
    assert 0.3 < matched.mean() < 0.9
    np.testing.assert_array_equal(matched, population.accounts["employer_match_limit"][plan] > 0)


def test_lots_are_worth_the_balance_of_their_account_to_the_cent(population: Population) -> None:
    prices = population.prices
    last = {
        symbol: close
        for symbol, day, close in zip(prices["symbol"], prices["date"], prices["close"], strict=True)
        if day == np.datetime64(TODAY)
    }
    worth = population.holdings["quantity"] * np.array([last[symbol] for symbol in population.holdings["symbol"]])
    total: dict[str, float] = {}
    for account, value in zip(population.holdings["account"], worth.round(2), strict=True):
        total[account] = total.get(account, 0.0) + value
    invested = np.isin(population.accounts["kind"], INVESTED)
    ids, balances = population.accounts["external_id"][invested], population.accounts["balance"][invested]
    assert set(total) == set(ids)
    np.testing.assert_allclose([total[account] for account in ids], balances, atol=0.01)


def test_lots_cost_what_the_fund_cost_on_their_day(population: Population) -> None:
    prices, held = population.prices, population.holdings
    close = {
        (symbol, day): value
        for symbol, day, value in zip(prices["symbol"], prices["date"], prices["close"], strict=True)
    }
    paid = np.array([close[key] for key in zip(held["symbol"], held["acquired"], strict=True)])
    np.testing.assert_allclose(held["cost_basis"], held["quantity"] * paid, atol=0.006)
    assert (held["quantity"] > 0).all()


def test_some_lots_are_at_a_loss_and_some_at_a_gain(population: Population) -> None:
    held, prices = population.holdings, draw_prices(7, TODAY)
    now = dict(zip(prices.symbols, prices.close[-1], strict=True))
    gain = held["quantity"] * np.array([now[symbol] for symbol in held["symbol"]]) - held["cost_basis"]
    assert 0.1 < (gain < 0).mean() < 0.7
    assert (gain > 0).mean() > 0.3


def test_goals_are_funded_from_accounts_that_exist(population: Population) -> None:
    goals, accounts = population.goals, population.accounts
    savings = np.bincount(
        positions(population, accounts), accounts["balance"] * (accounts["kind"] == "SAVINGS"), minlength=600
    )
    from_savings = ~np.isin(goals["kind"], ("RETIREMENT", "EDUCATION", "DEBT_PAYOFF"))
    saved = np.bincount(positions(population, goals), goals["saved_amount"] * from_savings, minlength=600)
    assert (saved <= savings + 0.05).all()


def test_goals_are_of_many_kinds_some_reached_some_late_some_out_of_reach(population: Population) -> None:
    goals = population.goals
    reached = goals["status"] == "ACHIEVED"
    assert len(set(goals["kind"])) == 8
    assert 0.03 < reached.mean() < 0.3
    assert (goals["saved_amount"] >= goals["target_amount"])[reached].all()
    active = goals["status"] == "ACTIVE"
    overdue = goals["target_date"] < np.datetime64(TODAY)
    assert 0 < (active & overdue).sum() < 0.08 * len(active)
    years = np.maximum((goals["target_date"] - np.datetime64(TODAY)).astype(int) / 365.25, 0.1)
    yearly = (goals["target_amount"] - goals["saved_amount"]) / years
    income = population.households["annual_income"][positions(population, goals)]
    assert 0.05 < (active & (yearly > 0.3 * income)).mean() < 0.6
