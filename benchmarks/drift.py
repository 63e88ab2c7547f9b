"""Drift: how often it is found where there is none, how often where there is, and how long a look takes.

    OMP_NUM_THREADS=1 python -m benchmarks.drift

Figures of a generator (synthetic).
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.enums import Severity
from engine.monitoring.bins import counts_of, edges_of
from engine.monitoring.drift import LEVELS, compare, reference
from engine.monitoring.shares import chance, debiased_psi, p_values

Rows = NDArray[np.float64]

FEATURES = tuple(f"feature {number}" for number in range(25))
REFERENCES, CHECKS_EACH = 1000, 4
SHIFT, SHIFTED, TRIALS = 0.3, 22, 500
ROWS, COLUMNS, REPEATS = 1_000_000, 30, 7
INFO = min(least for least, _ in LEVELS)
ALARMING = (Severity.WARNING, Severity.CRITICAL)


def main() -> None:
    false_alarms()
    shifts()
    limit()
    times()


def false_alarms() -> None:
    """No drift at all."""
    for rows in (100, 1000):
        retrained = seen = 0
        for seed in range(REFERENCES):
            before = reference(FEATURES, drawn(rows, seed))
            for check in range(CHECKS_EACH):
                drift = compare(before, drawn(rows, REFERENCES * (check + 1) + seed))
                retrained += drift.severity in ALARMING
                seen += bool(drift.found)
        checks = REFERENCES * CHECKS_EACH
        tell(f"no drift, n = m = {rows}, 25 features: retrained for {retrained}, seen {seen} of {checks} checks")


def shifts() -> None:
    """One feature of 25 moved by a part of its standard deviation."""
    for reference_rows in (1000, 10_000):
        found = levelled = 0
        for seed in range(TRIALS):
            today = drawn(1000, 2 * seed)
            today[:, SHIFTED] += SHIFT
            drift = compare(reference(FEATURES, drawn(reference_rows, 2 * seed + 1)), today)
            found += drift.features[SHIFTED].sure
            levelled += drift.features[SHIFTED].severity is not Severity.NONE
        tell(
            f"shift of {SHIFT} sd, n = 1,000, m = {reference_rows:,}: found {found / TRIALS:.1%}, "
            f"at the level INFO or above {levelled / TRIALS:.1%} of {TRIALS} trials"
        )


def limit() -> None:
    """What nobody can pass: the difference of two means, of normal values whose spread is known, squared."""
    for reference_rows in (1000, 10_000):
        noise = chance(1000, reference_rows)
        least = np.sqrt(INFO + noise)
        told = special.ndtr((SHIFT - least) / np.sqrt(noise))
        tell(f"the best estimate of such a shift, m = {reference_rows:,}: at the level INFO or above {told:.1%}")


def times() -> None:
    """A million users, one thread; every value of its own, as a histogram finds it hardest."""
    X = np.random.default_rng(1).standard_normal((ROWS, COLUMNS), dtype=np.float32)
    edges = edges_of(X)
    before = counts_of(X, edges)
    names = [f"feature {number}" for number in range(COLUMNS)]
    known = reference(names, X)

    def look() -> None:
        counts = counts_of(X, edges)
        debiased_psi(before, counts)
        p_values(before, counts)

    ours = best(look)
    bounds = [np.unique(np.nanquantile(column, np.linspace(0, 1, 11))) for column in X[: ROWS // 10].T]
    histogram = best(lambda: histograms(X, bounds), repeats=3)
    tell(f"{ROWS:,} x {COLUMNS}: PSI and tests {ours * 1e3:.0f} ms, numpy.histogram {histogram * 1e3:.0f} ms")
    tell(f"ratio to numpy.histogram {histogram / ours:.1f}")
    tell(f"with the pairs {best(lambda: compare(known, X)) * 1e3:.0f} ms")
    tell(f"reference at training {best(lambda: reference(names, X)) * 1e3:.0f} ms")


def histograms(X: NDArray[np.float32], bounds: list[NDArray[np.float32]]) -> None:
    for column, edges in zip(X.T, bounds, strict=True):
        np.histogram(column[~np.isnan(column)], bins=edges if len(edges) > 1 else 1)


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def drawn(rows: int, seed: int) -> Rows:
    """Figures as households have them: money, much of it zero, flags, counts, gaps, a constant, pairs."""
    random = np.random.default_rng(seed)
    X = random.standard_normal((rows, len(FEATURES)))
    X[:, 1] = 0.7 * X[:, 0] + 0.7 * X[:, 1]
    X[:, 2:6] = np.exp(2.0 * X[:, 2:6])
    X[:, 6:9] = np.maximum(X[:, 6:9] - 0.5, 0.0) * 1000.0
    X[:, 9:12] = X[:, 9:12] > 1.0
    X[:, 12:14] = np.round(X[:, 12:14] * 1.5)
    X[random.random(rows) < 0.1, 14] = np.nan
    X[random.random(rows) < 0.01, 15] = np.nan
    X[:, 16] = 7.0
    X[:, 17] = random.standard_t(2, rows)
    X[:, 18] = 0.5 * X[:, 2] + X[:, 3]
    X[:, 20] = random.random(rows) < 0.01
    return X


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
