"""Recomputes what a list of orders means by law, without the program: gains, tax, wash sales; and the naive plan."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.portfolio.book import LONG_TERM_DAYS, Book
from engine.portfolio.law import Rates, owed
from engine.portfolio.orders import Orders, no_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What orders realise and owe; only taxable accounts count."""

    short: float
    long: float
    losses: float
    """Of lots sold at a loss that the law lets count, as a positive amount."""
    tax: float
    """What is owed more this year than without the orders."""
    put_off: float
    """What the losses save this year, on gains of the same orders and on other income."""
    washed: int
    """Lots sold at a loss that does not count, because the same asset is or was just bought."""
    undone: int
    """Assets that are bought although a loss was taken on them lately, which does not count then."""


def bill(book: Book, made: Orders, rates: Rates) -> Bill:
    """Losses of assets bought within 30 days, in any account, do not count (26 USC 1091)."""
    gain = gains(book, made)
    taxable = book.taxable[book.lot_account[made.lot]]
    washed = taxable & (gain < 0) & _bought(book, made)[book.lot_asset[made.lot]]
    counted = np.where(taxable & ~washed, gain, 0.0)
    long = is_long(book, made.lot)
    short_sum, long_sum = _by_term(counted, long)
    due = owed(rates, short_sum, long_sum)
    return Bill(
        short=short_sum,
        long=long_sum,
        losses=float(-counted[counted < 0].sum()) + 0.0,
        tax=max(due, 0.0),
        put_off=owed(rates, *_by_term(np.maximum(counted, 0.0), long)) - due,
        washed=int(washed.sum()),
        undone=sum(book.symbols[asset] in book.again for asset in np.unique(made.asset)),
    )


def _by_term(gain: Floats, long: Flags) -> tuple[float, float]:
    return float(gain[~long].sum()), float(gain[long].sum())


def gains(book: Book, made: Orders) -> Floats:
    """By lot sold: proceeds less the part of its basis."""
    basis = book.lot_basis[made.lot] * made.sold / book.lot_quantity[made.lot]
    return np.asarray(made.proceeds - np.round(basis, 2), dtype=np.float64)


def is_long(book: Book, lot: Positions) -> Flags:
    """Held for more than a year."""
    return np.asarray(book.lot_age[lot] > LONG_TERM_DAYS, dtype=np.bool_)


def naive_orders(book: Book, wanted: Floats) -> Orders:
    """Every account rebalanced to the target by itself, the oldest lots sold first: what a simple tool would do."""
    if not len(book.lot_value):
        return no_orders()
    cell = book.lot_account * len(book.symbols) + book.lot_asset
    size = len(book.accounts) * len(book.symbols)
    held = np.bincount(cell, book.lot_value, size).reshape(len(book.accounts), -1)
    total = held.sum(axis=1) + book.cash
    change = np.outer(total, wanted) - held
    change[:, -1] = 0.0
    order = np.lexsort((-book.lot_age, cell))
    before = np.cumsum(book.lot_value[order]) - book.lot_value[order]
    first = np.searchsorted(cell[order], cell[order])
    left = np.maximum(-change.ravel(), 0.0)[cell[order]] - (before - before[first])
    amount = np.clip(left, 0.0, book.lot_value[order])
    lots, amount = order[amount > 0], amount[amount > 0]
    account, asset = np.nonzero(change > 0)
    return Orders(
        lot=lots,
        sold=book.lot_quantity[lots] * amount / book.lot_value[lots],
        proceeds=amount,
        account=account,
        asset=asset,
        bought=change[account, asset] / book.price[asset],
        spent=np.asarray(change[account, asset], dtype=np.float64),
    )


def _bought(book: Book, made: Orders) -> Flags:
    now = np.bincount(made.asset, minlength=len(book.symbols)) > 0
    return np.asarray(now | book.recent, dtype=np.bool_)
