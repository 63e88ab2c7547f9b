"""Lines of the ledger as columns of small numbers; they become transactions when all are there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.facts import Floats, Positions
from engine.transactions import CATEGORY_NAMES

NO_MERCHANT = NO_HOUR = -1
Days = NDArray[np.int64]
"""Days since 1970-01-01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One row a transaction; `merchant` and `anomaly` are positions in their lists."""

    user: Positions
    day: Days
    amount: Floats
    category: Positions
    merchant: Positions
    anomaly: Positions
    hour: Positions
    """Of the day, NO_HOUR where no bank would tell; drawn when all lines are there."""

    def __len__(self) -> int:
        return len(self.user)

    def take(self, rows: Positions | NDArray[np.bool_]) -> "Lines":
        """Some rows, in a given order."""
        return Lines(**{name: getattr(self, name)[rows] for name in FIELDS})


FIELDS = ("user", "day", "amount", "category", "merchant", "anomaly", "hour")


def category_code(name: str) -> int:
    """Position of a category in the documented list."""
    return CATEGORY_NAMES.index(name)


def lines(
    user: Positions,
    day: Days,
    amount: Floats,
    category: str | Positions,
    merchant: int | Positions = NO_MERCHANT,
    anomaly: int | Positions = 0,
) -> Lines:
    """Rows of one kind; amounts that round to nothing are dropped."""
    kept = np.abs(amount) >= 0.005
    code = category_code(category) if isinstance(category, str) else category
    return Lines(
        user=np.asarray(user)[kept],
        day=np.asarray(day)[kept],
        amount=np.asarray(amount)[kept],
        category=np.broadcast_to(code, kept.shape)[kept].astype(np.int64),
        merchant=np.broadcast_to(merchant, kept.shape)[kept].astype(np.int64),
        anomaly=np.broadcast_to(anomaly, kept.shape)[kept].astype(np.int64),
        hour=np.full(int(kept.sum()), NO_HOUR),
    )


def joined(parts: list[Lines]) -> Lines:
    """All rows, by household and day; the order within a day is that of the parts."""
    together = {name: np.concatenate([getattr(part, name) for part in parts]) for name in FIELDS}
    order = np.lexsort((together["day"], together["user"]))
    return Lines(**{name: values[order] for name, values in together.items()})
