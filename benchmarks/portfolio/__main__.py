"""Portfolio rebalancing against its bars: speed, exactness, tax, whole shares, the plain problem, a batch.

    OMP_NUM_THREADS=1 python -m benchmarks.portfolio [HOUSEHOLDS] [FIRST_SEED]

Portfolios are drawn by seed (`benchmarks.portfolio.cases`); the demo population's stand beside them.
"""

import json
import sys
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.portfolio.cases import FRESH, LARGE, SMALL, draw_book, draw_rates, quantiles, stated
from benchmarks.portfolio.demo import demo
from benchmarks.portfolio.proof import BASIS_POINT, exactness
from benchmarks.portfolio.rivals import by_clarabel, by_cvxpy, plain_by_pypfopt, shares_by_pypfopt
from benchmarks.timing import fastest, timed
from engine.advise import advise
from engine.catalog import BY_NAME
from engine.facts import Floats
from engine.market import assumptions
from engine.portfolio.interior import TOUCHED, interior, inverted
from engine.portfolio.plan import make_plan
from engine.portfolio.shares import whole_shares
from engine.portfolio.target import target

TODAY = date(2026, 9, 15)
RISK_AVERSION = 5.0
MONEY = 20_000


def main(households: int, first: int) -> None:
    """Prints the figures as JSON."""
    plan(0, SMALL), plan(0, LARGE)
    report = {
        "plans_20x3x100": plans(range(first, first + households), SMALL),
        "plans_30x4x300": plans(range(first, first + max(households // 5, 20)), LARGE),
        "one_solve": solves(range(first, first + min(households, 30))),
        "exactness": exactness(range(first, first + max(households // 10, 10)), SMALL),
        "whole_shares": shares(range(first, first + min(households, 20))),
        "plain_long_only": plain(range(first, first + max(households // 4, 20))),
        "batch": batch(),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def plan(seed: int, size: dict[str, int]) -> Any:
    """Everything but the answer's sentences."""
    assumed = assumptions()
    wanted = target(assumed.covariance, assumed.equilibrium(assumed.covariance), seed % 5)
    book, rates = draw_book(seed, **size), draw_rates(seed)
    made, spent = timed(make_plan, book, assumed.covariance, rates, wanted)
    return made, spent


def plans(seeds: range, size: dict[str, int]) -> dict[str, Any]:
    """Time, tax against first in first out, tracking error, wash sales."""
    made = [plan(seed, size) for seed in seeds]
    own, naive = (
        np.array([bill.tax for bill in bills]) for bills in zip(*((p.bill, p.naive) for p, _ in made), strict=True)
    )
    return {
        "households": len(made),
        "milliseconds": quantiles([1e3 * spent for _, spent in made]),
        "tax_share_of_naive": round(float(own.sum() / naive.sum()), 4),
        "tax_above_naive": int((own > naive + 0.005).sum()),
        "tracking_error_median": round(float(np.median([p.tracking for p, _ in made])), 6),
        "wash_sales": sum(p.bill.washed for p, _ in made),
        "wash_sales_naive": sum(p.naive.washed for p, _ in made),
        "gap_basis_points": quantiles([p.gap / BASIS_POINT for p, _ in made]),
    }


def solves(seeds: range) -> dict[str, Any]:
    """One relaxed program by the compiled solver, by Clarabel directly and by cvxpy."""
    found: dict[str, list[float]] = {"own": [], "clarabel": [], "cvxpy": [], "difference": []}
    for seed in seeds:
        each = stated(seed, SMALL)
        everything = np.ones(len(each.kind), dtype=np.bool_)
        (_, cost, _), spent = fastest(each.solve, everything)
        direct, clarabel = fastest(by_clarabel, each, everything)
        _, cvxpy = fastest(by_cvxpy, each)
        found["own"].append(1e3 * spent)
        found["clarabel"].append(1e3 * clarabel)
        found["cvxpy"].append(1e3 * cvxpy)
        found["difference"].append(abs(cost - direct[1]) / BASIS_POINT)
    median = {name: round(float(np.median(values)), 4) for name, values in found.items()}
    return {
        "milliseconds": {name: median[name] for name in ("own", "clarabel", "cvxpy")},
        "times_clarabel": round(median["clarabel"] / median["own"], 1),
        "times_cvxpy": round(median["cvxpy"] / median["own"], 1),
        "basis_points_apart_at_most": max(found["difference"]),
    }


def shares(seeds: range) -> dict[str, Any]:
    """Whole shares of 20 symbols from cash: distance to the weights, and time."""
    rows: dict[str, list[float]] = {}
    for seed in seeds:
        random = np.random.default_rng(seed)
        price, wanted = random.uniform(10.0, 400.0, 20).round(2), random.dirichlet(np.full(20, 3.0))
        covariance = _stocks(random, 20)
        for name, (count, spent) in {
            "own": fastest(own_shares, price, wanted, covariance, MONEY),
            "greedy": fastest(shares_by_pypfopt, price, wanted, MONEY, "greedy"),
            "integer": fastest(shares_by_pypfopt, price, wanted, MONEY, "lp"),
        }.items():
            off = np.append(count * price / MONEY - wanted, 0.0)[:20]
            rows.setdefault(f"{name}_tracking", []).append(float(np.sqrt(off @ covariance @ off)))
            rows.setdefault(f"{name}_milliseconds", []).append(1e3 * spent)
    return {name: round(float(np.median(values)), 5) for name, values in rows.items()}


def own_shares(price: Floats, wanted: Floats, covariance: Floats, money: float) -> Floats:
    """From the rounded-down counts by local search."""
    size = len(price)
    risk = np.zeros((size + 1, size + 1))
    risk[:size, :size] = covariance
    unit = price / money
    count = np.floor(wanted / unit).astype(np.int64)
    left = np.array([1.0 - count @ unit])
    off = np.append(count * unit - wanted, left[0])
    account = np.zeros(size, dtype=np.int64)
    return whole_shares(account, np.arange(size), unit, count, left, off, risk).astype(np.float64)


def plain(seeds: range) -> dict[str, Any]:
    """Long-only mean and variance, 20 assets: the same objective by PyPortfolioOpt, in turns, each call counted once.

    What a process that does little else sees (the fastest of five) is told beside it.
    """
    rows = [_plain(np.random.default_rng(seed)) for seed in seeds]
    own, rival, own_best, rival_best, worse = (np.array(column) for column in zip(*rows, strict=True))
    return {
        "calls": len(rows),
        "milliseconds": {
            name: round(1e3 * float(np.median(one)), 4) for name, one in (("own", own), ("pypfopt", rival))
        },
        "times_pypfopt": round(float(np.median(rival / own)), 1),
        "times_pypfopt_best_of_five": round(float(np.median(rival_best / own_best)), 1),
        "worse_by": float(worse.max()),
    }


def _plain(random: np.random.Generator) -> tuple[float, float, float, float, float]:
    """Seconds of a single call of both and of the fastest of five, and by how much our objective is worse."""
    covariance, expected = _stocks(random, 20), random.uniform(0.02, 0.12, 20)
    weight, own = timed(plain_by_interior, expected, covariance)
    theirs, rival = timed(plain_by_pypfopt, expected, covariance, RISK_AVERSION)
    values = [w @ expected - 0.5 * RISK_AVERSION * w @ covariance @ w for w in (weight, theirs)]
    _, own_best = fastest(plain_by_interior, expected, covariance)
    _, rival_best = fastest(plain_by_pypfopt, expected, covariance, RISK_AVERSION)
    return own, rival, own_best, rival_best, float(values[1] - values[0])


def plain_by_interior(expected: Floats, covariance: Floats) -> Floats:
    """As a household of one account: buy everything from cash."""
    row, value, endless, right = _one_account(len(expected))
    return interior(row, value, -expected, endless, inverted(RISK_AVERSION * covariance), right, 1e-8)[0]


@cache
def _one_account(size: int) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """What does not depend on the figures is put together once, as in a batch of plans."""
    row, value = np.full((size, TOUCHED), -1, dtype=np.int64), np.zeros((size, TOUCHED))
    row[:, 0], row[:, 1] = np.arange(size), size
    value[:, :2] = 1.0
    return row, value, np.full(size, np.inf), np.append(np.zeros(size), 1.0)


def batch() -> dict[str, Any]:
    """Whole answers of the demo population, on one core, the risk assessment given."""
    facts, rebalancer = demo(1000, 3, TODAY), BY_NAME["portfolio_rebalancing"]
    needed, options = advise(facts, rebalancer.needs), rebalancer.options()
    advise(demo(50, 1, TODAY), [rebalancer.name])
    answers, spent = min(
        (timed(rebalancer.predict, facts, needed, options, {}) for _ in range(3)), key=lambda one: one[1]
    )
    trading = sum(bool(getattr(answer, "trades", ())) for answer in answers)
    return {"households": len(answers), "with_trades": trading, "a_second": round(len(answers) / spent, 1)}


def _stocks(random: np.random.Generator, size: int) -> Floats:
    """A covariance with one common factor."""
    beta, own = random.uniform(0.6, 1.4, size), random.uniform(0.15, 0.35, size)
    return np.asarray(0.16**2 * np.outer(beta, beta) + np.diag(own**2), dtype=np.float64)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    asked = (*given, *(200, FRESH)[len(given) :])
    main(asked[0], asked[1])
