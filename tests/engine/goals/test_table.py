"""The committed tables: what they say of themselves, and the series and published figures that they come from."""

import hashlib
import json

import numpy as np
import pytest

from benchmarks.goals.cases import single_goals
from benchmarks.goals.paths import SERIES, exact_moments, real_log_returns, return_model, start_paths, walk
from benchmarks.goals.reference import comonotonic_call, comonotonic_success, simulated, simulated_forward
from engine.goals.columns import Goals
from engine.goals.probability import success_probability
from engine.goals.returns import GLIDES, LOGNORMAL, MODELS, return_rows, stock_percent, undo_averaging
from engine.goals.table import TABLE, frontier, goal_tables

real_data = pytest.mark.skipif(not SERIES.exists(), reason=f"no {SERIES.name}: FINREC_STUDY_DATA names its folder")

# Arithmetic Asian calls, continuous average, strike 2: rate, volatility, years, spot, price (Linetsky 2004).
LINETSKY = [
    (0.02, 0.10, 1.0, 2.0, 0.0559860415),
    (0.18, 0.30, 1.0, 2.0, 0.2183875466),
    (0.0125, 0.25, 2.0, 2.0, 0.1722687410),
    (0.05, 0.50, 1.0, 1.9, 0.1931737903),
    (0.05, 0.50, 1.0, 2.0, 0.2464156905),
    (0.05, 0.50, 1.0, 2.1, 0.3062203648),
    (0.05, 0.50, 2.0, 2.0, 0.3500952190),
]


def test_the_table_is_the_one_described_beside_it() -> None:
    said = json.loads(TABLE.with_suffix(".json").read_text())
    content = TABLE.read_bytes()
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert tuple(said["glides"]) == GLIDES
    assert tuple(said["models"]) == MODELS
    assert len(content) < 3_000_000


def test_every_figure_of_the_table_is_finite() -> None:
    assert all(np.isfinite(array).all() for array in goal_tables())


def test_riskier_mixes_return_more() -> None:
    mixes = frontier()
    assert (np.diff(mixes.drift) > 0).all()
    assert (np.diff(mixes.volatility) > 0).all()
    assert (mixes.stock_share[0], mixes.stock_share[-1]) == (0, 1)


def test_glides_grow_careful_towards_the_date() -> None:
    for name in ("PURCHASE_DATE", "RETIREMENT_DATE"):
        assert (np.diff(stock_percent(name)) >= 0).all()
        assert stock_percent(name)[0] < 50 < stock_percent(name)[-1]
    assert set(return_rows("MODERATE")) == {60}


def test_averages_of_a_random_walk_get_their_variance_back() -> None:
    """Daily steps, averaged by month: returns between averages have 2/3 of the variance and a correlation of 1/4."""
    daily = np.random.default_rng(1).normal(0, 0.01, 21 * 20_000)
    averages = daily.cumsum().reshape(-1, 21).mean(axis=1)
    returns = np.diff(averages)
    mended = undo_averaging(returns)
    assert returns.var() / (21 * 0.01**2) == pytest.approx(2 / 3, abs=0.02)
    assert mended.var() / (21 * 0.01**2) == pytest.approx(1, abs=0.03)
    assert np.corrcoef(mended[1:], mended[:-1])[0, 1] == pytest.approx(0, abs=0.02)
    assert mended.sum() == pytest.approx(returns.sum(), abs=0.2)


@pytest.mark.parametrize(("rate", "volatility", "years", "spot", "price"), LINETSKY)
def test_the_lognormal_reference_meets_published_prices(
    rate: float, volatility: float, years: float, spot: float, price: float
) -> None:
    times = (np.arange(2_000) + 0.5) * years / 2_000
    mean = np.log(spot) + (rate - volatility**2 / 2) * times
    call = comonotonic_call(np.full(2_000, 1 / 2_000), mean, volatility**2 * times, 2.0)
    assert call * np.exp(-rate * years) == pytest.approx(price, rel=2e-3)


def test_the_lognormal_table_meets_the_reference() -> None:
    goals = single_goals(200, seed=21)
    error = success_probability(goals, LOGNORMAL) - comonotonic_success(goals)
    assert np.sqrt((error**2).mean()) < 0.001
    assert np.abs(error).max() < 0.005


@real_data
def test_returns_of_the_series_have_lost_the_correlation_of_averages() -> None:
    stock, bond, savings = real_log_returns()
    assert np.corrcoef(stock[1:], stock[:-1])[0, 1] == pytest.approx(0, abs=0.05)
    assert 12 * stock.mean() == pytest.approx(0.068, abs=0.002)
    assert 12**0.5 * stock.std() == pytest.approx(0.187, abs=0.005)
    assert 12 * savings.mean() < 12 * bond.mean() < 12 * stock.mean()


@real_data
def test_the_table_meets_a_simulation() -> None:
    """100,000 paths err by a tenth of a point themselves; the benchmark takes two millions."""
    goals = single_goals(60, seed=2, longest=180)
    for number, name in enumerate(MODELS):
        error = success_probability(goals, number) - simulated(goals, return_model(name), 100_000, seed=5)
        assert np.sqrt((error**2).mean()) < 0.003
        assert np.abs(error).max() < 0.008


@real_data
def test_paths_walked_backwards_are_those_walked_forwards() -> None:
    goals = Goals.of(glide=7, months=90, saved=3e4, target=1.2e5, contribution=700, growth=0.03, return_shift=-0.01)
    model = return_model("HISTORY")
    wealth = simulated_forward(goals, 0, model, 40_000, seed=3)[-1]
    assert (wealth >= 1.2e5).mean() == pytest.approx(success_probability(goals)[0], abs=0.01)


@real_data
@pytest.mark.parametrize("name", MODELS)
def test_exact_moments_are_those_of_many_paths(name: str) -> None:
    model, growth = return_model(name), np.array([1.0, 1.002])
    exact = exact_moments(model, growth, 60)[:, :, 59]
    paths = start_paths(100_000, model.rows.shape[1], 2, seed=8)
    walk(paths, model, growth, 0, 60)
    lump = np.broadcast_to(paths.lump[:, None], paths.stream.shape)
    sampled = np.stack([lump, lump**2, paths.stream, paths.stream**2, lump * paths.stream], axis=-1).mean(axis=2)
    assert sampled == pytest.approx(exact, rel=0.01)
