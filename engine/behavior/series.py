"""Monthly spending and income of a batch, NaN in months before a household's first transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.behavior.cleaning import excess
from engine.facts import CashFlows, Dates, Floats, Positions
from engine.transactions import INCOME, SPENDING

LEAST_MONTHS = 3
"""Below, nothing is claimed of a household's habits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Users x months, oldest first; spending is what was paid less what was given back."""

    months: Dates
    spending: Floats
    excess: Floats
    """Of spending, what one category takes beyond its mean of the months before."""
    income: Floats
    observed: Positions

    def until(self, end: int, length: int) -> "Series":
        """As it looked before month number `end` to somebody who knew at most the last `length` months."""
        window = slice(max(end - length, 0), end)
        left = np.clip(self.observed - (len(self.months) - end), 0, length)
        months = self.months[window]
        hidden = np.arange(len(months))[None, :] < len(months) - left[:, None]
        return replace(
            self,
            months=months,
            spending=np.where(hidden, np.nan, self.spending[:, window]),
            excess=self.excess[:, window],
            income=np.where(hidden, np.nan, self.income[:, window]),
            observed=left,
        )


def series(flows: CashFlows) -> Series:
    """All complete months that are known."""
    count = len(flows.months)
    unseen = np.arange(count)[None, :] < count - flows.observed[:, None]
    return Series(
        months=flows.months.astype("datetime64[M]"),
        spending=np.where(unseen, np.nan, -total(flows, SPENDING)) + 0.0,
        excess=excess(-flows.amount[:, :, [flows.categories.index(name) for name in SPENDING]], flows.observed),
        income=np.where(unseen, np.nan, total(flows, INCOME)),
        observed=flows.observed,
    )


def total(flows: CashFlows, names: Sequence[str]) -> Floats:
    """Users x months of these categories, signed."""
    return np.asarray(flows.amount[:, :, [flows.categories.index(name) for name in names]].sum(axis=2))
