"""One relaxed program by the compiled solver and by PIQP, the fastest library found: why there is a solver of our own.

Not part of `make bench`: PIQP is not in the development environment, `make bench-peers` installs it.

    OMP_NUM_THREADS=1 python -m benchmarks.portfolio.piqp [HOUSEHOLDS] [FIRST_SEED]
"""

import inspect
import json
import sys
from typing import Any

import numpy as np
import piqp  # type: ignore[import-not-found, unused-ignore]
from scipy import sparse

import engine.portfolio.interior
from benchmarks.portfolio.cases import FRESH, SMALL, stated
from benchmarks.portfolio.proof import BASIS_POINT
from benchmarks.portfolio.rivals import matrix
from benchmarks.timing import fastest
from engine.facts import Floats
from engine.portfolio.program import Program

CLOSE = 1e-9


def main(households: int, first: int) -> None:
    """Prints the figures as JSON: medians, each solver the fastest of five on the same arrays."""
    rows = [_both(stated(seed, SMALL)) for seed in range(first, first + households)]
    own, stating, whole, alone, apart = (np.array(column) for column in zip(*rows, strict=True))
    ways = {
        "matrices_setup_and_solution": stating + whole,
        "setup_and_solution": whole,
        "solution_alone": alone,
    }
    report = {
        "households": households,
        "milliseconds": {"own": _median(own), "piqp": {name: _median(spent) for name, spent in ways.items()}},
        "times_piqp": {name: round(float(np.median(spent / own)), 1) for name, spent in ways.items()},
        "basis_points_apart_at_most": float(apart.max() / BASIS_POINT),
        "lines_of_our_solver": len(inspect.getsource(engine.portfolio.interior).splitlines()),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _median(seconds: Floats) -> float:
    return round(1e3 * float(np.median(seconds)), 4)


def _both(program: Program) -> tuple[float, float, float, float, float]:
    """Seconds of ours, of PIQP's matrices, of it with and without its setup; and the difference in cost."""
    everything = np.ones(len(program.kind), dtype=np.bool_)
    (_, cost, _), own = fastest(program.solve, everything)
    given, stating = fastest(_arrays, program)
    solver, whole = fastest(_solved, given)
    _, alone = fastest(solver.solve)
    return own, stating, whole, alone, abs(cost - float(solver.result.info.primal_obj))


def _arrays(program: Program) -> dict[str, Any]:
    """Distances to the target are variables of their own, so that all is sparse but the risk on them."""
    whole, assets, size = matrix(program), len(program.inverse), len(program.kind)
    distance = np.vstack([-np.eye(assets), np.zeros((len(whole) - assets, assets))])
    endless: Floats = np.full(assets, np.inf)
    return {
        "P": sparse.block_diag([sparse.csc_matrix((size, size)), program.risk], format="csc"),
        "c": np.append(program.price, np.zeros(assets)),
        "A": sparse.csc_matrix(np.hstack([whole, distance])),
        "b": program.right,
        "x_l": np.append(np.zeros(size), -endless),
        "x_u": np.append(program.upper, endless),
    }


def _solved(given: dict[str, Any]) -> Any:
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = CLOSE
    solver.setup(**given)
    solver.solve()
    return solver


if __name__ == "__main__":
    asked = (*map(int, sys.argv[1:3]), *(100, FRESH)[len(sys.argv[1:3]) :])
    main(asked[0], asked[1])
