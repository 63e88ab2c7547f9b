"""What portfolio rebalancing promises: that its trades are worth making, judged by whether they are made."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.portfolio_rebalancing.answer import PortfolioRebalancing

TRADED = ("rebalance", "harvest_losses")
MONTHS = 1
"""In which to trade, beside the rest of the current one."""


def promises(answer: PortfolioRebalancing, today: date) -> Sequence[Promise]:
    """One for each recommendation that asks for orders, with their money."""
    return [
        Promise(
            kind=PromiseKind.ADVICE_FOLLOWED,
            subject=given.key,
            due=first_after(today, MONTHS),
            amount=float(sum(item.amount or 0 for item in given.actionable_items)),
        )
        for given in answer.recommendations
        if given.key in TRADED
    ]
