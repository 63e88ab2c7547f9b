"""Which assets are bought and which sold at a loss: never both, in any account; found by branch and bound.

Selling at a loss while buying the same asset is the program's only non-convexity (a wash sale). Once each asset is
either not bought or not sold at a loss the program is convex (Moehle, Kochenderfer, Boyd and Ang 2021); the relaxation
without that rule bounds what any choice can reach.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats
from engine.portfolio.program import Kind, Program

TOUCHED = 1e-7
"""Of the portfolio: what a solver leaves of 0."""
CLOSE_ENOUGH = 1e-6
"""Of the portfolio, a hundredth of a basis point: a branch that can gain no more is not followed."""
MOST_NODES = 200

Masks = tuple[int, int]
"""Assets (as bits) that are not bought, and those not sold at a loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best values found; `bound` is what no choice can cost less than."""

    x: Floats
    cost: float
    bound: float
    nodes: int
    allowed: Flags
    converged: bool


def choose(program: Program) -> Choice:
    """The best directions, proven unless there are too many nodes."""
    x, bound, converged = program.solve(np.ones(len(program.kind), dtype=np.bool_))
    torn = _torn(program, x)
    if not torn or not converged:
        return _choice(program, x, bound, bound, 1, (0, 0), converged)
    return _Search(program).run(x, bound, torn)


class _Search:
    """Best first: the branch with the lowest bound is opened next."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._nodes = 1
        self._best: tuple[float, Floats, Masks] = (np.inf, np.zeros(0), (0, 0))
        self._open: list[tuple[float, int, Masks, Floats]] = []

    def run(self, x: Floats, bound: float, torn: list[int]) -> Choice:
        self._try_larger_side(x, torn)
        heapq.heappush(self._open, (bound, 0, (0, 0), x))
        while self._open and self._nodes < MOST_NODES:
            lowest, _, masks, found = heapq.heappop(self._open)
            if lowest > self._best[0] - CLOSE_ENOUGH:
                heapq.heappush(self._open, (lowest, -1, masks, found))
                break
            self._branch(masks, found)
        bound = min([self._best[0], *(entry[0] for entry in self._open)])
        cost, best, masks = self._best
        return _choice(self._program, best, cost, bound, self._nodes, masks, np.isfinite(cost))

    def _branch(self, masks: Masks, x: Floats) -> None:
        asset = max(_torn(self._program, x), key=lambda each: _conflict(self._program, x, each))
        for side in (0, 1):
            child = (masks[0] | (1 - side) << asset, masks[1] | side << asset)
            self._solve(child)

    def _try_larger_side(self, x: Floats, torn: list[int]) -> None:
        """Fix every torn asset to what it does more of, until none is torn."""
        masks, cost, converged = (0, 0), np.inf, False
        while torn:
            for asset in torn:
                bought, sold = _sides(self._program, x, asset)
                side = 0 if sold >= bought else 1
                masks = (masks[0] | (1 - side) << asset, masks[1] | side << asset)
            x, cost, converged = self._relaxed(masks)
            torn = _torn(self._program, x)
        if converged:
            self._best = (cost, x, masks)

    def _solve(self, masks: Masks) -> None:
        x, bound, converged = self._relaxed(masks)
        if not converged or bound > self._best[0] - CLOSE_ENOUGH:
            return
        if _torn(self._program, x):
            heapq.heappush(self._open, (bound, self._nodes, masks, x))
        else:
            self._best = (bound, x, masks)

    def _relaxed(self, masks: Masks) -> tuple[Floats, float, bool]:
        self._nodes += 1
        return self._program.solve(allowed(self._program, masks))


def allowed(program: Program, masks: Masks) -> Flags:
    """Variables that the masks leave."""
    asset = np.maximum(program.asset, 0)
    unbought, unsold = ((np.array([mask >> bit & 1 for bit in range(len(program.inverse))]) > 0) for mask in masks)
    barred = (program.kind == Kind.BUY) & unbought[asset] | program.is_loss & unsold[asset]
    return np.asarray(~barred, dtype=np.bool_)


def _torn(program: Program, x: Floats) -> list[int]:
    """Assets that are bought and sold at a loss."""
    assets = len(program.inverse)
    buys, losses = program.kind == Kind.BUY, program.is_loss
    bought = np.bincount(program.asset[buys], x[buys], assets)
    sold = np.bincount(program.asset[losses], x[losses], assets)
    return [int(each) for each in np.flatnonzero((bought > TOUCHED) & (sold > TOUCHED))]


def _sides(program: Program, x: Floats, asset: int) -> tuple[float, float]:
    same = program.asset == asset
    return float(x[same & (program.kind == Kind.BUY)].sum()), float(x[same & program.is_loss].sum())


def _conflict(program: Program, x: Floats, asset: int) -> float:
    return min(_sides(program, x, asset))


def _choice(
    program: Program, x: Floats, cost: float, bound: float, nodes: int, masks: Masks, converged: bool
) -> Choice:
    return Choice(
        x=np.where(x > TOUCHED, x, 0.0),
        cost=cost,
        bound=bound,
        nodes=nodes,
        allowed=allowed(program, masks),
        converged=converged,
    )
