"""What one household does: nothing, harvest losses, or rebalance; every household gets a valid plan."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engine.facts import Flags, Floats
from engine.portfolio.aim import aims, drift
from engine.portfolio.book import BROAD, Book
from engine.portfolio.check import Bill, bill, naive_orders
from engine.portfolio.directions import choose
from engine.portfolio.law import DEFERRED, Rates
from engine.portfolio.orders import CENT, Orders, no_orders, orders, weights_after
from engine.portfolio.program import TAX_FROM, Kind, Program, program, risk_of
from engine.portfolio.target import Relaxed, Target

BAND = 0.05
"""Drift up to which costs outweigh precision (Vanguard, Rational rebalancing, 2022: bands of a few points do best)."""
LEAST_PORTFOLIO = 500.0
LEAST_ORDER, LEAST_ORDER_SHARE = 25.0, 0.001
WORTHWHILE_ORDER, WORTHWHILE_ORDER_SHARE = 100.0, 0.04
"""Orders below the first amounts are never placed, nor below these, of which the lower one counts."""
LEAST_HARVEST, LEAST_HARVEST_SHARE = 50.0, 0.0005
"""Tax put off that is worth the effort, in money and as a share of the portfolio."""
LEAST_SWAP = 20.0
"""The same for changing one fund for another."""
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
    if _harvest_worth(book, rates).sum() >= max(LEAST_HARVEST, LEAST_HARVEST_SHARE * book.value):
        return _harvested(book, covariance, rates, plan)
    return plan


def rebalanced(book: Book, covariance: Floats, rates: Rates, wanted: Floats) -> Plan:
    """To weights by asset that are given."""
    return _rebalanced(book, covariance, rates, _hold(book, covariance, rates, wanted, _held(book)))


def _rebalanced(book: Book, covariance: Floats, rates: Rates, hold: Plan) -> Plan:
    stated = _without_little_relief(program(book, covariance, rates, hold.wanted), _harvest_worth(book, rates))
    naive = bill(book, naive_orders(book, hold.wanted), rates)
    made, gap = _solved(book, stated, hold.wanted)
    if made is not None and bill(book, made, rates).tax > naive.tax:
        made, gap = _solved(book, _without_gains(stated), hold.wanted)
    if made is None:
        return replace(hold, reason="No plan could be computed: what is held stays.")
    if not len(made):
        return replace(hold, reason="No order is worth its cost and tax.")
    reason = f"More than {BAND:.0%} of the portfolio is not where the target asks for it."
    return _carried_out(book, covariance, rates, replace(hold, naive=naive, gap=gap), (Action.REBALANCE, reason, made))


def _harvested(book: Book, covariance: Floats, rates: Rates, hold: Plan) -> Plan:
    """Losses alone: weights stay as they are, by funds of the same class."""
    stated = _without_gains(program(book, covariance, rates, hold.held))
    made, gap = _solved(book, stated, hold.held)
    if made is None or DEFERRED * bill(book, made, rates).put_off < LEAST_HARVEST:
        return replace(hold, reason="What is held is near the target, and no loss is worth taking.")
    reason = "What is held is near the target; losses can be taken while funds of the same classes keep the weights."
    return _carried_out(book, covariance, rates, replace(hold, gap=gap), (Action.HARVEST, reason, made))


def _solved(book: Book, stated: Program, wanted: Floats) -> tuple[Orders | None, float]:
    """Best directions, then again without orders too small to place; None where the solver fails."""
    choice = choose(stated)
    x, converged = choice.x, choice.converged
    kept = choice.allowed & ~_doubled(book, stated, x)
    for _ in range(ROUNDS):
        if not converged:
            return None, 0.0
        kept &= ~_small(stated, x)
        x, _, converged = stated.solve(kept)
        if not (kept & _small(stated, x)).any():
            break
    if not converged:
        return None, 0.0
    dust = _small(stated, x) & (x * stated.size < LEAST_ORDER) | (x * stated.size < CENT)
    return orders(book, stated, np.where(dust, 0.0, x), wanted), max(choice.cost - choice.bound, 0.0)


def _small(stated: Program, x: Floats) -> Flags:
    """Orders (by side, account and asset) below the least; what is sold out may be as small as any order is."""
    order = np.isin(stated.kind, (Kind.BUY, Kind.SELL, Kind.SELL_LOT))
    accounts = int(stated.account.max(initial=0)) + 1
    side = (stated.kind != Kind.BUY).astype(np.int64)
    cell = (side * accounts + np.maximum(stated.account, 0)) * len(stated.inverse) + np.maximum(stated.asset, 0)
    total = np.bincount(cell[order], x[order], 2 * accounts * len(stated.inverse))
    worthwhile = min(WORTHWHILE_ORDER / stated.size, WORTHWHILE_ORDER_SHARE)
    least = max(LEAST_ORDER / stated.size, LEAST_ORDER_SHARE, worthwhile)
    whole = np.bincount(cell[order], np.minimum(stated.upper[order], 1.0), len(total))
    out = (np.arange(len(total)) >= len(total) // 2) & (total >= LEAST_ORDER / stated.size)
    small = (total < least) & ~(out & (total >= 0.999 * whole) & (whole > 0))
    return np.asarray(order & small[cell], dtype=np.bool_)


def _doubled(book: Book, stated: Program, x: Floats) -> Flags:
    """Purchases of a second fund of a class whose own fund is held and not sold at a loss."""
    sold = np.bincount(stated.asset[stated.is_loss], x[stated.is_loss], len(book.symbols)) > 0
    held, broad = book.held > 0, np.array([trait.specific <= BROAD for trait in book.traits])
    kind = np.array([trait.asset_class for trait in book.traits])
    served = np.isin(kind, kind[held & broad & ~sold])
    return np.asarray((stated.kind == Kind.BUY) & (served & ~held)[np.maximum(stated.asset, 0)], dtype=np.bool_)


def _without_gains(stated: Program) -> Program:
    """No lot of a taxable account is sold at a gain."""
    gains = (stated.kind == Kind.SELL_LOT) & ~stated.is_loss
    return replace(stated, upper=np.where(gains, 0.0, stated.upper))


def _without_little_relief(stated: Program, worth: Floats) -> Program:
    """Losses count for nothing where they are so small that no fund is to be changed for another because of them."""
    little = worth < (LEAST_SWAP if worth.sum() >= LEAST_HARVEST else np.inf)
    ignored = stated.is_loss & little[np.maximum(stated.asset, 0)]
    tax_rows = np.arange(stated.value.shape[1]) >= TAX_FROM
    return replace(stated, value=np.where(ignored[:, None] & tax_rows, 0.0, stated.value))


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


def _harvest_worth(book: Book, rates: Rates) -> Floats:
    """By asset, what selling it at a loss would put off, at most; none where losses of earlier years do all of it."""
    gain, assets = book.gain, len(book.symbols)
    if rates.carried >= rates.loss_limit + np.maximum(gain, 0.0).sum():
        return np.zeros(assets)
    lost = np.bincount(book.lot_asset, np.maximum(-gain, 0.0), assets)
    return np.asarray(np.where(book.recent, 0.0, DEFERRED * rates.long[0] * lost), dtype=np.float64)


def _held(book: Book) -> Floats:
    return book.held / book.value if book.value > 0 else book.held


def _tracking(book: Book, covariance: Floats, off: Floats) -> float:
    variance = float(off @ risk_of(book, covariance) @ off)
    return math.sqrt(max(variance, 0.0))
