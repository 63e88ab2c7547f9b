"""A structured interior point for one household's program, compiled: Mehrotra's predictor and corrector.

Least 1/2 y'Ry + p'x over M x - R y = b, 0 <= x <= u, where y are the multipliers of the rows and R the inverse of the
price of risk on the rows of assets, 0 on those of cash and tax. A variable touches at most four rows, so a step is one
Cholesky factorisation of assets + accounts + 2 rows. Verified against cvxpy with Clarabel in the tests.
"""

import numpy as np
from numpy.typing import NDArray

from engine.goals.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_STEPS = 60
REGULAR = 1e-13
ROUNDING = 1e-10
"""What double precision may leave of residuals; steps beyond it only lose what was reached."""
TO_BOUND = 0.995
TOUCHED = 4  # rows by a variable, at most


@compiled
def interior(
    row: Integers, value: Floats, price: Floats, upper: Floats, inverse: Floats, right: Floats, tolerance: float
) -> tuple[Floats, Floats, float, int]:
    """x, y, the last duality measure and the steps taken (MOST_STEPS: not converged).

    Variable j adds value[j, k] to row row[j, k], up to the first that is -1; upper is positive and may be infinite.
    """
    size, rows = len(price), len(right)
    x, y, z, w = np.full(size, 0.05), np.zeros(rows), np.full(size, 0.1), np.zeros(size)
    products = size + _start(upper, x, w)
    primal, dual, aim = np.empty(rows), np.empty(size), np.empty(size)
    over, below, loose = np.empty(size), np.empty(size), np.empty(size)
    dx, dz, dw = np.zeros(size), np.zeros(size), np.zeros(size)
    schur, step = np.empty((rows, rows)), np.empty(rows)
    measure = 0.0
    for taken in range(MOST_STEPS):
        worst = _residuals(row, value, price, inverse, right, x, y, z, w, primal, dual)
        measure = _measure(x, z, w, upper, 0.0, dx, dz, dw) / products
        if worst < max(tolerance, ROUNDING) and measure < tolerance:
            return x, y, measure, taken
        _assemble(row, value, inverse, x, z, w, upper, over, below, loose, schur)
        _factor(schur)
        centre, longest = 0.0, 1.0
        for attempt in range(2):
            second = float(attempt)
            _aim(row, value, x, z, w, upper, primal, dual, over, below, loose, centre, second, aim, step, dx, dz, dw)
            _substitute(schur, step)
            _direction(row, value, z, w, upper, over, below, loose, aim, step, dx, dz, dw)
            longest = _longest(x, z, w, upper, dx, dz, dw)
            if attempt == 0:
                ahead = _measure(x, z, w, upper, longest, dx, dz, dw) / products
                centre = measure * (ahead / measure) ** 3
        longest *= TO_BOUND
        x += longest * dx
        z += longest * dz
        w += longest * dw
        y += longest * step
    return x, y, measure, MOST_STEPS


@compiled
def inverted(matrix: Floats) -> Floats:
    """Of a symmetric positive definite matrix; LAPACK takes longer to wake up than to invert one of this size."""
    factor, inverse = matrix.copy(), np.eye(len(matrix))
    _factor(factor)
    for i in range(len(matrix)):
        _substitute(factor, inverse[i])
    return inverse


@compiled
def _start(upper: Floats, x: Floats, w: Floats) -> int:
    """A point inside the bounds, and how many there are above."""
    bounded = 0
    for j in range(len(upper)):
        if upper[j] < np.inf:
            x[j] = min(x[j], 0.5 * upper[j])
            w[j] = 0.1
            bounded += 1
    return bounded


@compiled
def _residuals(
    row: Integers, value: Floats, price: Floats, inverse: Floats, right: Floats,
    x: Floats, y: Floats, z: Floats, w: Floats, primal: Floats, dual: Floats,
) -> float:  # fmt: skip
    """Fills both residuals; the largest entry of either."""
    assets = len(inverse)
    for i in range(len(right)):
        primal[i] = -right[i]
    for i in range(assets):
        for k in range(assets):
            primal[i] -= inverse[i, k] * y[k]
    worst = 0.0
    for j in range(len(x)):
        rest = price[j] - z[j] + w[j]
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            primal[i] += value[j, k] * x[j]
            rest += value[j, k] * y[i]
        dual[j] = rest
        worst = max(worst, abs(rest))
    for i in range(len(right)):
        worst = max(worst, abs(primal[i]))
    return worst


@compiled
def _measure(
    x: Floats, z: Floats, w: Floats, upper: Floats, longest: float, dx: Floats, dz: Floats, dw: Floats
) -> float:
    """Sum of the products that vanish at the optimum, after a step."""
    total = 0.0
    for j in range(len(x)):
        moved = x[j] + longest * dx[j] if longest > 0 else x[j]
        total += moved * (z[j] + longest * dz[j] if longest > 0 else z[j])
        if upper[j] < np.inf:
            total += (upper[j] - moved) * (w[j] + longest * dw[j] if longest > 0 else w[j])
    return total


