"""Recommendations of the plan; keys stay the same while the same thing is to be done."""

from collections.abc import Iterator

import numpy as np

from engine.answers import ActionableItem, Recommendation, money
from engine.enums import Priority
from engine.market import ASSET_CLASSES, CASH_CLASS
from engine.portfolio.aim import SINGLE_SHARE
from engine.portfolio.book import BROAD
from engine.portfolio.law import DEFERRED
from engine.portfolio.plan import Action
from engine.portfolio.wash import WASH_DAYS
from engine.portfolio.worth import LEAST_HARVEST
from engine.recommenders.portfolio_rebalancing.allocation import volatility
from engine.recommenders.portfolio_rebalancing.answer import Trade, TradeSide
from engine.recommenders.portfolio_rebalancing.study import Case
from engine.recommenders.portfolio_rebalancing.trades import named, stand_in
from engine.wording import amount, percent

MUCH_DRIFT = 0.15
SAME_RISK = 0.005
LEAST_CASH = 100.0
"""Left in an account, from which it is said: less is what whole shares leave."""


def advice(case: Case, trades: tuple[Trade, ...]) -> tuple[Recommendation, ...]:
    """The most urgent first."""
    found = [*_concentration(case), *_rebalance(case, trades), *_harvest(case, trades), *_tell_holdings(case)]
    urgency = list(Priority)
    return tuple(sorted(found, key=lambda each: urgency.index(each.priority)))


def _rebalance(case: Case, trades: tuple[Trade, ...]) -> Iterator[Recommendation]:
    plan = case.plan
    if plan.action is not Action.REBALANCE:
        return
    moved = max(sum(float(trade.amount) for trade in trades if trade.side is side) for side in TradeSide)
    tax, naive = plan.bill.tax, plan.naive.tax
    yield Recommendation(
        key="rebalance",
        title=f"Move {amount(moved, case.currency)} to bring your portfolio to its target",
        description=(
            f"{percent(plan.drift)} of it is not where it should be. {_risk(case)} {_owed(case)}{_settling(case)}"
        ),
        priority=Priority.HIGH if plan.drift >= MUCH_DRIFT else Priority.MEDIUM,
        actionable_items=(*(_item(case, trade) for trade in trades), *_left_in_cash(case)),
        data={"drift": f"{plan.drift:.4f}", "tax": str(money(tax)), "tax_naive": str(money(naive))},
    )


def _risk(case: Case) -> str:
    now, then = volatility(case, case.plan.held), volatility(case, case.plan.wanted)
    if abs(now - then) < SAME_RISK:
        return f"Its ups and downs stay at about {percent(then)} a year, spread as the target asks."
    return f"Its ups and downs in a usual year go from {percent(now)} to {percent(then)}."


def _settling(case: Case) -> str:
    if not len(case.plan.orders.lot):
        return ""
    return " In each account sell first, and buy once the sales have settled, mostly the next business day."


def _left_in_cash(case: Case) -> Iterator[ActionableItem]:
    """What sales bring beyond the purchases of their account, because the target asks for cash."""
    made, book = case.plan.orders, case.book
    earned = np.bincount(book.lot_account[made.lot], made.proceeds, len(book.accounts))
    left = earned - np.bincount(made.account, made.spent, len(book.accounts))
    for row in np.flatnonzero(left >= LEAST_CASH):
        name = case.facts.accounts.name[book.accounts[row]]
        yield ActionableItem(title=f"Leave {amount(float(left[row]), case.currency)} as cash in {name}")


def _owed(case: Case) -> str:
    own, naive = case.plan.bill, case.plan.naive.tax
    tax, covered = own.tax, case.rates.carried > 0 and own.short + own.long > 0
    owed = "Losses of earlier years cover the gains: no tax is due" if covered else "No tax is due"
    if tax >= 1:
        owed = f"The tax this year is about {amount(tax, case.currency)}"
    if naive - tax < 1:
        return f"{owed}."
    return f"{owed}; selling the oldest lots first would cost {amount(naive, case.currency)}."


