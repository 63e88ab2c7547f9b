"""What the goal tables are judged against: simulations of the same return model, and the comonotonic lower bound."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from benchmarks.goals.paths import Matrix, ReturnModel, start_paths, walk
from engine.goals.columns import Floats, Goals
from engine.goals.returns import GLIDES, LOGNORMAL, MAX_MONTHS, MODELS, return_rows
from engine.goals.table import goal_tables

CHUNK = 2048


def simulated(goals: Goals, model: ReturnModel, paths: int, seed: int) -> Matrix:
    """Success probabilities from the same paths for all goals, each growth of a contribution carried on its own."""
    net = np.round(np.log1p(goals.growth) - goals.return_shift, 9)
    growths = np.unique(net)
    hits = np.zeros(len(goals))
    order = np.argsort(goals.months, kind="stable")
    lump = goals.saved * np.exp(goals.return_shift * goals.months / 12)
    stream = goals.contribution * np.exp(goals.return_shift * (goals.months - 1) / 12)
    rate = np.searchsorted(growths, net)
    for chunk in range(paths // CHUNK):
        walkers = start_paths(CHUNK, model.rows.shape[1], len(growths), seed * 100_000 + chunk)
        done = 0
        for goal in order:
            walk(walkers, model, np.exp(growths / 12), done, int(goals.months[goal]))
            done = int(goals.months[goal])
            glide = goals.glide[goal]
            wealth = lump[goal] * walkers.lump[glide] + stream[goal] * walkers.stream[glide, rate[goal]]
            hits[goal] += np.count_nonzero(wealth >= goals.target[goal])
    return hits / (paths // CHUNK * CHUNK)


def simulated_forward(goals: Goals, goal: int, model: ReturnModel, paths: int, seed: int) -> Matrix:
    """Wealth after each month (row) on each path, as one would write it: forward in time, numpy, one goal by itself."""
    generator = np.random.default_rng(seed)
    rows = return_rows(GLIDES[goals.glide[goal]])[: goals.months[goal]][::-1]
    states = model.rows.shape[1]
    here = generator.integers(states, size=paths)
    wealth = np.full(paths, goals.saved[goal])
    paid, shift = goals.contribution[goal], np.exp(goals.return_shift[goal] / 12)
    out = np.empty((len(rows), paths))
    for month, row in enumerate(rows):
        jump = generator.random(paths) < model.restart
        here = np.where(jump, generator.integers(states, size=paths), (here + 1) % states)
        bump = 1 + model.noise[row] * generator.standard_normal(paths)
        wealth = wealth * (model.rows[row, here] * bump * shift) + paid
        paid *= (1 + goals.growth[goal]) ** (1 / 12)
        out[month] = wealth
    return out


def comonotonic(amount: Matrix, mean: Matrix, variance: Matrix) -> tuple[Matrix, Matrix]:
    """The lower bound of sum(amount * exp(Z)), Z a Gaussian walk with these means and (rising) variances.

    Conditioning on the walk weighted by expected amounts (maximal variance: Vanduffel, Hoedemakers and Dhaene 2005).
    The bound is sum(scale * exp(slope * V)) with V standard normal.
    """
    expected = amount * np.exp(mean + variance / 2)
    # Cov(Z_i, Z_j) is the smaller variance: sums over both sides of i.
    below = np.cumsum(expected * variance)
    above = expected.sum() - np.cumsum(expected)
    covariance = below + variance * above
    slope = covariance / np.sqrt((expected * covariance).sum())
    scale = expected * np.exp(-(slope**2) / 2)
    return scale, slope


def comonotonic_probability(amount: Matrix, mean: Matrix, variance: Matrix, target: float) -> float:
    scale, slope = comonotonic(amount, mean, variance)
    least = brentq(lambda v: float((scale * np.exp(slope * v)).sum()) - target, -12, 12)
    return float(norm.sf(least))


def comonotonic_call(amount: Matrix, mean: Matrix, variance: Matrix, strike: float) -> float:
    """The expectation of what the sum exceeds the strike by: an Asian option without discount."""
    scale, slope = comonotonic(amount, mean, variance)
    least = brentq(lambda v: float((scale * np.exp(slope * v)).sum()) - strike, -12, 12)
    paid = scale * np.exp(slope**2 / 2) * norm.sf(least - slope)
    return float(paid.sum() - strike * norm.sf(least))


def lognormal_walk(moments: NDArray[np.float64], months: int) -> tuple[Matrix, Matrix]:
    """Means and variances of the log of 1 after 0, 1, ..., months, from the table's means and squared variations."""
    variance = np.concatenate([[0.0], np.log1p(moments[1 : months + 1, 1])])
    mean = np.concatenate([[0.0], np.log(moments[1 : months + 1, 0])]) - variance / 2
    return mean, variance


def comonotonic_success(goals: Goals) -> Floats:
    """Success probabilities under LOGNORMAL, from the lump sums' moments alone."""
    lump = goal_tables()[0].reshape(len(MODELS), len(GLIDES), MAX_MONTHS + 1, 2)[LOGNORMAL]
    out = np.empty(len(goals))
    for row, (glide, months, saved, paid, target, growth, shift) in enumerate(zip(*goals.columns, strict=True)):
        mean, variance = lognormal_walk(lump[glide], int(months))
        to_go = np.arange(months + 1)
        amount = np.append(paid * (1 + growth) ** ((months - 1 - to_go[:-1]) / 12), saved)
        out[row] = comonotonic_probability(amount, mean + shift * to_go / 12, variance, target)
    return out
