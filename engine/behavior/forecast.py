"""Spending of the next three months: a median, and a range that nine of ten months fall in.

Without a model: the median of the last twelve months, and a range as wide as such ranges had to be on synthetic
households, rounded up. With one: lines over the months before (`lags`), and ranges that held on people who were not
trained on, for each length of history. Where less than three months are known there is no forecast.
"""

from dataclasses import dataclass

import numpy as np

from engine.behavior import lad
from engine.behavior.lad import Line
from engine.behavior.lags import AHEAD_MONTHS, COMMON, FEATURES, SEASONAL
from engine.facts import Floats, Positions

LENGTHS = (3, 6, 12, 24)
"""Months of history: what is learned of ranges is learned for each."""
MEDIAN, SPREAD = COMMON.index("median_12_months"), COMMON.index("spread")
COVERED = 0.9
LEAST_WIDTH = 0.05
"""Of a usual month: no month is surer."""
RULE_WIDTH = 0.15
RULE_BELOW = (1.5, 1.2, 1.0, 0.9)
RULE_ABOVE = (3.2, 2.5, 2.0, 1.8)
"""By length of history, in `RULE_WIDTH` and spreads between quarters."""
FOLDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Users x months ahead, as shares of a usual month."""

    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """What was learned, by month ahead: lines of the median and of the error, ends of the range by length."""

    median: tuple[Line, ...]
    error: tuple[Line, ...]
    ends: Floats
    """Lengths x months ahead x (below, above), in errors."""

    def predict(self, X: Floats) -> Ahead:
        """From rows of `lags`."""
        parts = [columns(X, ahead) for ahead in range(AHEAD_MONTHS)]
        told = np.column_stack([line.predict(part) for line, part in zip(self.median, parts, strict=True)])
        error = np.column_stack([line.predict(part) for line, part in zip(self.error, parts, strict=True)])
        ends = self.ends[length_of(X)]
        return _ranged(told, np.maximum(error, LEAST_WIDTH), ends[:, :, 0], ends[:, :, 1])


def by_rule(X: Floats) -> Ahead:
    """The median of the last year, in every month to come."""
    told = np.repeat(X[:, [MEDIAN]], AHEAD_MONTHS, axis=1)
    width = (RULE_WIDTH + X[:, [SPREAD]]) * np.ones(AHEAD_MONTHS)
    length = length_of(X)
    return _ranged(told, width, -np.array(RULE_BELOW)[length, None], np.array(RULE_ABOVE)[length, None])


def fitted(X: Floats, y: Floats, people: Positions) -> Forecaster:
    """From rows of `lags` and the three months that followed; `people` numbers whose rows they are."""
    median, error = _lines(X, y)
    told, width = np.empty_like(y), np.empty_like(y)
    for fold in range(FOLDS):
        left = people % FOLDS == fold
        parts = _lines(X[~left], y[~left])
        told[left], width[left] = (_predicted(lines, X[left]) for lines in parts)
    missed = (y - np.maximum(told, 0.0)) / np.maximum(width, LEAST_WIDTH)
    return Forecaster(median=median, error=error, ends=_ends(missed, length_of(X)))


def columns(X: Floats, ahead: int) -> Floats:
    """What the line for a month ahead reads: the common columns, and those of its own season."""
    first = len(COMMON) + ahead * len(SEASONAL)
    return np.concatenate([X[:, : len(COMMON)], X[:, first : first + len(SEASONAL)]], axis=1)


def names(ahead: int) -> tuple[str, ...]:
    """Of these columns."""
    first = len(COMMON) + ahead * len(SEASONAL)
    return (*COMMON, *FEATURES[first : first + len(SEASONAL)])


def length_of(X: Floats) -> Positions:
    """Position in `LENGTHS` of the longest that the history has."""
    seen = np.round(X[:, COMMON.index("months_seen")] * max(LENGTHS)).astype(np.int64)
    return np.asarray(np.maximum(np.searchsorted(LENGTHS, seen, side="right") - 1, 0), dtype=np.int64)


def _lines(X: Floats, y: Floats) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Of the median and of the absolute error around it, by month ahead."""
    median, error = [], []
    for ahead in range(AHEAD_MONTHS):
        part = columns(X, ahead)
        median.append(lad.fitted(part, y[:, ahead]))
        error.append(lad.fitted(part, np.abs(y[:, ahead] - median[-1].predict(part))))
    return tuple(median), tuple(error)


def _predicted(lines: tuple[Line, ...], X: Floats) -> Floats:
    return np.column_stack([line.predict(columns(X, ahead)) for ahead, line in enumerate(lines)])


def _ends(missed: Floats, length: Positions) -> Floats:
    """Quantiles that leave out a twentieth at each end, with the correction for a finite sample (split conformal)."""
    found = np.empty((len(LENGTHS), AHEAD_MONTHS, 2))
    for position in range(len(LENGTHS)):
        rows = missed[length == position]
        rows = rows if len(rows) else missed
        ordered = np.sort(rows, axis=0)
        out = int(np.floor((1.0 - COVERED) / 2.0 * (len(rows) + 1)))
        low, high = max(out - 1, 0), min(len(rows) - out, len(rows) - 1)
        found[position] = np.stack([ordered[low], ordered[high]], axis=1)
    return found


def _ranged(told: Floats, width: Floats, below: Floats, above: Floats) -> Ahead:
    """Never below nothing; the median lies in its range."""
    expected = np.maximum(told, 0.0)
    low = np.clip(expected + below * width, 0.0, expected)
    return Ahead(expected=expected, low=low, high=np.maximum(expected + above * width, expected))
