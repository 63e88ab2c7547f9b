"""Orders as trades: by account, sales first, with the lots and the reason."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from engine.answers import AccountRef, money
from engine.facts import Positions
from engine.market import ASSET_CLASSES
from engine.portfolio.check import gains, is_long
from engine.portfolio.law import DEFERRED
from engine.portfolio.plan import Action
from engine.portfolio.wash import WASH_DAYS
from engine.portfolio.worth import LEAST_SWAP
from engine.recommenders.portfolio_rebalancing.answer import LotSale, TaxImplications, Trade, TradeSide
from engine.recommenders.portfolio_rebalancing.study import Case
from engine.wording import amount, percent

QUANTITY_PLACES = 8
LEAST_OFF = 0.001
"""Of the portfolio, that a class is off its target by to be a reason."""


def trades(case: Case) -> tuple[Trade, ...]:
    """Account by account, as somebody places them: sales pay for purchases of the same account, so they come first."""
    place = {id_: row for row, id_ in enumerate(case.facts.accounts.id[case.book.accounts])}
    return tuple(sorted((*_sales(case), *_purchases(case)), key=lambda trade: place[trade.account.id]))


def taxes(case: Case) -> TaxImplications:
    """By the tax table, after the orders were made."""
    own, naive = case.plan.bill, case.plan.naive
    return TaxImplications(
        short_term_gain=money(own.short),
        long_term_gain=money(own.long),
        harvested_loss=money(own.losses),
        estimated_tax=money(own.tax),
        estimated_tax_naive=money(naive.tax),
        wash_sales_avoided=naive.washed + naive.undone,
    )


def _sales(case: Case) -> Iterator[Trade]:
    book, made = case.book, case.plan.orders
    cell = book.lot_account[made.lot] * len(book.symbols) + book.lot_asset[made.lot]
    for each in np.unique(cell):
        rows = np.flatnonzero(cell == each)
        account, asset = int(each) // len(book.symbols), int(each) % len(book.symbols)
        quantity = round(float(made.sold[rows].sum()), QUANTITY_PLACES)
        proceeds = float(made.proceeds[rows].sum())
        yield Trade(
            account=_account(case, account),
            symbol=book.symbols[asset],
            side=TradeSide.SELL,
            quantity=quantity,
            price=money(proceeds / quantity),
            amount=money(proceeds),
            lots=_lots(case, rows),
            reason=_sale_reason(case, account, asset, rows),
        )


def _lots(case: Case, rows: Positions) -> tuple[LotSale, ...]:
    book, made = case.book, case.plan.orders
    gain, long = gains(book, made), is_long(book, made.lot)
    acquired = case.facts.holdings.acquired[book.lot_row[made.lot]]
    return tuple(
        LotSale(
            acquired=acquired[row].item(),
            quantity=float(made.sold[row]),
            cost_basis=money(float(made.proceeds[row] - gain[row])),
            gain=money(float(gain[row])),
            long_term=bool(long[row]),
        )
        for row in rows
    )


def _purchases(case: Case) -> Iterator[Trade]:
    book, made = case.book, case.plan.orders
    for row in range(len(made.account)):
        asset = int(made.asset[row])
        yield Trade(
            account=_account(case, int(made.account[row])),
            symbol=book.symbols[asset],
            side=TradeSide.BUY,
            quantity=float(made.bought[row]),
            price=money(float(book.price[asset])),
            amount=money(float(made.spent[row])),
            lots=(),
            reason=_purchase_reason(case, asset),
        )


def _account(case: Case, account: int) -> AccountRef:
    return AccountRef(id=case.facts.accounts.id[case.book.accounts[account]])


def stand_in(case: Case, asset_class: str) -> str:
    """What to buy where no fund of the class is known; never what is sold at a loss or was lately."""
    sold = {symbol: None for symbol, kind in (*_sold_at_loss(case), *_barred(case)) if kind == asset_class}
    return f"any broad fund of {named(asset_class)}{' other than ' + ' or '.join(sold) if sold else ''}"


def _sale_reason(case: Case, account: int, asset: int, rows: Positions) -> str:
    gain, symbol = float(gains(case.book, case.plan.orders)[rows].sum()), case.book.symbols[asset]
    why = "Makes room in this account for what is short."
    if case.plan.held[asset] > case.plan.wanted[asset] + LEAST_OFF:
        why = f"{symbol} is more of the portfolio than the target asks of it alone."
    if _above(case, asset):
        why = _state(case, asset)
    if not case.book.taxable[account]:
        return f"{why} Gains are not taxed here."
    if DEFERRED * case.rates.long[0] * -gain < LEAST_SWAP:
        return f"{why} These lots cost the least tax."
    loss = f"Takes a loss of {amount(-gain, case.currency)} for tax; buy no {symbol} anywhere for {WASH_DAYS} days."
    return f"{why} {loss}" if _above(case, asset) else loss


def _purchase_reason(case: Case, asset: int) -> str:
    kind, fund = case.book.classes[asset], ""
    if case.book.symbols[asset] == kind:
        fund = f"{_capital(stand_in(case, kind))} will do. "
    for symbol in (name for name, its in _barred(case) if its == kind):
        fund += f"{symbol} was sold at a loss and waits until {day(case.book.again[symbol])}. "
    if case.plan.action is not Action.HARVEST and _above(case, asset, -1.0):
        return f"{fund}{_state(case, asset)}"
    sold = _sold(case, asset)
    return f"{fund}Takes the place of {sold}." if sold else f"{fund}Keeps the weight of {named(kind)}."


def _sold_at_loss(case: Case) -> list[tuple[str, str]]:
    """Symbols with their classes."""
    book, made = case.book, case.plan.orders
    lost = book.taxable[book.lot_account[made.lot]] & (gains(book, made) < 0)
    return [(book.symbols[asset], book.classes[asset]) for asset in np.unique(book.lot_asset[made.lot][lost])]


def _barred(case: Case) -> Iterator[tuple[str, str]]:
    """Symbols that may not be bought yet with their classes, as far as these are known."""
    for name in case.book.again:
        known = dict(zip(case.book.symbols, case.book.classes, strict=True)).get(name)
        if known is None and name in case.market.symbols:
            known = str(ASSET_CLASSES[case.market.symbols[name].asset_class])
        yield name, known or name


def _sold(case: Case, asset: int) -> str:
    """What else of the same class is sold, or the same asset in another account."""
    book, made = case.book, case.plan.orders
    rows = [row for row in np.unique(book.lot_asset[made.lot]) if book.classes[row] == book.classes[asset]]
    return " and ".join(f"{book.symbols[row]} sold{' in another account' if row == asset else ''}" for row in rows)


def _state(case: Case, asset: int) -> str:
    """Where its class stands, in a sentence without a verb, since classes are singular and plural."""
    now, then = _weights(case, asset)
    name = _capital(named(case.book.classes[asset]))
    return f"{name}: {percent(now)} of the portfolio now, {percent(then)} in the target."


def _above(case: Case, asset: int, sign: float = 1.0) -> bool:
    """Whether there is more of its class than wanted; with -1, less."""
    now, then = _weights(case, asset)
    return sign * (now - then) >= LEAST_OFF


def _weights(case: Case, asset: int) -> tuple[float, float]:
    same = [kind == case.book.classes[asset] for kind in case.book.classes]
    return float(case.plan.held[same].sum()), float(case.plan.wanted[same].sum())


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def day(value: date) -> str:
    """`3 July 2026`."""
    return f"{value.day} {value:%B %Y}"


def named(asset_class: str) -> str:
    """A class in words."""
    words = asset_class.replace("_", " ").lower()
    for short, long in (("us ", "US "), ("intl ", "international "), ("em ", "emerging-market "), ("tips", "TIPS")):
        words = words.replace(short, long)
    return words
