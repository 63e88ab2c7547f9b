"""Which assets are bought and which sold at a loss: never both, in any account; found by branch and bound.

Selling at a loss while buying the same asset is the program's only non-convexity (a wash sale). Once each asset is
either not bought or not sold at a loss the program is convex (Moehle, Kochenderfer, Boyd and Ang 2021); the relaxation
without that rule bounds what any choice can reach.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats
from engine.portfolio.program import ROUGH, Program
from engine.portfolio.variables import Kind

TOUCHED = 1e-7
"""Of the portfolio: what a solver leaves of 0."""
CLOSE_ENOUGH = 5e-6
"""Of the portfolio, a twentieth of a basis point: a branch that can gain no more is not followed."""
MOST_NODES = 600
LITTLE, MUCH = 1e-8, 5e-4
"""Bounds on what one side of a branch is taken to cost, of the portfolio."""
UNTRIED = 1.5
"""How much more an asset is taken to cost that was not branched on yet: what is tried once is known for good."""

Masks = tuple[int, int]
"""Assets (as bits) that are not bought, and those not sold at a loss."""
_Node = tuple[float, int, Masks, Floats]
"""Bound, number, masks and values of a branch that may hold something better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best values found; `bound` is what no choice can cost less than, but for `CLOSE_ENOUGH`."""

    x: Floats
    cost: float
    bound: float
    nodes: int
    allowed: Flags
    converged: bool


def choose(program: Program) -> Choice:
    """The best directions, proven unless there are too many nodes."""
    x, bound, converged = program.solve(np.ones(len(program.kind), dtype=np.bool_))
    if not converged or not _is_torn(program, x):
        return _choice(program, x, bound, bound, 1, (0, 0), converged)
    return _Search(program).run(x, bound)


class _Search:
    """The branch with the lowest bound is opened next, and followed down its better side to the end."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._nodes = 1
        self._best: tuple[float, Floats, Masks] = (np.inf, np.zeros(0), (0, 0))
        self._open: list[_Node] = []
        self._costs = _Costs(len(program.inverse))

    def run(self, x: Floats, bound: float) -> Choice:
        heapq.heappush(self._open, (bound, 0, (0, 0), x))
        while self._open and self._open[0][0] <= self._worth_beating and self._nodes < MOST_NODES:
            node: _Node | None = heapq.heappop(self._open)
            while node is not None:
                node = self._branch(node)
        cost, best, masks = self._best
        bound = min([cost, *(entry[0] for entry in self._open)])
        return _choice(self._program, best, cost, bound, self._nodes, masks, bool(np.isfinite(cost)))

    @property
    def _worth_beating(self) -> float:
        return self._best[0] - CLOSE_ENOUGH

    def _branch(self, node: _Node) -> _Node | None:
        """Solves both sides; the better one that is still torn comes back, the other waits."""
        bound, _, masks, x = node
        asset = self._costs.dearest(_stakes(self._program, x))
        sides = [(masks[0] | 1 << asset, masks[1]), (masks[0], masks[1] | 1 << asset)]
        solved = [self._solved(side) for side in sides]
        self._costs.learn(asset, [MUCH if cost is None else min(cost - bound, MUCH) for cost, _ in solved])
        torn = sorted(child for _, child in solved if child is not None)
        for child in torn[1:]:
            heapq.heappush(self._open, child)
        return torn[0] if torn else None

    def _solved(self, masks: Masks) -> tuple[float | None, _Node | None]:
        """Its bound, and a node to go on from; no node where it ends here: no better, or nothing torn."""
        self._nodes += 1
        x, bound, converged = self._program.solve(allowed(self._program, masks), ROUGH)
        if not converged:
            return None, None
        if bound > self._worth_beating:
            return bound, None
        if _is_torn(self._program, x):
            return bound, (bound, self._nodes, masks, x)
        self._best = (bound, x, masks)
        return bound, None


class _Costs:
    """What branching on an asset has cost so far, on average and on both sides: the dearest is branched on first."""

    def __init__(self, assets: int) -> None:
        self._sum, self._staked = np.zeros((2, assets)), np.zeros(assets)
        self._tried = np.zeros(assets, dtype=np.int64)

    def learn(self, asset: int, costs: list[float]) -> None:
        self._sum[:, asset] += np.maximum(costs, LITTLE)
        self._tried[asset] += 1

    def dearest(self, stakes: Floats) -> int:
        """Of the torn; those not tried yet by what hangs on them, on the scale of those that were."""
        self._staked = np.maximum(self._staked, stakes)
        tried = self._tried > 0
        cost = np.sqrt(self._sum.prod(axis=0)) / np.maximum(self._tried, 1)
        scale = cost[tried].sum() / self._staked[tried].sum() if tried.any() else 1.0
        return int(np.argmax(np.where(stakes > 0, np.where(tried, cost, UNTRIED * scale * stakes), -1.0)))


def allowed(program: Program, masks: Masks) -> Flags:
    """Variables that the masks leave."""
    asset = np.maximum(program.asset, 0)
    unbought, unsold = ((np.array([mask >> bit & 1 for bit in range(len(program.inverse))]) > 0) for mask in masks)
    barred = (program.kind == Kind.BUY) & unbought[asset] | program.is_loss & unsold[asset]
    return np.asarray(~barred, dtype=np.bool_)


def _is_torn(program: Program, x: Floats) -> bool:
    """Whether any asset is bought and sold at a loss."""
    bought, sold = _flows(program, x)
    return bool(((bought > TOUCHED) & (sold > TOUCHED)).any())


def _stakes(program: Program, x: Floats) -> Floats:
    """How much hangs on doing both: what is sold at a loss times the loss, as far as it is bought back.

    Above 0 for whatever is torn, also where losses count for nothing.
    """
    bought, sold = _flows(program, x)
    losses = program.is_loss
    lost = np.bincount(program.asset[losses], (-program.value[:, 2] * x)[losses], len(sold))
    both = np.where((bought > TOUCHED) & (sold > TOUCHED), np.minimum(bought, sold) / np.maximum(sold, TOUCHED), 0.0)
    return np.asarray(both * (lost + TOUCHED), dtype=np.float64)


def _flows(program: Program, x: Floats) -> tuple[Floats, Floats]:
    """By asset: what is bought, and what is sold at a loss."""
    assets, buys, losses = len(program.inverse), program.kind == Kind.BUY, program.is_loss
    bought, sold = (np.bincount(program.asset[rows], x[rows], assets) for rows in (buys, losses))
    return bought.astype(np.float64), sold.astype(np.float64)


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
