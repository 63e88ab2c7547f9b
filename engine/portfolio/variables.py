"""The variables of a program: what may be bought and sold where, what it costs and which rows it touches."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.market import ASSET_CLASSES, GROWTH_CLASSES, assumptions
from engine.portfolio.book import LONG_TERM_DAYS, Book, is_cash
from engine.portfolio.interior import TOUCHED
from engine.portfolio.law import DEFERRED, Rates

TIE = 1e-5
"""Of what is bought: of purchases that are equally good the same one is taken, so that there are few orders."""
GOLDEN = 0.6180339887
COST = 0.0005
DEAR_COST = 0.001
DEAR = frozenset({"EM_EQUITY", "REAL_ESTATE", "COMMODITIES", "HIGH_YIELD", "INTL_BONDS"})
"""Half of the spread between bid and ask of broad funds; more for thinly traded classes."""
LOCATION_YEARS = 1.0
"""Of taxed income that holding an asset outside a shelter is charged with."""
CARRIED = 0.5
"""Of its worth this year, that a loss beyond the yearly limit keeps."""
TAX_FROM = 2
"""Of the rows that a sale of a lot touches: its asset and its account's cash come first."""


class Kind(IntEnum):
    """What a variable stands for."""

    BUY = 0
    SELL_LOT = 1
    SELL = 2
    CASH = 3
    TAX = 4


class Variables(NamedTuple):
    """One a row; account, asset and lot are -1 where they mean nothing, and so are rows that are not touched."""

    kind: Positions
    account: Positions
    asset: Positions
    lot: Positions
    row: Positions
    value: Floats
    price: Floats
    upper: Floats
    is_loss: Flags
    """Sales at a loss that count for tax."""


