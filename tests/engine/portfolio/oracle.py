"""The program stated in cvxpy, from the same arrays; and tax by the lines of the return for capital results."""

import json
from collections.abc import Sequence
from importlib.resources import files

import cvxpy as cp
import numpy as np

from engine.enums import FilingStatus
from engine.facts import Flags
from engine.portfolio.program import Program

LAW = json.loads((files("engine") / "priors" / "us_federal_2026.json").read_text("utf-8"))


def schedule_d(status: int, income: float, short: float, long: float, carried: float) -> float:
    """Income tax of 2026 on taxable income and capital results (Form 1040, Schedule D and its worksheet)."""
    name = tuple(FilingStatus)[status]
    line_7, line_15 = short, long - carried
    line_16 = line_7 + line_15
    if line_16 <= 0:
        allowed = 1_500.0 if name is FilingStatus.MARRIED_SEPARATELY else 3_000.0
        return _by_brackets(max(income - min(-line_16, allowed), 0.0), 0.0, LAW["rates"], LAW["bracket_starts"][name])
    preferred = min(max(line_15, 0.0), line_16)
    ordinary = income + line_16 - preferred
    on_ordinary = _by_brackets(ordinary, 0.0, LAW["rates"], LAW["bracket_starts"][name])
    return on_ordinary + _by_brackets(ordinary + preferred, ordinary, LAW["gains_rates"], LAW["gains_starts"][name])


def _by_brackets(up_to: float, above: float, rates: Sequence[float], starts: Sequence[float]) -> float:
    """Tax on the income between two amounts."""
    ends = [*starts[1:], float("inf")]
    parts = zip(rates, starts, ends, strict=True)
    return sum(rate * max(min(up_to, end) - max(above, start), 0.0) for rate, start, end in parts)


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
