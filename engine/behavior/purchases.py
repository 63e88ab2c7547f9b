"""Money spent, transaction by transaction, with what is needed to compare one with the others."""

from dataclasses import dataclass

import numpy as np

from engine.behavior.days import day_numbers
from engine.facts import Floats, Positions, Transactions
from engine.transactions import CATEGORY_NAMES, SPENDING

IS_SPENDING = np.array([name in SPENDING for name in CATEGORY_NAMES])
LEAST_AMOUNT = 0.01
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """One row a purchase, oldest first within a user; `row` is its position among all transactions."""

    row: Positions
    user: Positions
    day: Positions
    """Since 1970-01-01."""
    amount: Floats
    """More than 0."""
    category: Positions
    merchant: Positions
    """A number for each merchant, `NOWHERE` where it is not known."""
    hour: Floats
    """Of the day, NaN where it is not known."""

    def __len__(self) -> int:
        return len(self.row)


def purchases(transactions: Transactions) -> Purchases:
    """What was spent; what was given back and what is not spending is left out."""
    kept = IS_SPENDING[transactions.category] & (transactions.amount <= -LEAST_AMOUNT)
    row = np.flatnonzero(kept)
    return Purchases(
        row=row,
        user=transactions.user[row],
        day=day_numbers(transactions.date[row]),
        amount=-transactions.amount[row],
        category=transactions.category[row],
        merchant=_numbered(transactions.merchant[row].tolist()),
        hour=transactions.hour[row],
    )


def _numbered(names: list[str | None]) -> Positions:
    """In order of appearance."""
    known: dict[str | None, int] = {None: NOWHERE}
    return np.array([known.setdefault(name, len(known) - 1) for name in names], dtype=np.int64)


def numbered(*keys: Positions) -> Positions:
    """A number for each distinct combination."""
    return np.unique(crossed(*keys), return_inverse=True)[1].astype(np.int64)


def crossed(*keys: Positions) -> Positions:
    """The same with gaps, without sorting: for keys of few values."""
    combined = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        shifted = key - key.min(initial=0)
        combined = combined * (int(shifted.max(initial=0)) + 1) + shifted
    return combined
