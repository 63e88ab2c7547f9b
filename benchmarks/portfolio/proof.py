"""How near the directions of portfolios are to the best, proven for a thousand households in minutes.

A lower bound for each household by weak duality: any multipliers bound a program from below, whoever found them, and
that is checked here by plain arithmetic over a tree of directions that leaves nothing out. Where the bound does not
close, and for a sample all the same, another solver's branch and bound is run to the proof (a second a household).

    OMP_NUM_THREADS=1 python -m benchmarks.portfolio.proof [HOUSEHOLDS] [FIRST_SEED] [small|large]
"""

import json
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.portfolio.cases import FRESH, LARGE, SMALL, quantiles, stated
from benchmarks.portfolio.rivals import matrix, mixed_integer, torn
from engine.facts import Flags, Floats
from engine.portfolio.directions import Masks, allowed, choose
from engine.portfolio.interior import interior
from engine.portfolio.program import EXACT, NOTHING, Program
from engine.portfolio.variables import Kind

BASIS_POINT = 1e-4
WITHIN = 0.1 * BASIS_POINT
MOST_LEAVES = 20_000
FEASIBLE = 1e-8
"""Of the portfolio: what values may miss the cash of an account by."""
SAMPLED = 25
"""Every so many households the other solver is asked as well."""
NUMERICAL = 1e-7


def main(households: int, first: int, size: dict[str, int]) -> None:
    """Prints the figures as JSON."""
    json.dump(exactness(range(first, first + households), size), sys.stdout, indent=2)
    sys.stdout.write("\n")


def exactness(seeds: range, size: dict[str, int]) -> dict[str, Any]:
    """Directions against the bound, and against the other solver where that is needed or drawn."""
    judged = [_judged(seed, size, sampled=place % SAMPLED == 0) for place, seed in enumerate(seeds)]
    asked = [each for each in judged if each.optimum is not None]
    return {
        "households": len(judged),
        "first_seed": seeds.start,
        "within_a_tenth_of_a_basis_point": round(float(np.mean([each.apart <= WITHIN for each in judged])), 4),
        "proven_by_the_bound": sum(each.proven for each in judged),
        "other_solver_asked": len(asked),
        "basis_points_from_the_bound": quantiles([each.cost_above_bound / BASIS_POINT for each in judged]),
        "basis_points_from_the_other_solver": quantiles([each.cost_above_optimum / BASIS_POINT for each in asked]),
        "bounds_above_the_optimum": sum(each.is_contradicted for each in asked),
        "values_that_miss_a_rule": sum(not each.feasible for each in judged),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One household's cost, what no directions can cost less than, and the optimum where it was computed."""

    cost: float
    bound: float
    proven: bool
    feasible: bool
    optimum: float | None

    @property
    def cost_above_bound(self) -> float:
        return max(self.cost - self.bound, 0.0)

    @property
    def cost_above_optimum(self) -> float:
        return self.cost - (self.bound if self.optimum is None else self.optimum)

    @property
    def apart(self) -> float:
        return self.cost_above_bound if self.proven else self.cost_above_optimum

    @property
    def is_contradicted(self) -> bool:
        return self.optimum is not None and self.bound > self.optimum + NUMERICAL


def _judged(seed: int, size: dict[str, int], *, sampled: bool) -> Judged:
    program = stated(seed, size)
    x, cost, _ = program.solve(choose(program).allowed)
    cost = max(cost, program.cost(x))
    bound = lower_bound(program, cost)
    proven = cost - bound <= WITHIN
    return Judged(
        cost=cost,
        bound=bound,
        proven=proven,
        feasible=is_feasible(program, x),
        optimum=mixed_integer(program) if sampled or not proven else None,
    )


def is_feasible(program: Program, x: Floats) -> bool:
    """Within bounds, cash and tax in balance, nothing bought that is sold at a loss."""
    assets = len(program.inverse)
    missed = np.abs(matrix(program)[assets:] @ x - program.right[assets:]).max()
    bounded = (x >= 0).all() and (x <= program.upper + FEASIBLE).all()
    return bool(bounded and missed <= FEASIBLE and torn(program, x) < 0)


def lower_bound(program: Program, cost: float) -> float:
    """What no directions cost less than; stops once that is near enough to `cost`, or after too many leaves."""
    whole, ceiling = matrix(program), _ceiling(program)
    waiting: list[Masks] = [(0, 0)]
    least = np.inf
    for _ in range(MOST_LEAVES):
        if not waiting:
            return float(least)
        masks = waiting.pop()
        kept = allowed(program, masks) & (program.upper > NOTHING)
        x, multipliers = _solved(program, kept)
        bound = _dual(program, whole, ceiling, kept, multipliers)
        asset = torn(program, x)
        if bound >= cost - WITHIN or asset < 0:
            least = min(least, bound)
            continue
        waiting += [(masks[0] | 1 << asset, masks[1]), (masks[0], masks[1] | 1 << asset)]
    return -np.inf


def _solved(program: Program, kept: Flags) -> tuple[Floats, Floats]:
    given = (program.row[kept], program.value[kept], program.price[kept], program.upper[kept])
    x = np.zeros(len(program.kind))
    x[kept], multipliers, _, _ = interior(*given, program.inverse, program.right, EXACT)
    return x, multipliers


def _dual(program: Program, whole: Floats, ceiling: Floats, kept: Flags, y: Floats) -> float:
    """The Lagrangian at y, least over distances to the target and over what each variable may be."""
    own = y[: len(program.inverse)]
    slope = program.price + y @ whole
    left = np.where(kept, np.minimum(slope, 0.0) * ceiling, 0.0).sum()
    return float(left - program.right @ y - 0.5 * own @ np.linalg.solve(program.risk, own))


def _ceiling(program: Program) -> Floats:
    """Bounds of variables; of those that have none, what no best plan exceeds.

    An account buys for no more than it holds. Tax is reckoned on no more than all gains and losses there are, those of
    earlier years among them: gains and losses that cancel out would only cost.
    """
    sells = np.isin(program.kind, (Kind.SELL, Kind.SELL_LOT))
    assets, accounts = len(program.inverse), int(program.account.max()) + 1
    sold = np.bincount(program.account[sells], program.upper[sells], accounts)
    worth = program.right[assets : assets + accounts] + sold
    lots = program.kind == Kind.SELL_LOT
    gains = float(np.abs(program.value[lots, 2] * program.upper[lots]).sum() + program.right[-2])
    endless = np.where(program.kind == Kind.TAX, gains, worth[np.maximum(program.account, 0)])
    return np.minimum(program.upper, endless)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    asked = (*given, *(1_000, FRESH)[len(given) :])
    main(asked[0], asked[1], LARGE if "large" in sys.argv else SMALL)
