"""From the program's values to orders: whole shares and cents, lots by name, cash that never goes below zero."""

from dataclasses import dataclass

import numpy as np

from engine.facts import Flags, Floats, Positions
from engine.market import ASSET_CLASSES
from engine.portfolio.book import Book
from engine.portfolio.program import Program
from engine.portfolio.shares import whole_shares
from engine.portfolio.variables import Kind

CENT = 0.01
PLACES = 4
"""Of a fractional share."""
WHOLE_LOT = 0.999
"""A lot sold to so much of it is sold out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Sales by lot and purchases by account and asset; amounts are whole cents."""

    lot: Positions
    sold: Floats
    """Quantity of each lot above."""
    proceeds: Floats
    account: Positions
    asset: Positions
    bought: Floats
    spent: Floats

    def __len__(self) -> int:
        return len(self.lot) + len(self.account)


def no_orders() -> Orders:
    """Nothing to do."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Orders(lot=none, sold=nothing, proceeds=nothing, account=none, asset=none, bought=nothing, spent=nothing)


def orders(book: Book, program: Program, x: Floats, wanted: Floats) -> Orders:
    """Sales first; then as many whole shares as their proceeds pay for, those that bring weights nearest to wanted."""
    lot, sold, proceeds = _sales(book, program, x)
    cash = book.cash + np.bincount(book.lot_account[lot], proceeds, len(book.accounts))
    rows = np.flatnonzero((program.kind == Kind.BUY) & (x > 0))
    account, asset = program.account[rows], program.asset[rows]
    bought, spent = _purchases(book, program, account, asset, x[rows] * book.value, cash, (lot, proceeds, wanted))
    kept = spent >= CENT
    return Orders(
        lot=lot,
        sold=sold,
        proceeds=proceeds,
        account=account[kept],
        asset=asset[kept],
        bought=bought[kept],
        spent=spent[kept],
    )


def weights_after(book: Book, made: Orders) -> Floats:
    """Weights by asset once the orders are carried out."""
    value = book.held
    np.subtract.at(value, book.lot_asset[made.lot], made.proceeds)
    np.add.at(value, made.asset, made.spent)
    value[-1] += made.proceeds.sum() - made.spent.sum()
    return np.asarray(value / value.sum(), dtype=np.float64)


def _sales(book: Book, program: Program, x: Floats) -> tuple[Positions, Floats, Floats]:
    """Quantities by lot: chosen lots of taxable accounts, the oldest first where lots mean nothing."""
    amount = np.zeros(len(book.lot_value))
    named = program.kind == Kind.SELL_LOT
    amount[program.lot[named]] = x[named] * book.value
    for row in np.flatnonzero((program.kind == Kind.SELL) & (x > 0)):
        _spread(book, int(program.account[row]), int(program.asset[row]), float(x[row]) * book.value, amount)
    lots = np.flatnonzero(amount > 0)
    part = np.minimum(amount[lots] / book.lot_value[lots], 1.0)
    quantity = np.where(part >= WHOLE_LOT, book.lot_quantity[lots], _rounded(book, lots, part))
    proceeds = np.round(quantity / book.lot_quantity[lots] * book.lot_value[lots], 2)
    kept = proceeds >= CENT
    return lots[kept], quantity[kept], proceeds[kept]


def _spread(book: Book, account: int, asset: int, left: float, amount: Floats) -> None:
    rows = np.flatnonzero((book.lot_account == account) & (book.lot_asset == asset))
    for lot in rows[np.argsort(-book.lot_age[rows], kind="stable")]:
        amount[lot] = min(left, book.lot_value[lot])
        left -= amount[lot]


def _rounded(book: Book, lots: Positions, part: Floats) -> Floats:
    quantity = part * book.lot_quantity[lots]
    whole = _is_whole(book, book.lot_account[lots], book.lot_asset[lots])
    rounded = np.where(whole, np.round(quantity), np.round(quantity, PLACES))
    return np.minimum(rounded, book.lot_quantity[lots])


def _is_whole(book: Book, account: Positions, asset: Positions) -> Flags:
    """Parts of shares are sold where the account takes them, and where a symbol is money in a class."""
    money = np.array([name in ASSET_CLASSES for name in book.symbols])
    return np.asarray(~(book.fractional[account] | money[asset]), dtype=np.bool_)


def _purchases(
    book: Book, program: Program, account: Positions, asset: Positions, amount: Floats, cash: Floats,
    context: tuple[Positions, Floats, Floats],
) -> tuple[Floats, Floats]:  # fmt: skip
    """Parts of shares to the cent, then whole shares by local search."""
    lot, proceeds, wanted = context
    whole, price = _is_whole(book, account, asset), book.price[asset]
    spent = np.where(whole, np.floor(amount / price + 1e-9) * price, np.floor(amount / CENT + 1e-6) * CENT)
    spent = np.round(_affordable(spent, account, cash, np.where(whole, price, CENT)), 2)
    left = cash - np.bincount(account, spent, len(cash))
    moved = book.held
    np.subtract.at(moved, book.lot_asset[lot], proceeds)
    np.add.at(moved, asset, spent)
    moved[-1] += proceeds.sum() - spent.sum()
    rows = np.flatnonzero(whole)
    count = np.round(spent[rows] / price[rows]).astype(np.int64)
    unit, value = np.ceil(100.0 * price[rows]) / 100.0 / book.value, book.value
    if len(rows):
        off = moved / value - wanted
        count = whole_shares(account[rows], asset[rows], unit, count, left / value, off, program.risk)
    bought = np.round(spent / price, PLACES)
    bought[rows] = count
    spent[rows] = np.round(count * price[rows], 2)
    return bought, spent


def _affordable(spent: Floats, account: Positions, cash: Floats, unit: Floats) -> Floats:
    """Rounding sales down may leave less than was to be spent: the largest purchases give way."""
    for each in np.flatnonzero(np.bincount(account, spent, len(cash)) > cash + 1e-9):
        rows = np.flatnonzero(account == each)
        for row in rows[np.argsort(-spent[rows], kind="stable")]:
            missing = spent[rows].sum() - cash[each]
            if missing > 0:
                back = min(np.ceil(missing / unit[row] - 1e-9) * unit[row], spent[row])
                spent[row] = max(spent[row] - back, 0.0)
    return spent
