"""The two return models of the goal tables, from Shiller's series: simulated paths and exact moments."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.study import STUDY_DATA
from engine.compiled import compiled
from engine.goals.returns import (
    COST_PER_YEAR,
    GLIDES,
    MEAN_BLOCK_MONTHS,
    MODELS,
    RETURN_ROWS,
    SAVINGS_BELOW_BOND_YIELD,
    SAVINGS_ROW,
    SMOOTHING,
    return_rows,
    undo_averaging,
)

SERIES = STUDY_DATA / "shiller_monthly.parquet"
# Before 1926 the price index is one of wholesale goods and stock prices are averages of the month's high and low.
FIRST_YEAR = 1926
LOGNORMAL_STATES = 4096

Matrix = NDArray[np.float64]
Positions = NDArray[np.int64]
Numbers = tuple[Matrix, Matrix, float]  # a ReturnModel
Glides = tuple[Positions, Matrix]  # return rows by glide and month; growths
Walkers = tuple[Positions, NDArray[np.uint64], Matrix, Matrix]  # Paths


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnModel:
    """Gross real returns by return row and state; a path walks from state to state and jumps with `restart`."""

    rows: Matrix
    noise: Matrix  # relative standard deviation, by row, of the smoothing
    restart: float  # a month


def return_model(name: str, series: Path = SERIES) -> ReturnModel:
    stock, bond, savings = real_log_returns(series)
    history = _history(*(_shrunk(column) for column in (stock, bond, savings)))
    return history if name == MODELS[0] else _lognormal(history)


def real_log_returns(series: Path = SERIES) -> tuple[Matrix, Matrix, Matrix]:
    """Month-end real log returns of stocks, ten-year bonds and savings since FIRST_YEAR."""
    table = pl.read_parquet(series).filter(pl.col("Date") >= FIRST_YEAR - 0.01).drop_nulls("D")
    price, dividend, cpi, bond, percent = (
        table[name].to_numpy() for name in ("P", "D", "CPI", "Monthly_TR_Bond_Returns", "Rate_GS10")
    )
    inflation = np.diff(np.log(cpi))
    income = np.log1p(dividend[1:] / 12 / price[1:])
    interest = np.log1p(np.maximum(percent[:-1] / 100 - SAVINGS_BELOW_BOND_YIELD, 0) / 12)
    # The bond return of a row is earned from that month to the next.
    return (
        undo_averaging(np.diff(np.log(price))) + income - inflation,
        undo_averaging(np.log(bond[:-1])) - inflation,
        interest - inflation,
    )


def _shrunk(log_returns: Matrix) -> Matrix:
    """Closer to the mean by as much as the smoothing adds, so that the variance stays."""
    shrunk: Matrix = log_returns.mean() + (log_returns - log_returns.mean()) / np.sqrt(1 + SMOOTHING**2)
    return shrunk


def _history(stock: Matrix, bond: Matrix, savings: Matrix) -> ReturnModel:
    share = np.arange(SAVINGS_ROW)[:, None] / 100
    rows = np.empty((RETURN_ROWS, len(stock)))
    rows[:SAVINGS_ROW] = (share * np.exp(stock) + (1 - share) * np.exp(bond)) * np.exp(-COST_PER_YEAR / 12)
    rows[SAVINGS_ROW] = np.exp(savings)
    noise = SMOOTHING * rows.std(axis=1) / rows.mean(axis=1)
    return ReturnModel(rows=rows, noise=noise, restart=1 / MEAN_BLOCK_MONTHS)


def _lognormal(history: ReturnModel) -> ReturnModel:
    """Independent months with the history's mean and variance: equally likely quantiles stand for the normal."""
    mean = history.rows.mean(axis=1)
    square = (history.rows**2).mean(axis=1) * (1 + history.noise**2)
    sigma = np.sqrt(np.log(square / mean**2))[:, None]
    normal = norm.ppf((np.arange(LOGNORMAL_STATES) + 0.5) / LOGNORMAL_STATES)
    rows = np.exp(sigma * normal / normal.std())
    rows *= mean[:, None] / rows.mean(axis=1, keepdims=True)
    return ReturnModel(rows=rows, noise=np.zeros(RETURN_ROWS), restart=1.0)


