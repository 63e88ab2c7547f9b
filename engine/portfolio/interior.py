"""A structured interior point for one household's program, compiled: Mehrotra's predictor and corrector.

Least 1/2 y'Ry + p'x over M x - R y = b, 0 <= x <= u, where y are the multipliers of the rows and R the inverse of the
price of risk on the rows of assets, 0 on those of cash and tax. A variable touches at most four rows, so a step is one
Cholesky factorisation of assets + accounts + 2 rows. Verified against cvxpy with Clarabel in the tests.
"""

from typing import NamedTuple

import numpy as np

from engine.compiled import compiled
from engine.facts import Floats, Positions

MOST_STEPS = 60
CORRECTED_STEPS, CENTRED = 20, 0.3
"""So many at first, which is nearly always enough: the corrector may go in circles (Cartis 2009), centring does not."""
REGULAR = 1e-13
ROUNDING = 1e-10
"""What double precision may leave of residuals; steps beyond it only lose what was reached."""
TO_BOUND = 0.995
TOUCHED = 4  # rows by a variable, at most


class Given(NamedTuple):
    """The program: rows touched by variable and by how much, prices, upper bounds, R, and b."""

    row: Positions
    value: Floats
    price: Floats
    upper: Floats
    inverse: Floats
    right: Floats


class Point(NamedTuple):
    """Variables, multipliers of the rows, of the lower bounds and of the upper ones; or a step of all four."""

    x: Floats
    y: Floats
    z: Floats
    w: Floats


class Barrier(NamedTuple):
    """1 / x, 1 / (upper - x) and 1 / the barrier's curvature, by variable."""

    over: Floats
    below: Floats
    loose: Floats


class Rest(NamedTuple):
    """What is missing: of the rows, and of the slopes by variable."""

    primal: Floats
    dual: Floats


@compiled
def interior(
    row: Positions, value: Floats, price: Floats, upper: Floats, inverse: Floats, right: Floats, tolerance: float
) -> tuple[Floats, Floats, float, int]:
    """x, y, the last duality measure and the steps taken (MOST_STEPS: not converged).

    Variable j adds value[j, k] to row row[j, k], up to the first that is -1; upper is positive and may be infinite.
    """
    size, rows = len(price), len(right)
    given = Given(row, value, price, upper, inverse, right)
    at = Point(np.full(size, 0.05), np.zeros(rows), np.full(size, 0.1), np.zeros(size))
    step = Point(np.zeros(size), np.empty(rows), np.zeros(size), np.zeros(size))
    barrier = Barrier(np.empty(size), np.empty(size), np.empty(size))
    rest, aim, schur = Rest(np.empty(rows), np.empty(size)), np.empty(size), np.empty((rows, rows))
    products = size + _start(given, at)
    measure = 0.0
    for taken in range(MOST_STEPS):
        worst = _residuals(given, at, rest)
        measure = _measure(given, at, step, 0.0) / products
        if worst < max(tolerance, ROUNDING) and measure < tolerance:
            return at.x, at.y, measure, taken
        _assemble(given, at, barrier, schur)
        _factor(schur)
        centre, longest = 0.0, 1.0
        for attempt in range(2):
            second = float(attempt if taken < CORRECTED_STEPS else 0)
            _aim(given, at, rest, barrier, centre, second, aim, step)
            _substitute(schur, step.y)
            _direction(given, at, barrier, aim, step)
            longest = _longest(given, at, step)
            if attempt == 0:
                ahead = _measure(given, at, step, longest) / products
                centre = measure * ((ahead / measure) ** 3 if taken < CORRECTED_STEPS else CENTRED)
        _move(at, step, TO_BOUND * longest)
    return at.x, at.y, measure, MOST_STEPS


@compiled
def inverted(matrix: Floats) -> Floats:
    """Of a symmetric positive definite matrix; LAPACK takes longer to wake up than to invert one of this size."""
    factor, inverse = matrix.copy(), np.eye(len(matrix))
    _factor(factor)
    for i in range(len(matrix)):
        _substitute(factor, inverse[i])
    return inverse


