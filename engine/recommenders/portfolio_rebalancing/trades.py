"""Orders as trades: by account and symbol, sales first, with the lots and the reason."""

from collections.abc import Iterator

import numpy as np

from engine.answers import AccountRef, money
from engine.facts import Positions
from engine.portfolio.book import WASH_DAYS
from engine.portfolio.check import gains, is_long
from engine.portfolio.plan import Action
from engine.recommenders.portfolio_rebalancing.answer import LotSale, TaxImplications, Trade, TradeSide
from engine.recommenders.portfolio_rebalancing.study import Case
from engine.wording import amount

QUANTITY_PLACES = 8


def trades(case: Case) -> tuple[Trade, ...]:
    """Sales pay for purchases of the same account, so they come first."""
    return (*_sales(case), *_purchases(case))


def taxes(case: Case) -> TaxImplications:
    """By the tax table, after the orders were made."""
    own, naive = case.plan.bill, case.plan.naive
    return TaxImplications(
        short_term_gain=money(own.short),
        long_term_gain=money(own.long),
        harvested_loss=money(own.losses),
        estimated_tax=money(own.tax),
        estimated_tax_naive=money(naive.tax),
        wash_sales_avoided=naive.washed,
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


def _sale_reason(case: Case, account: int, asset: int, rows: Positions) -> str:
    gain, name = float(gains(case.book, case.plan.orders)[rows].sum()), _class(case, asset)
    if not case.book.taxable[account]:
        return f"There is more {name} than the target asks for, or room is needed here; gains are not taxed here."
    if gain < 0:
        loss = amount(-gain, case.currency)
        return f"Takes a loss of {loss} for tax; buy no {case.book.symbols[asset]} anywhere for {WASH_DAYS} days."
    return f"There is more {name} than the target asks for; these lots cost the least tax."


def _purchase_reason(case: Case, asset: int) -> str:
    name = _class(case, asset)
    broad = case.book.symbols[asset] == case.book.classes[asset]
    fund = f"Any broad fund of {name} will do. " if broad else ""
    if case.plan.action is Action.HARVEST:
        return f"{fund}Keeps the weight of {name} in place of what is sold at a loss."
    return f"{fund}There is less {name} than the target asks for, or it is better held in this account."


def _class(case: Case, asset: int) -> str:
    return named(case.book.classes[asset])


def named(asset_class: str) -> str:
    """A class in words."""
    words = asset_class.replace("_", " ").lower()
    for short, long in (("us ", "US "), ("intl ", "international "), ("em ", "emerging-market "), ("tips", "TIPS")):
        words = words.replace(short, long)
    return words
