"""The months of the ledger: complete ones, and the days of the current month up to today."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.facts import Positions
from engine.population.lines import Days
from engine.units import DAYS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Months are counted from 0, the first; the last is the current one and may be incomplete."""

    today: int
    starts: Days
    lengths: Days
    month_of_year: Positions

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def first_day(self) -> int:
        """The first day of the ledger."""
        return int(self.starts[0])

    def month(self, day: Days) -> Positions:
        """The month of each day."""
        return np.asarray(np.searchsorted(self.starts, day, side="right") - 1, dtype=np.int64)

    def last_day(self, month: Positions) -> Days:
        """Its last day, or today."""
        return np.asarray(np.minimum(self.starts[month] + self.lengths[month] - 1, self.today), dtype=np.int64)

    def years_ago(self, day: Days) -> np.ndarray:
        """From today."""
        return (self.today - day) / DAYS_A_YEAR


def calendar(today: date, months: int) -> Calendar:
    """So many complete months before the one of today, and that one."""
    current = np.datetime64(today, "M")
    firsts = current - np.arange(months, -2, -1).astype("timedelta64[M]")
    starts = firsts.astype("datetime64[D]").astype(np.int64)
    return Calendar(
        today=int(np.datetime64(today, "D").astype(np.int64)),
        starts=starts[:-1],
        lengths=np.diff(starts),
        month_of_year=firsts[:-1].astype(np.int64) % 12,
    )


def day_in_month(months: Calendar, month: Positions, day_of_month: Positions) -> Days:
    """A day of a month (1 is the first), no later than its last."""
    return np.asarray(months.starts[month] + np.minimum(day_of_month, months.lengths[month]) - 1, dtype=np.int64)