@compiled
def _start(given: Given, at: Point) -> int:
    """Moves the point inside the bounds; how many there are above."""
    bounded = 0
    for j in range(len(given.upper)):
        if given.upper[j] < np.inf:
            at.x[j] = min(at.x[j], 0.5 * given.upper[j])
            at.w[j] = 0.1
            bounded += 1
    return bounded


@compiled
def _residuals(given: Given, at: Point, rest: Rest) -> float:
    """Fills both residuals; the largest entry of either."""
    row, value, price, _, inverse, right = given
    x, y, z, w = at
    primal, dual = rest
    assets = len(inverse)
    for i in range(len(right)):
        primal[i] = -right[i]
    for i in range(assets):
        for k in range(assets):
            primal[i] -= inverse[i, k] * y[k]
    worst = 0.0
    for j in range(len(x)):
        slope = price[j] - z[j] + w[j]
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            primal[i] += value[j, k] * x[j]
            slope += value[j, k] * y[i]
        dual[j] = slope
        worst = max(worst, abs(slope))
    for i in range(len(right)):
        worst = max(worst, abs(primal[i]))
    return worst


@compiled
def _measure(given: Given, at: Point, step: Point, longest: float) -> float:
    """Sum of the products that vanish at the optimum, after so long a step."""
    upper = given.upper
    x, _, z, w = at
    dx, _, dz, dw = step
    total = 0.0
    for j in range(len(x)):
        moved = x[j] + longest * dx[j] if longest > 0 else x[j]
        total += moved * (z[j] + longest * dz[j] if longest > 0 else z[j])
        if upper[j] < np.inf:
            total += (upper[j] - moved) * (w[j] + longest * dw[j] if longest > 0 else w[j])
    return total


@compiled
def _assemble(given: Given, at: Point, barrier: Barrier, schur: Floats) -> None:
    """The barrier at this point, and R + M diag(loose) M', upper part.

    Nothing else divides by variable: divisions were half of a step.
    """
    row, value, _, upper, inverse, _ = given
    x, _, z, w = at
    over, below, loose = barrier
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
    given: Given, at: Point, rest: Rest, barrier: Barrier, centre: float, second: float, aim: Floats, step: Point
) -> None:
    """The right-hand sides; `second` is 1 where the step holds the predictor whose curvature is corrected."""
    row, value, _, upper, _, _ = given
    x, _, z, w = at
    primal, dual = rest
    over, below, loose = barrier
    dx, dy, dz, dw = step
    dy[:] = primal
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
            dy[i] += value[j, k] * scaled


@compiled
def _substitute(factor: Floats, side: Floats) -> None:
    """Solves with the factor, forwards and backwards, in place."""
    rows = len(side)
    for i in range(rows):
        side[i] /= factor[i, i]
        for k in range(i + 1, rows):
            side[k] -= factor[i, k] * side[i]
    for i in range(rows - 1, -1, -1):
        for k in range(i + 1, rows):
            side[i] -= factor[i, k] * side[k]
        side[i] /= factor[i, i]


@compiled
def _direction(given: Given, at: Point, barrier: Barrier, aim: Floats, step: Point) -> None:
    """Newton's step of the variables and their multipliers, from that of the rows."""
    row, value, _, upper, _, _ = given
    _, _, z, w = at
    over, below, loose = barrier
    dx, dy, dz, dw = step
    for j in range(len(z)):
        moved = aim[j]
        for k in range(TOUCHED):
            i = row[j, k]
            if i < 0:
                break
            moved -= value[j, k] * dy[i]
        dx[j] = moved * loose[j]
        dz[j] = (dz[j] - z[j] * dx[j]) * over[j]
        if upper[j] < np.inf:
            dw[j] = (dw[j] + w[j] * dx[j]) * below[j]


@compiled
def _longest(given: Given, at: Point, step: Point) -> float:
    """The step at which the first variable or multiplier reaches its bound, 1 at most from here."""
    upper = given.upper
    x, _, z, w = at
    dx, _, dz, dw = step
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


@compiled
def _move(at: Point, step: Point, length: float) -> None:
    for j in range(len(at.x)):
        at.x[j] += length * step.x[j]
        at.z[j] += length * step.z[j]
        at.w[j] += length * step.w[j]
    for i in range(len(at.y)):
        at.y[i] += length * step.y[i]
