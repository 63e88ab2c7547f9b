"""What a savings strategy promises: that its monthly amount is kept up for a year."""

from collections.abc import Sequence
from datetime import date

from engine.ledger.promises import Promise, PromiseKind, first_after
from engine.recommenders.savings_strategy.answer import SavingsStrategy
from engine.units import MONTHS_A_YEAR


def promises(answer: SavingsStrategy, today: date) -> Sequence[Promise]:
    """Over the twelve whole months that follow; nothing where nothing is to be put aside."""
    if answer.monthly_amount <= 0:
        return ()
    return [
        Promise(
            kind=PromiseKind.RATE_KEPT,
            subject="monthly_amount",
            due=first_after(today, MONTHS_A_YEAR),
            probability=answer.success_probability,
            amount=float(answer.monthly_amount),
        )
    ]