def _harvest(case: Case, trades: tuple[Trade, ...]) -> Iterator[Recommendation]:
    own = case.plan.bill
    worth = DEFERRED * own.put_off
    if case.plan.action is not Action.HARVEST and worth < LEAST_HARVEST:
        return
    sold = sorted({t.symbol for t in trades if _takes_loss(case, t)})
    among = " These sales are among the orders of the move above." if case.plan.action is Action.REBALANCE else ""
    yield Recommendation(
        key="harvest_losses",
        title=f"Take {amount(own.losses, case.currency)} of losses for tax",
        description=(
            f"It puts off about {amount(own.put_off, case.currency)} of tax; since that is paid later, it is worth "
            f"about {amount(worth, case.currency)} today.{_carried(case)} For {WASH_DAYS} days before and after, "
            f"nobody in the household may buy {', '.join(sold)}; turn off reinvested dividends. Purchases and "
            f"sales that were not entered are not known here.{among}"
        ),
        priority=Priority.MEDIUM,
        actionable_items=tuple(_item(case, trade) for trade in trades if _takes_loss(case, trade)),
        data={"loss": str(money(own.losses)), "put_off": str(money(own.put_off))},
    )


def _carried(case: Case) -> str:
    """Losses beyond gains and the yearly limit; those of earlier years count first."""
    own, rates = case.plan.bill, case.rates
    over = min(rates.carried - (own.short + own.long) - rates.loss_limit, own.losses)
    if rates.table is None or over < 1:
        return ""
    return f" {amount(over, case.currency)} of them is more than a year allows and carries forward to later years."


def _concentration(case: Case) -> Iterator[Recommendation]:
    """Single shares that are too much of the whole."""
    for row, trait in enumerate(case.book.traits):
        share = float(case.plan.held[row])
        if trait.specific <= BROAD or share <= SINGLE_SHARE or trait.asset_class == CASH_CLASS:
            continue
        symbol = case.book.symbols[row]
        why = "" if trait.known else " What it holds is not known here, so it is taken for a single share."
        yield Recommendation(
            key=f"diversify:{symbol}",
            title=f"Hold less {symbol}: it is {percent(share)} of your portfolio",
            description=f"One company can fall alone and never come back; {percent(SINGLE_SHARE)} is enough.{why}",
            priority=Priority.HIGH if share > 2 * SINGLE_SHARE else Priority.MEDIUM,
            data={"symbol": symbol, "weight": f"{share:.4f}"},
        )


def _tell_holdings(case: Case) -> Iterator[Recommendation]:
    """Accounts whose balance is known and whose contents are not."""
    for row in case.book.unseen:
        name = str(case.facts.accounts.name[row])
        yield Recommendation(
            key=f"list_holdings:{case.facts.accounts.id[row]}",
            title=f"List what {name} holds",
            description="Its balance is known, its holdings are not: it is left out of this plan until they are.",
            priority=Priority.LOW,
            actionable_items=(ActionableItem(title=f"Enter or load the holdings of {name}"),),
        )


def _takes_loss(case: Case, trade: Trade) -> bool:
    taxable = case.book.taxable[_place(case, trade)]
    return bool(taxable) and any(lot.gain < 0 for lot in trade.lots)


def _place(case: Case, trade: Trade) -> int:
    return int(case.facts.accounts.id[case.book.accounts].tolist().index(trade.account.id))


def _item(case: Case, trade: Trade) -> ActionableItem:
    name = case.facts.accounts.name[case.book.accounts[_place(case, trade)]]
    verb = "Buy" if trade.side is TradeSide.BUY else "Sell"
    return ActionableItem(title=f"{verb} {_what(case, trade)} in {name}", amount=trade.amount)


def _what(case: Case, trade: Trade) -> str:
    """Units of a symbol; of what stands for a class, money, and in a purchase whichever fund there is."""
    if trade.symbol in ASSET_CLASSES:
        fund = stand_in(case, trade.symbol) if trade.side is TradeSide.BUY else named(trade.symbol)
        return f"{amount(float(trade.amount), case.currency)} of {fund}"
    units = f"{trade.quantity:,.4f}".rstrip("0").rstrip(".")
    return f"{units} {trade.symbol}"