@compiled
def _assemble(
    row: Integers, value: Floats, inverse: Floats, x: Floats, z: Floats, w: Floats, upper: Floats,
    over: Floats, below: Floats, loose: Floats, schur: Floats,
) -> None:  # fmt: skip
    """1 / x, 1 / (upper - x), 1 / the barrier's curvature, and R + M diag(loose) M', upper part.

    Nothing else divides by variable: divisions were half of a step.
    """
    assets = len(inverse)
    schur[:, :] = 0.0
    schur[:assets, :assets] = inverse
    for i in range(len(schur)):
        schur[i, i] += REGULAR
    for j in range(len(x)):
        over[j] = 1.0 / x[j]
        below[j] = 1.0 / (upper[j] - x[j])  # of an infinite bound nothing is left
        loose[j] = 1.0 / (z[j] * over[j] + w[j] * below[j])
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            scaled = value[j, k] * loose[j]
            for m in range(k + 1):
                other = row[j, m]
                schur[min(i, other), max(i, other)] += scaled * value[j, m]


@compiled
def _factor(matrix: Floats) -> None:
    """Cholesky's upper factor in place; the inner loop runs along two rows, so that it is vectorised."""
    size = len(matrix)
    for k in range(size):
        upper = matrix[k]
        pivot = np.sqrt(max(upper[k], 1e-300))
        inverse = 1.0 / pivot
        upper[k] = pivot
        for m in range(k + 1, size):
            upper[m] *= inverse
        for i in range(k + 1, size):
            factor, lower = upper[i], matrix[i]
            for m in range(i, size):
                lower[m] -= factor * upper[m]


@compiled
def _aim(
    row: Integers, value: Floats, x: Floats, z: Floats, w: Floats, upper: Floats, primal: Floats, dual: Floats,
    over: Floats, below: Floats, loose: Floats, centre: float, second: float,
    aim: Floats, step: Floats, dx: Floats, dz: Floats, dw: Floats,
) -> None:  # fmt: skip
    """The right-hand sides; `second` is 1 where dx, dz and dw hold the predictor whose curvature is corrected."""
    step[:] = primal
    for j in range(len(x)):
        dz[j] = centre - x[j] * z[j] - second * dx[j] * dz[j]
        aim[j] = -dual[j] + dz[j] * over[j]
        if upper[j] < np.inf:
            room = upper[j] - x[j]
            dw[j] = centre - room * w[j] + second * dx[j] * dw[j]
            aim[j] -= dw[j] * below[j]
        scaled = aim[j] * loose[j]
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            step[i] += value[j, k] * scaled


@compiled
def _substitute(schur: Floats, step: Floats) -> None:
    """Solves with the factor, forwards and backwards, in place."""
    rows = len(step)
    for i in range(rows):
        step[i] /= schur[i, i]
        for k in range(i + 1, rows):
            step[k] -= schur[i, k] * step[i]
    for i in range(rows - 1, -1, -1):
        for k in range(i + 1, rows):
            step[i] -= schur[i, k] * step[k]
        step[i] /= schur[i, i]


@compiled
def _direction(
    row: Integers, value: Floats, z: Floats, w: Floats, upper: Floats, over: Floats, below: Floats, loose: Floats,
    aim: Floats, step: Floats, dx: Floats, dz: Floats, dw: Floats,
) -> None:  # fmt: skip
    """Newton's step of the variables and their multipliers, from that of the rows."""
    for j in range(len(z)):
        moved = aim[j]
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            moved -= value[j, k] * step[i]
        dx[j] = moved * loose[j]
        dz[j] = (dz[j] - z[j] * dx[j]) * over[j]
        if upper[j] < np.inf:
            dw[j] = (dw[j] + w[j] * dx[j]) * below[j]


@compiled
def _longest(x: Floats, z: Floats, w: Floats, upper: Floats, dx: Floats, dz: Floats, dw: Floats) -> float:
    """The step at which the first variable or multiplier reaches its bound, 1 at most from here."""
    longest = 1.0
    for j in range(len(x)):
        if x[j] + longest * dx[j] < 0:
            longest = -x[j] / dx[j]
        if z[j] + longest * dz[j] < 0:
            longest = -z[j] / dz[j]
        if upper[j] < np.inf:
            if x[j] + longest * dx[j] > upper[j]:
                longest = (upper[j] - x[j]) / dx[j]
            if w[j] + longest * dw[j] < 0:
                longest = -w[j] / dw[j]
    return longest