def variables(book: Book, rates: Rates) -> Variables:
    """All of a household's."""
    parts = [
        _buys(book, rates),
        _lot_sales(book, rates),
        _sheltered_sales(book),
        _cash(book, rates),
        _tax(book, rates, book.value),
    ]
    return Variables(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def carried(book: Book, rates: Rates) -> float:
    """Losses of earlier years, no more than could make a difference."""
    return min(rates.carried, float(np.maximum(book.gain, 0.0).sum()) + rates.loss_limit)


def _part(
    kind: Kind, *, row: Positions, value: Floats, price: Floats, upper: Floats,
    account: Positions | None = None, asset: Positions | None = None, lot: Positions | None = None,
    is_loss: Flags | None = None,
) -> Variables:  # fmt: skip
    """Of one kind; rows that are not touched come last."""
    size = len(row)
    wide, filled = np.full((size, TOUCHED), -1, dtype=np.int64), np.zeros((size, TOUCHED))
    wide[:, : row.shape[1]], filled[:, : value.shape[1]] = row, value
    account, asset, lot = (np.full(size, -1) if each is None else each for each in (account, asset, lot))
    losses = np.zeros(size, dtype=np.bool_) if is_loss is None else is_loss
    return Variables(np.full(size, int(kind)), account, asset, lot, wide, filled, price, upper, losses)


def _buys(book: Book, rates: Rates) -> Variables:
    """Every asset but cash, in every account; none that a loss was taken on lately."""
    offered = np.flatnonzero(~is_cash(book))
    account = np.repeat(np.arange(len(book.accounts)), len(offered))
    asset = np.tile(offered, len(book.accounts))
    row = np.column_stack([asset, len(book.symbols) + account])
    price = _costs(book)[asset] + _drag(book, rates)[asset] * book.taxable[account]
    price += TIE * np.modf((1.0 + account) * (1.0 + asset) * GOLDEN)[0]
    upper = np.where(book.barred[asset], 0.0, np.inf)
    return _part(Kind.BUY, account=account, asset=asset, row=row, value=np.ones(row.shape), price=price, upper=upper)


def _lot_sales(book: Book, rates: Rates) -> Variables:
    """Each lot of a taxable account by itself; none at a loss that a purchase of the last month would wash."""
    lots = np.flatnonzero(book.taxable[book.lot_account] & (book.lot_value > 0))
    account, asset = book.lot_account[lots], book.lot_asset[lots]
    share = 1.0 - book.lot_basis[lots] / book.lot_value[lots]
    late = (book.lot_age[lots] <= LONG_TERM_DAYS).astype(np.float64)
    first = len(book.symbols) + len(book.accounts)
    row = np.column_stack([asset, len(book.symbols) + account, np.full(len(lots), first)])
    row = np.column_stack([row, np.where(late > 0, first + 1, -1)])
    value = np.column_stack([-np.ones((len(lots), 2)), share, share * late])
    washed = (share < 0) & book.recent[asset]
    upper = np.where(washed, 0.0, book.lot_value[lots] / book.value)
    price = _costs(book)[asset] - _drag(book, rates)[asset]
    return _part(
        Kind.SELL_LOT, account=account, asset=asset, lot=lots, row=row, value=value, price=price, upper=upper,
        is_loss=share < 0,
    )  # fmt: skip


def _sheltered_sales(book: Book) -> Variables:
    """Lots mean nothing where gains are not taxed: one variable an account and asset."""
    rows = np.flatnonzero(~book.taxable[book.lot_account] & (book.lot_value > 0))
    assets = len(book.symbols)
    held = np.bincount(book.lot_account[rows] * assets + book.lot_asset[rows], book.lot_value[rows])
    cell = np.flatnonzero(held)
    account, asset = cell // assets, cell % assets
    row, price, upper = np.column_stack([asset, assets + account]), _costs(book)[asset], held[cell] / book.value
    return _part(Kind.SELL, account=account, asset=asset, row=row, value=-np.ones(row.shape), price=price, upper=upper)


def _cash(book: Book, rates: Rates) -> Variables:
    """What is left uninvested; it is held as the last asset, and taxed like it: idle cash is no way to save tax."""
    account = np.arange(len(book.accounts))
    asset = np.full(len(account), len(book.symbols) - 1)
    row = np.column_stack([asset, len(book.symbols) + account])
    price, endless = _drag(book, rates)[asset] * book.taxable, np.full(len(account), np.inf)
    return _part(Kind.CASH, account=account, asset=asset, row=row, value=np.ones(row.shape), price=price, upper=endless)


def _tax(book: Book, rates: Rates, value: float) -> Variables:
    """Net gain (losses of earlier years taken off) in brackets or net loss in two steps; then net short-term
    gain, taxed higher, or loss.

    Never below the law: losses save no more than long-term rates, and long-term losses no short-term rate. Where those
    of earlier years exceed all long-term gains, only short-term ones can be left, and all brackets are theirs.
    """
    all_gain, short_gain = len(book.symbols) + len(book.accounts), len(book.symbols) + len(book.accounts) + 1
    first = rates.long[0]
    relief = DEFERRED * first
    long_gains = np.where(book.lot_age > LONG_TERM_DAYS, np.maximum(book.gain, 0.0), 0.0).sum()
    covered = rates.carried > 0 and rates.carried >= long_gains
    brackets = [max(rate, rates.short) for rate in rates.long] if covered else list(rates.long)
    limits = [*(room / value for room in rates.room), rates.loss_limit / value, np.inf, np.inf, np.inf]
    prices = [*brackets, -relief, -CARRIED * relief, 0.0 if covered else max(rates.short - first, 0.0), 0.0]
    signs = [*(-1.0 for _ in rates.long), 1.0, 1.0, -1.0, 1.0]
    rows = [*(all_gain for _ in rates.long), all_gain, all_gain, short_gain, short_gain]
    touched, signed = np.array(rows)[:, None], np.array(signs)[:, None]
    return _part(Kind.TAX, row=touched, value=signed, price=np.array(prices), upper=np.array(limits))


def _costs(book: Book) -> Floats:
    names = [ASSET_CLASSES[trait.asset_class] for trait in book.traits]
    return np.array([DEAR_COST if name in DEAR else COST for name in names])


def _drag(book: Book, rates: Rates) -> Floats:
    """Tax on a year's income of each asset: ordinary for interest, the lower rate for dividends of shares."""
    income = assumptions().income
    kinds = [trait.asset_class for trait in book.traits]
    rate = [rates.long[0] if ASSET_CLASSES[kind] in GROWTH_CLASSES else rates.short for kind in kinds]
    return np.asarray(LOCATION_YEARS * income[kinds] * np.array(rate), dtype=np.float64)
