"""What those who reached a goal did more often than others of like income who did not."""

from dataclasses import dataclass

import numpy as np

from engine.enums import GoalKind
from engine.facts import Flags, Floats, Positions
from engine.peers.bands import INCOMES
from engine.peers.habits import HABITS, Habit
from engine.peers.outcomes import REACHED

LEAST_PEOPLE = 50
"""Who reached such a goal, and as many who did not."""
STEP = 0.01
"""Of a share that is told."""
STANDARD_ERRORS = 3.1
"""From the lift to its lower bound: 95 % for all pairs of a habit and a kind of goal at once (Bonferroni, 5 x 8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One habit of those who reached one kind of goal; the shares are told in whole points."""

    currency: int
    kind: GoalKind
    habit: Habit
    successful: float
    others: float
    """As if others had the incomes of the successful."""
    lift: float
    low: float

    @property
    def high(self) -> float:
        """As many times above the lift as the lift is above `low`."""
        return round(self.lift**2 / self.low, 2)


def patterns(currency: Positions, income_band: Positions, outcome: Floats) -> tuple[Pattern, ...]:
    """Only what is likely no accident: the lower bound of the lift lies above one."""
    found = [
        _pattern(int(number), kind, habit, income_band[rows], outcome[rows, column])
        for number in np.unique(currency)
        for rows in [np.flatnonzero(currency == number)]
        for column, kind in enumerate(GoalKind)
        for habit in HABITS
    ]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.lift))


def _pattern(currency: int, kind: GoalKind, habit: Habit, band: Positions, outcome: Floats) -> Pattern | None:
    told = ~np.isnan(outcome)
    bits = np.where(told, outcome, 0.0).astype(np.int64)
    reached, did = (bits & REACHED) > 0, (bits >> HABITS.index(habit) & 1) > 0
    successful, others = told & reached, told & ~reached
    comparable = np.isin(band, np.intersect1d(band[successful], band[others]))
    successful, others = successful & comparable, others & comparable
    if min(successful.sum(), others.sum()) < LEAST_PEOPLE or not did[successful].any() or not did[others].any():
        return None
    ours, theirs, error = _shares(did, successful, others, band)
    low = (ours / theirs) * float(np.exp(-STANDARD_ERRORS * error))
    ours, theirs = max(round(ours, 2), STEP), max(round(theirs, 2), STEP)
    lift = round(ours / theirs, 2)
    if min(low, lift) <= 1.0:
        return None
    return Pattern(
        currency=currency, kind=kind, habit=habit, successful=ours, others=theirs, lift=lift, low=round(low, 2)
    )


def _shares(did: Flags, successful: Flags, others: Flags, band: Positions) -> tuple[float, float, float]:
    """Shares with the habit, the others' weighed to the incomes of the successful, and the error of the log ratio."""
    count, done, weight = (
        np.bincount(band[rows] + 1, minlength=len(INCOMES) + 1).astype(np.float64)
        for rows in (others, others & did, successful)
    )
    weight /= weight.sum()
    size = np.maximum(count, 1.0)
    steadied = (done + 1.0) / (size + 2.0)  # so that a band of few is not taken for certain
    ours, theirs = float(did[successful].mean()), float((weight * done / size).sum())
    variance = float((weight**2 * steadied * (1.0 - steadied) / size).sum())
    error = np.sqrt(variance / theirs**2 + (1.0 - ours) / (ours * successful.sum()))
    return ours, theirs, float(error)
