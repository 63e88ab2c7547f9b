"""Builds engine/priors/goal_tables.npz from Shiller's series.

    python -m benchmarks.priors.goal_tables

The series is read from FINREC_STUDY_DATA, else `../shared/data`; it never enters the repository.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.goals.paths import (
    FIRST_YEAR,
    SERIES,
    Matrix,
    Paths,
    ReturnModel,
    exact_moments,
    return_model,
    start_paths,
    walk,
)
from engine.compiled import compiled
from engine.goals.returns import (
    COST_PER_YEAR,
    GLIDES,
    MAX_MONTHS,
    MEAN_BLOCK_MONTHS,
    MODELS,
    SAVINGS_BELOW_BOND_YIELD,
    SAVINGS_ROW,
    SMOOTHING,
)
from engine.goals.table import (
    CORRECTION_GROWTHS,
    MOMENT_GROWTHS,
    MOMENT_NODES,
    MONTH_NODES,
    QUANTUM,
    SCORE_LIMIT,
    SCORE_NODES,
    SHARE_NODES,
    TABLE,
)

PATHS = 1_000_000
CHUNK = 2048  # paths that stay in the second-level cache
BINS = 4096
SEED = 20260101
FEWEST = 50  # paths on the rarer side of a score, below which the correction is held at its last value
FRONTIER_MONTHS = 60  # over which the dynamic program's volatilities hold: months are not independent

Wealths = tuple[NDArray[np.float32], NDArray[np.float32]]
Histograms = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]

SCORES = np.linspace(-SCORE_LIMIT, SCORE_LIMIT, SCORE_NODES)
SHARES = np.linspace(0, 1, SHARE_NODES)


def main() -> None:
    arrays: dict[str, list[Matrix]] = {"lump": [], "stream": [], "corrections": []}
    for number, name in enumerate(MODELS):
        model = return_model(name)
        lump, stream = moment_nodes(model)
        arrays["lump"].append(lump)
        arrays["stream"].append(stream)
        arrays["corrections"].append(corrections(model, seed=SEED + number))
        print(f"{name}: done", file=sys.stderr)
    stacked = {name: np.stack(parts) for name, parts in arrays.items()}
    write(stacked, frontier())


def moment_nodes(model: ReturnModel) -> tuple[Matrix, Matrix]:
    moments = exact_moments(model, np.exp(MOMENT_GROWTHS / 12), MAX_MONTHS)[:, :, MOMENT_NODES - 1]
    variation = relative(moments)
    lump = np.stack([moments[:, 0, :, 0], variation[:, 0, :, 0]], axis=-1)
    stream = np.stack([np.log(moments[..., 2]), variation[..., 1], variation[..., 2]], axis=-1)
    return lump, stream


def relative(moments: Matrix) -> Matrix:
    """Squared variation of lump and of stream, and their covariance, all relative to the means."""
    lump, square, stream, stream_square, product = np.moveaxis(moments, -1, 0)
    return np.stack([square / lump**2, stream_square / stream**2, product / (lump * stream)], axis=-1) - 1


def corrections(model: ReturnModel, seed: int) -> Matrix:
    """Normal score of the simulated probability less Fenton-Wilkinson's score (glide, growth, node, share, score)."""
    growth = np.exp(CORRECTION_GROWTHS / 12)
    moments = exact_moments(model, growth, MAX_MONTHS)[:, :, MONTH_NODES - 1]
    bins = Bins(spreads(moments))
    for chunk in range(PATHS // CHUNK):
        paths = start_paths(CHUNK, model.rows.shape[1], len(growth), seed * 10_000 + chunk)
        done = 0
        for node, months in enumerate(MONTH_NODES):
            walk(paths, model, growth, done, int(months))
            done = int(months)
            bins.add(node, paths, moments[:, :, node])
    return bins.corrections()


def spreads(moments: Matrix) -> Matrix:
    lump, stream, covariance = (part[..., None] for part in np.moveaxis(relative(moments), -1, 0))
    variation = SHARES**2 * lump + 2 * SHARES * (1 - SHARES) * covariance + (1 - SHARES) ** 2 * stream
    width: Matrix = np.sqrt(np.log1p(np.maximum(variation, 0)))
    return width


class Bins:
    """Histograms of wealth over its mean, one a cell of the table.

    A bin is a range of the bits of a 32-bit float: the bits of positive floats, read as integers, rise with the float.
    """

    def __init__(self, width: Matrix) -> None:
        self.width = np.maximum(width, 1e-6)
        reach = SCORE_LIMIT + 0.2
        self.low = _bits(np.exp(-reach * self.width - self.width**2 / 2))
        high = _bits(np.exp(reach * self.width - self.width**2 / 2))
        self.shift = np.ceil(np.log2(np.maximum(high - self.low, 1) / (BINS - 2))).clip(0).astype(np.int64)
        self.counts = np.zeros((*width.shape, BINS), dtype=np.int32)

    def add(self, node: int, paths: Paths, moments: Matrix) -> None:
        _count(
            (paths.lump.astype(np.float32), paths.stream.astype(np.float32)),
            np.ascontiguousarray(moments),
            (self.low[:, :, node], self.shift[:, :, node], self.counts[:, :, node]),
            SHARES,
        )

    def corrections(self) -> Matrix:
        out = np.zeros((*self.width.shape, SCORE_NODES))
        for cell in np.ndindex(self.width.shape):
            if self.width[cell] > 1e-5:
                out[cell] = self._correction(cell)
        return out

    def _correction(self, cell: tuple[int, ...]) -> Matrix:
        width, counts = self.width[cell], self.counts[cell]
        edges = (self.low[cell] + (np.arange(1, BINS) << self.shift[cell])).astype(np.int32).view(np.float32)
        failed = np.interp(np.exp(-width * (SCORES + width / 2)), edges, np.cumsum(counts)[:-1])
        total = counts.sum()
        known = (failed >= FEWEST) & (total - failed >= FEWEST)
        gap = norm.ppf(1 - failed[known] / total) - SCORES[known]
        filled = np.interp(SCORES, SCORES[known], gap)
        rising: Matrix = np.maximum.accumulate(SCORES + filled) - SCORES
        return rising


def _bits(values: Matrix) -> NDArray[np.int64]:
    return values.astype(np.float32).view(np.int32).astype(np.int64)


@compiled
def _count(paths: Wealths, moments: Matrix, bins: Histograms, shares: Matrix) -> None:
    lump, stream = paths
    low, shift, counts = bins
    bits = np.empty(lump.shape[1], np.int32)
    for glide in range(stream.shape[0]):
        for rate in range(stream.shape[1]):
            for column in range(len(shares)):
                if shares[column] == 1.0 and rate > 0:  # no stream, so no growth: as for the first
                    counts[glide, rate, column] = counts[glide, 0, column]
                    continue
                a = np.float32(shares[column] / moments[glide, rate, 0])
                b = np.float32((1.0 - shares[column]) / moments[glide, rate, 2])
                wealth = bits.view(np.float32)
                for path in range(len(bits)):
                    wealth[path] = a * lump[glide, path] + b * stream[glide, rate, path]
                _fill(bits, low[glide, rate, column], shift[glide, rate, column], counts[glide, rate, column])


@compiled
def _fill(bits: NDArray[np.int32], low: int, shift: int, counts: NDArray[np.int32]) -> None:
    last = len(counts) - 1
    for path in range(len(bits)):
        counts[min(max((bits[path] - low) >> shift, 0), last)] += 1


def frontier() -> Matrix:
    """Stock share, drift and volatility a year of savings and 11 mixes: the lognormal of five years of history.

    From 20 per cent of stocks: with fewer a mix has less return and no less risk.
    """
    model = return_model(MODELS[0])
    rows = np.concatenate([[SAVINGS_ROW], np.arange(20, 101, 8)])
    mean, square = mix_moments(model, rows, FRONTIER_MONTHS)
    years = FRONTIER_MONTHS / 12
    variance = np.log(square / mean**2)
    share = np.where(rows == SAVINGS_ROW, 0, rows / 100)
    return np.stack([share, (np.log(mean) - variance / 2) / years, np.sqrt(variance / years)])


def mix_moments(model: ReturnModel, rows: NDArray[np.int64], months: int) -> tuple[Matrix, Matrix]:
    gross, noise = model.rows[rows], model.noise[rows]
    mean, square = np.ones_like(gross), np.ones_like(gross)
    for _ in range(months):
        mean, square = (
            (1 - model.restart) * np.roll(part, -1, axis=1) + model.restart * part.mean(axis=1, keepdims=True)
            for part in (mean, square)
        )
        mean, square = gross * mean, gross**2 * (1 + noise[:, None] ** 2) * square
    return mean.mean(axis=1), square.mean(axis=1)


def write(arrays: dict[str, Matrix], mixes: Matrix) -> None:
    steps = np.diff(np.rint(arrays["corrections"] / QUANTUM).astype(np.int16), axis=-1, prepend=np.int16(0))
    np.savez_compressed(
        TABLE,
        lump=arrays["lump"].astype(np.float32),
        stream=arrays["stream"].astype(np.float32),
        corrections=steps,
        frontier=mixes.astype(np.float32),
    )
    TABLE.with_suffix(".json").write_text(json.dumps(description(TABLE), indent=2) + "\n")


def description(table: Path) -> dict[str, object]:
    return {
        "what": "Goal tables: moments of wealth and corrections to the Fenton-Wilkinson score (see docs/goals.md)",
        "source": "Robert J. Shiller, U.S. Stock Markets 1871-Present and CAPE Ratio, monthly, "
        f"{FIRST_YEAR}-01 to 2023-06; the series is not part of the project",
        "source_sha256": hashlib.sha256(SERIES.read_bytes()).hexdigest(),
        "method": {
            "returns": "month-end real returns: MA(1) of monthly averages undone, CPI deducted",
            "history": f"smoothed stationary bootstrap, mean block {MEAN_BLOCK_MONTHS} months, smoothing {SMOOTHING}",
            "lognormal": "independent months with the history's mean and variance",
            "cost_per_year": COST_PER_YEAR,
            "savings_below_bond_yield": SAVINGS_BELOW_BOND_YIELD,
            "paths": PATHS // CHUNK * CHUNK,
            "seed": SEED,
        },
        "glides": GLIDES,
        "models": MODELS,
        "command": "python -m benchmarks.priors.goal_tables",
        "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "bytes": table.stat().st_size,
    }


if __name__ == "__main__":
    main()
