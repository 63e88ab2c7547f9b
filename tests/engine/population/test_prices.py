"""Synthetic prices: labelled, long enough, as risky as the figures say."""

import numpy as np

from engine.market import ASSET_CLASSES
from engine.population import Population
from engine.population.prices import WEEKS_A_YEAR, draw_prices, figures
from tests.engine.population.conftest import TODAY


def test_every_asset_class_has_a_fund_that_is_labelled_synthetic(population: Population) -> None:
    prices = population.prices
    assert set(prices["asset_class"]) == set(ASSET_CLASSES)
    assert set(prices["symbol"]) == {f"DEMO_{name}" for name in ASSET_CLASSES}
    assert all("Synthetic" in name and "no real security" in name for name in prices["name"])


def test_prices_run_for_more_than_ten_years_up_to_today() -> None:
    prices = draw_prices(7, TODAY)
    assert prices.dates[-1] == np.datetime64(TODAY)
    assert (prices.dates[-1] - prices.dates[0]).astype(int) > 10 * 366
    assert (prices.close > 0).all()


def test_volatility_and_correlation_are_those_of_the_figures() -> None:
    weekly = np.vstack([np.diff(np.log(draw_prices(seed, TODAY).total_return), axis=0) for seed in range(8)])
    wanted = np.array([row["volatility"] for row in figures()["classes"]])
    np.testing.assert_allclose(weekly.std(axis=0) * np.sqrt(WEEKS_A_YEAR), wanted, rtol=0.10)
    found = np.corrcoef(weekly.T)
    for index, row in enumerate(figures()["correlations"]):
        np.testing.assert_allclose(found[index, :index], row, atol=0.08)


def test_growth_is_near_what_is_expected_of_the_class() -> None:
    years = 12
    growth = [np.log(draw_prices(seed, TODAY).total_return[-1] / 50.0) / years for seed in range(12)]
    expected = np.array([np.log1p(row["expected_return"]) - row["volatility"] ** 2 / 2 for row in figures()["classes"]])
    np.testing.assert_allclose(np.mean(growth, axis=0), expected, atol=0.025)


def test_distributions_part_total_return_from_price() -> None:
    prices = draw_prices(7, TODAY)
    paying = [index for index, row in enumerate(figures()["classes"]) if row["yield"] > 0]
    grown = prices.total_return[-1] / prices.total_return[0]
    assert (grown > prices.close[-1] / prices.close[0])[paying].all()
