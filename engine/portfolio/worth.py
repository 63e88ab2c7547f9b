"""What is worth doing: orders that are not too small, losses that are not too little, one fund a class."""

from dataclasses import replace

import numpy as np

from engine.facts import Flags, Floats
from engine.portfolio.book import BROAD, Book
from engine.portfolio.law import DEFERRED, Rates
from engine.portfolio.program import Program
from engine.portfolio.variables import TAX_FROM, Kind

LEAST_ORDER, LEAST_ORDER_SHARE = 25.0, 0.001
WORTHWHILE_ORDER, WORTHWHILE_ORDER_SHARE = 100.0, 0.04
"""Orders below the first amounts are never placed, nor below these, of which the lower one counts."""
LEAST_HARVEST, LEAST_HARVEST_SHARE = 50.0, 0.0005
"""Tax put off that is worth the effort, in money and as a share of the portfolio."""
LEAST_SWAP = 20.0
"""The same for changing one fund for another."""


def harvest_worth(book: Book, rates: Rates) -> Floats:
    """By asset, what selling it at a loss would put off, at most; none where losses of earlier years do all of it."""
    gain, assets = book.gain, len(book.symbols)
    if rates.carried >= rates.loss_limit + np.maximum(gain, 0.0).sum():
        return np.zeros(assets)
    lost = np.bincount(book.lot_asset, np.maximum(-gain, 0.0), assets)
    return np.asarray(np.where(book.recent, 0.0, DEFERRED * rates.long[0] * lost), dtype=np.float64)


def small(stated: Program, x: Floats) -> Flags:
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


def doubled(book: Book, stated: Program, x: Floats) -> Flags:
    """Purchases of a second fund of a class whose own fund is held, not sold at a loss, and may be bought."""
    sold = np.bincount(stated.asset[stated.is_loss], x[stated.is_loss], len(book.symbols)) > 0
    held, broad = book.held > 0, np.array([trait.specific <= BROAD for trait in book.traits])
    kind = np.array([trait.asset_class for trait in book.traits])
    served = np.isin(kind, kind[held & broad & ~sold & ~book.barred])
    return np.asarray((stated.kind == Kind.BUY) & (served & ~held)[np.maximum(stated.asset, 0)], dtype=np.bool_)


def without_gains(stated: Program) -> Program:
    """No lot of a taxable account is sold at a gain."""
    gains = (stated.kind == Kind.SELL_LOT) & ~stated.is_loss
    return replace(stated, upper=np.where(gains, 0.0, stated.upper))


def without_little_relief(stated: Program, worth: Floats) -> Program:
    """Losses count for nothing where they are so small that no fund is to be changed for another because of them."""
    little = worth < (LEAST_SWAP if worth.sum() >= LEAST_HARVEST else np.inf)
    ignored = stated.is_loss & little[np.maximum(stated.asset, 0)]
    tax_rows = np.arange(stated.value.shape[1]) >= TAX_FROM
    return replace(stated, value=np.where(ignored[:, None] & tax_rows, 0.0, stated.value))
