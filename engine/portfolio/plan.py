"""What one household does: nothing, harvest losses, or rebalance; every household gets a valid plan."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engine.facts import Floats
from engine.portfolio.aim import aims, drift
from engine.portfolio.book import Book
from engine.portfolio.check import Bill, bill, naive_orders
from engine.portfolio.directions import choose
from engine.portfolio.law import DEFERRED, Rates
from engine.portfolio.orders import CENT, Orders, no_orders, orders, weights_after
from engine.portfolio.program import Program, program, risk_of
from engine.portfolio.target import Relaxed, Target
from engine.portfolio.worth import (
    LEAST_HARVEST,
    LEAST_HARVEST_SHARE,
    LEAST_ORDER,
    doubled,
    harvest_worth,
    small,
    without_gains,
    without_little_relief,
)

BAND = 0.05
"""Drift up to which costs outweigh precision (Vanguard, Rational rebalancing, 2022: bands of a few points do best)."""
LEAST_PORTFOLIO = 500.0
PARTS = (0.99, 0.95, 0.9, 0.75, 0.5, 0.25)
"""Of the way to the target: whole shares may owe some cents more than the naive plan, which deals in parts of them."""
ROUNDS = 3
"""Of leaving out orders that are too small: what is left may make others small."""


class Action(StrEnum):
    """What the plan is about."""

    HOLD = "HOLD"
    HARVEST = "HARVEST"
    REBALANCE = "REBALANCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Orders and what they come to; weights are by asset of the book."""

    action: Action
    reason: str
    wanted: Floats
    """The target, whether or not the orders go for it."""
    held: Floats
    after: Floats
    drift: float
    orders: Orders
    bill: Bill
    naive: Bill
    tracking: float
    """Volatility of the difference to the target a year, after the orders."""
    gap: float
    """How far from the best directions the plan may be, as a share of the portfolio."""


def make_plan(book: Book, covariance: Floats, rates: Rates, target: Target) -> Plan:
    """Down the chain: rebalance, without realising gains, hold."""
    held = _held(book)
    wanted = held if target.relaxed is Relaxed.HOLD or book.value <= 0 else aims(book, target.weight)
    plan = _hold(book, covariance, rates, wanted, held)
    if book.value < LEAST_PORTFOLIO:
        little = "Too little is invested to be worth an order."
        return replace(plan, reason=little if book.value > 0 else "Nothing is invested yet.")
    if plan.drift > BAND:
        return _rebalanced(book, covariance, rates, plan)
    if harvest_worth(book, rates).sum() >= max(LEAST_HARVEST, LEAST_HARVEST_SHARE * book.value):
        return _harvested(book, covariance, rates, plan)
    return plan


def rebalanced(book: Book, covariance: Floats, rates: Rates, wanted: Floats) -> Plan:
    """To weights by asset that are given."""
    return _rebalanced(book, covariance, rates, _hold(book, covariance, rates, wanted, _held(book)))


def _rebalanced(book: Book, covariance: Floats, rates: Rates, hold: Plan) -> Plan:
    stated = without_little_relief(program(book, covariance, rates, hold.wanted), harvest_worth(book, rates))
    naive = bill(book, naive_orders(book, hold.wanted), rates)
    made, gap = _solved(book, stated, hold.wanted)
    if made is not None and bill(book, made, rates).tax > naive.tax:
        made, gap = _spared(book, stated, hold.wanted, rates, naive.tax)
    if made is None:
        return replace(hold, reason="No plan could be computed: what is held stays.")
    if not len(made):
        return replace(hold, reason="No order is worth its cost and tax.")
    reason = f"More than {BAND:.0%} of the portfolio is not where the target asks for it."
    return _carried_out(book, covariance, rates, replace(hold, naive=naive, gap=gap), (Action.REBALANCE, reason, made))


def _harvested(book: Book, covariance: Floats, rates: Rates, hold: Plan) -> Plan:
    """Losses alone: weights stay as they are, by funds of the same class."""
    stated = without_gains(program(book, covariance, rates, hold.held))
    made, gap = _solved(book, stated, hold.held)
    if made is None or DEFERRED * bill(book, made, rates).put_off < LEAST_HARVEST:
        return replace(hold, reason="What is held is near the target, and no loss is worth taking.")
    reason = "What is held is near the target; losses can be taken while funds of the same classes keep the weights."
    return _carried_out(book, covariance, rates, replace(hold, gap=gap), (Action.HARVEST, reason, made))


def _spared(book: Book, stated: Program, wanted: Floats, rates: Rates, most: float) -> tuple[Orders | None, float]:
    """Without realising gains; where that leaves nothing to do, as much of the way as owes no more than `most`."""
    made, gap = _solved(book, without_gains(stated), wanted)
    if made is None or len(made):
        return made, gap
    for part in PARTS:
        some, left = _solved(book, stated, wanted, part)
        if some is not None and bill(book, some, rates).tax <= most:
            return some, left
    return made, gap


def _solved(book: Book, stated: Program, wanted: Floats, part: float = 1.0) -> tuple[Orders | None, float]:
    """Best directions, then again without orders too small to place, or a part of them; None where the solver fails."""
    choice = choose(stated)
    x, converged = choice.x, choice.converged
    kept = choice.allowed & ~doubled(book, stated, x)
    for _ in range(ROUNDS):
        if not converged:
            return None, 0.0
        kept &= ~small(stated, x)
        x, _, converged = stated.solve(kept)
        if not (kept & small(stated, x)).any():
            break
    if not converged:
        return None, 0.0
    x = part * x
    dust = small(stated, x) & (x * stated.size < LEAST_ORDER) | (x * stated.size < CENT)
    return orders(book, stated, np.where(dust, 0.0, x), wanted), max(choice.cost - choice.bound, 0.0)


def _hold(book: Book, covariance: Floats, rates: Rates, wanted: Floats, held: Floats) -> Plan:
    nothing = no_orders()
    unbilled = bill(book, nothing, rates)
    return Plan(
        action=Action.HOLD,
        reason="What is held is near enough to the target: trading would cost more than it brings.",
        wanted=wanted,
        held=held,
        after=held,
        drift=drift(held, wanted),
        orders=nothing,
        bill=unbilled,
        naive=unbilled,
        tracking=_tracking(book, covariance, held - wanted),
        gap=0.0,
    )


def _carried_out(book: Book, covariance: Floats, rates: Rates, plan: Plan, done: tuple[Action, str, Orders]) -> Plan:
    action, reason, made = done
    after = weights_after(book, made)
    return replace(
        plan,
        action=action,
        reason=reason,
        orders=made,
        after=after,
        bill=bill(book, made, rates),
        tracking=_tracking(book, covariance, after - plan.wanted),
    )


def _held(book: Book) -> Floats:
    return book.held / book.value if book.value > 0 else book.held


def _tracking(book: Book, covariance: Floats, off: Floats) -> float:
    variance = float(off @ risk_of(book, covariance) @ off)
    return math.sqrt(max(variance, 0.0))
