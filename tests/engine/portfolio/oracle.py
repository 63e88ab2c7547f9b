"""The program stated in cvxpy, from the same arrays, and random households for it."""

import cvxpy as cp
import numpy as np

from engine.facts import Flags
from engine.portfolio.program import Program


def optimum(program: Program, allowed: Flags | None = None) -> float:
    """The least cost by Clarabel."""
    assets, rows = len(program.inverse), len(program.right)
    size = len(program.kind)
    matrix = np.zeros((rows, size))
    for column in range(size):
        for row, value in zip(program.row[column], program.value[column], strict=True):
            if row >= 0:
                matrix[row, column] += value
    x = cp.Variable(size)
    off = matrix[:assets] @ x - program.right[:assets]
    factor = np.linalg.cholesky(program.risk).T
    rules = [x >= 0, matrix[assets:] @ x == program.right[assets:]]
    bounded = np.isfinite(program.upper)
    rules.append(x[bounded] <= program.upper[bounded])
    if allowed is not None and not allowed.all():
        rules.append(x[~allowed] == 0)
    distance = cp.sum_squares(factor @ off)  # type: ignore[attr-defined]
    problem = cp.Problem(cp.Minimize(0.5 * distance + program.price @ x), rules)
    problem.solve(  # type: ignore[no-untyped-call]
        solver=cp.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11
    )
    assert problem.status in {"optimal", "optimal_inaccurate"}
    return float(problem.value)