def glide_rows() -> Positions:
    return np.stack([return_rows(glide) for glide in GLIDES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """A chunk of paths, walked from the goal's date backwards, so that every horizon is met on the way.

    `lump` is what 1 put in at the start becomes; `stream` what 1 a month becomes, paid at the end of each month and
    growing at the rate of its column. With one month more to go, stream' = growth * stream + lump.
    """

    state: Positions
    random: NDArray[np.uint64]
    lump: Matrix  # glide, path
    stream: Matrix  # glide, growth, path


def start_paths(count: int, states: int, growths: int, seed: int) -> Paths:
    generator = np.random.default_rng(seed)
    return Paths(
        state=generator.integers(states, size=count),
        random=generator.integers(2**63, size=count, dtype=np.uint64),
        lump=np.ones((len(GLIDES), count)),
        stream=np.zeros((len(GLIDES), growths, count)),
    )


def walk(paths: Paths, model: ReturnModel, monthly_growth: Matrix, first: int, last: int) -> None:
    """Take the paths from `first` months to go to `last`."""
    _walk(
        (paths.state, paths.random, paths.lump, paths.stream),
        (model.rows, model.noise, model.restart),
        (glide_rows(), monthly_growth),
        first,
        last,
    )


@compiled
def _next(random: np.uint64) -> np.uint64:
    """Marsaglia's xorshift64."""
    random ^= random << np.uint64(13)
    random ^= random >> np.uint64(7)
    return np.uint64(random ^ (random << np.uint64(17)))


@compiled
def _bump(random: np.uint64) -> float:
    """Mean 0, variance 1: the sum of four uniform numbers of 16 bits each."""
    total = 0.0
    for shift in (0, 16, 32, 48):
        total += float((random >> np.uint64(shift)) & np.uint64(0xFFFF))
    return float((total / 65536 + 4 / 131072 - 2.0) * 1.7320508075688772)


@compiled
def _walk(paths: Walkers, model: Numbers, glides: Glides, first: int, last: int) -> None:
    state, random, lump, stream = paths
    rows, noise, restart = model
    which, growth = glides
    bump = np.empty(len(state))
    for month in range(first, last):
        _move(state, random, bump, restart, rows.shape[1])
        for glide in range(len(which)):
            for rate in range(len(growth)):
                _pay(stream[glide, rate], lump[glide], growth[rate])
            row = which[glide, month]
            _earn(lump[glide], rows[row], state, noise[row], bump)


@compiled
def _move(state: Positions, random: NDArray[np.uint64], bump: Matrix, restart: float, states: int) -> None:
    for path in range(len(state)):
        bits = _next(random[path])
        uniform = float(bits >> np.uint64(11)) / 2.0**53
        back = state[path] - 1 if state[path] > 0 else states - 1
        # Below `restart` the same number, stretched, says where to.
        state[path] = int(uniform / restart * states) if uniform < restart else back
        random[path] = _next(bits)
        bump[path] = _bump(random[path])


@compiled
def _pay(stream: Matrix, lump: Matrix, growth: float) -> None:
    for path in range(len(lump)):
        stream[path] = growth * stream[path] + lump[path]


@compiled
def _earn(lump: Matrix, gross: Matrix, state: Positions, noise: float, bump: Matrix) -> None:
    for path in range(len(lump)):
        lump[path] *= gross[state[path]] * (1.0 + noise * bump[path])


def exact_moments(model: ReturnModel, monthly_growth: Matrix, months: int) -> Matrix:
    """Means of lump, lump squared, stream, stream squared and their product, by glide, growth and months to go (1..).

    No simulation: the expectation given the state, carried backwards month by month (stationary bootstrap).
    """
    moments = np.empty((len(GLIDES), len(monthly_growth), months, 5))
    _moments((model.rows, model.noise, model.restart), (glide_rows(), monthly_growth), moments)
    return moments


@compiled
def _moments(model: Numbers, glides: Glides, out: Matrix) -> None:
    rows, noise, restart = model
    which, growth = glides
    for glide in range(len(which)):
        for rate in range(len(growth)):
            given = np.zeros((5, rows.shape[1]))
            given[:2] = 1.0
            for month in range(out.shape[2]):
                row = which[glide, month]
                _one_month(given, rows[row], noise[row], restart, growth[rate])
                for field in range(5):
                    out[glide, rate, month, field] = given[field].mean()


@compiled
def _one_month(given: Matrix, gross: Matrix, noise: float, restart: float, growth: float) -> None:
    before = np.empty_like(given)
    for field in range(5):
        mean = given[field].mean()
        for state in range(given.shape[1]):
            follower = state + 1 if state + 1 < given.shape[1] else 0
            before[field, state] = (1 - restart) * given[field, follower] + restart * mean
    for state in range(given.shape[1]):
        lump, square, stream, stream_square, product = before[:, state]
        given[0, state] = gross[state] * lump
        given[1, state] = gross[state] ** 2 * (1 + noise**2) * square
        given[2, state] = growth * stream + lump
        given[3, state] = growth**2 * stream_square + 2 * growth * product + square
        given[4, state] = gross[state] * (growth * product + square)
