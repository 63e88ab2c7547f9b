"""The same problems by Clarabel, cvxpy and PyPortfolioOpt."""

import heapq

import clarabel  # type: ignore[import-untyped]
import cvxpy as cp
import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from pypfopt import DiscreteAllocation, EfficientFrontier
from scipy import sparse

from engine.facts import Flags, Floats
from engine.portfolio.directions import allowed
from engine.portfolio.program import Program
from engine.portfolio.variables import Kind

TORN = 1e-6
PROOF = 1e-7


def matrix(stated: Program) -> Floats:
    """Rows x variables."""
    made = np.zeros((len(stated.right), len(stated.kind)))
    for column in range(len(stated.kind)):
        used = stated.row[column] >= 0
        made[stated.row[column, used], column] += stated.value[column, used]
    return made


def by_cvxpy(stated: Program) -> float:
    """As somebody would write it."""
    whole, assets = matrix(stated), len(stated.inverse)
    x = cp.Variable(len(stated.kind), nonneg=True)
    off = whole[:assets] @ x - stated.right[:assets]
    bounded = np.isfinite(stated.upper)
    rules = [whole[assets:] @ x == stated.right[assets:], x[bounded] <= stated.upper[bounded]]
    risk = cp.quad_form(off, cp.psd_wrap(stated.risk))  # type: ignore[attr-defined]
    cost = 0.5 * risk + stated.price @ x
    problem = cp.Problem(cp.Minimize(cost), rules)
    problem.solve(solver=cp.CLARABEL)  # type: ignore[no-untyped-call]
    return float(problem.value)


def by_clarabel(stated: Program, kept: Flags) -> tuple[Floats, float]:
    """Values and cost; distances to the target are variables of their own."""
    whole, assets = matrix(stated)[:, kept], len(stated.inverse)
    size, upper, price = int(kept.sum()), stated.upper[kept], stated.price[kept]
    square = sparse.block_diag([sparse.csc_matrix((size, size)), sparse.triu(stated.risk)], format="csc")
    bounded = np.flatnonzero(np.isfinite(upper))
    equal = sparse.hstack(
        [
            sparse.csc_matrix(whole),
            sparse.vstack([-sparse.eye(assets), sparse.csc_matrix((len(whole) - assets, assets))]),
        ]
    )
    below = sparse.hstack([-sparse.eye(size), sparse.csc_matrix((size, assets))])
    above = sparse.hstack([sparse.eye(size, format="csr")[bounded], sparse.csc_matrix((len(bounded), assets))])
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    solver = clarabel.DefaultSolver(
        square,
        np.append(price, np.zeros(assets)),
        sparse.vstack([equal, below, above], format="csc"),
        np.concatenate([stated.right, np.zeros(size), upper[bounded]]),
        [clarabel.ZeroConeT(len(whole)), clarabel.NonnegativeConeT(size + len(bounded))],
        settings,
    )
    found = solver.solve()
    x = np.zeros(len(stated.kind))
    x[kept] = np.array(found.x)[:size]
    return x, float(found.obj_val)


def mixed_integer(stated: Program) -> float:
    """The least cost of any directions, by plain branch and bound to the proof."""
    best, count = np.inf, 0
    waiting = [(by_clarabel(stated, allowed(stated, (0, 0)))[1], 0, (0, 0))]
    while waiting:
        bound, _, masks = heapq.heappop(waiting)
        if bound >= best - PROOF:
            break
        x, cost = by_clarabel(stated, allowed(stated, masks))
        asset = torn(stated, x)
        if asset < 0:
            best = min(best, cost)
            continue
        for child in ((masks[0] | 1 << asset, masks[1]), (masks[0], masks[1] | 1 << asset)):
            count += 1
            cost = by_clarabel(stated, allowed(stated, child))[1]
            if cost < best - PROOF:
                heapq.heappush(waiting, (cost, count, child))
    return float(best)


def torn(stated: Program, x: Floats) -> int:
    """The asset that is bought and sold at a loss the most, -1 where none is."""
    assets, buys = len(stated.inverse), stated.kind == Kind.BUY
    bought = np.bincount(stated.asset[buys], x[buys], assets)
    sold = np.bincount(stated.asset[stated.is_loss], x[stated.is_loss], assets)
    both = np.minimum(bought, sold)
    return int(np.argmax(both)) if both.max() > TORN else -1


def plain_by_pypfopt(expected: Floats, covariance: Floats, aversion: float) -> Floats:
    """Mean and variance, long only."""
    frontier = EfficientFrontier(expected, covariance)
    frontier.max_quadratic_utility(risk_aversion=aversion)
    return np.array(list(frontier.clean_weights(cutoff=0.0, rounding=10).values()))


def shares_by_pypfopt(price: Floats, wanted: Floats, money: int, method: str) -> Floats:
    """Counts by its greedy or its integer program."""
    names = [str(row) for row in range(len(price))]
    allocation = DiscreteAllocation(dict(zip(names, wanted, strict=True)), pd.Series(price, names), money)
    counts, _ = allocation.greedy_portfolio() if method == "greedy" else allocation.lp_portfolio()
    return np.array([counts.get(name, 0) for name in names], dtype=np.float64)
