"""What behaviour is learned from: one row a household, its months and how unusual its purchases were."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from engine.behavior.anomalies import FREEDOM, LEAST_COMPARED, Tail
from engine.behavior.forecast import LENGTHS
from engine.behavior.lags import AHEAD_MONTHS, CURRENT, lags
from engine.behavior.lags import FEATURES as LAGS
from engine.behavior.purchases import Purchases, purchases
from engine.behavior.segments import FEATURES as HABITS
from engine.behavior.segments import features as habits
from engine.behavior.series import Series, series
from engine.behavior.usual import usual
from engine.facts import Facts, Floats, Positions
from engine.learning.groups import groups
from engine.learning.trainer import Sample

MONTHS = 36
FEATURES = (*LAGS, *HABITS)
EDGES = np.arange(0.5, 3.05, 0.1).round(1)
"""Of scores: purchases are counted in between."""
UPPER = (0.87, 0.96)
"""Part of ordinary purchases that the tail is read from: above are the anomalies themselves."""
SPENDING, INCOME = slice(0, MONTHS), slice(MONTHS, 2 * MONTHS)
EXCESS = slice(2 * MONTHS, 3 * MONTHS)
OBSERVED = 3 * MONTHS
COUNTS = slice(3 * MONTHS + 1, None)
LEAST_MONTHS = LENGTHS[0] + CURRENT + AHEAD_MONTHS
LAST = MONTHS - AHEAD_MONTHS - CURRENT
ORIGINS = (LAST - 8, LAST - 6, LAST - 3)
"""Months in which a forecast is made in training; in `LAST` it is judged, by months that nothing was learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Forecasts that could have been made, and what came, in shares of a usual month; `row` is the household's."""

    row: Positions
    X: Floats
    y: Floats
    rule: Floats
    """The median of the last twelve months."""


def columns(facts: Facts) -> Floats:
    """Users x `FEATURES`, as of today."""
    known = series(facts.cash_flows)
    return np.column_stack([lags(known)[0], habits(facts.cash_flows, known, purchases(facts.transactions))])


def sample(facts: Facts) -> Sample:
    """Households with as many months as the shortest history and what is told from it."""
    known = series(facts.cash_flows)
    rows = np.flatnonzero(known.observed >= LEAST_MONTHS)
    counts = _counts(purchases(facts.transactions), len(facts))
    months = [_padded(each) for each in (known.spending, known.income, known.excess)]
    y = np.column_stack([*months, known.observed, counts])
    labels = {name: label[rows] for name, label in groups(facts).items()}
    return Sample(users=facts.users[rows], X=columns(facts)[rows], y=y[rows], groups=labels)


def moments(rows: Sample, origins: Sequence[int]) -> Moments:
    """Every household at each of these months, with each length of history that it has."""
    known = _series(rows)
    parts = [_moment(known, origin, length) for origin in origins for length in LENGTHS]
    return Moments(
        row=np.concatenate([part.row for part in parts]),
        X=np.concatenate([part.X for part in parts]),
        y=np.concatenate([part.y for part in parts]),
        rule=np.concatenate([part.rule for part in parts]),
    )


def tail(rows: Sample) -> Tail:
    """Of the purchases of these households."""
    return _tail(rows.y[:, COUNTS].sum(axis=0))


def tail_of(scores: Floats) -> Tail:
    """The t curve through the upper scores of ordinary purchases; the rule's where they are too few."""
    return _tail(np.bincount(np.searchsorted(EDGES, scores), minlength=len(EDGES) + 1).astype(np.float64))


def _tail(counts: Floats) -> Tail:
    below = np.cumsum(counts)[:-1] / max(counts.sum(), 1.0)
    inside = (below >= UPPER[0]) & (below <= UPPER[1])
    if inside.sum() < 3:
        return Tail()
    spread, middle = np.polyfit(stdtrit(FREEDOM, below[inside]), EDGES[inside], 1)
    return Tail(middle=float(middle.round(6)), spread=float(spread.round(6)))


def _moment(known: Series, origin: int, length: int) -> Moments:
    past = known.until(origin, length)
    row = np.flatnonzero((past.observed == length) & (known.observed >= MONTHS - origin + length))
    X, usual_month = lags(past)
    spent = usual_month > 0
    row = row[spent[row]]
    year = past.spending[row, -12:]
    return Moments(
        row=row,
        X=X[row],
        y=known.spending[row, origin + CURRENT : origin + CURRENT + AHEAD_MONTHS] / usual_month[row, None],
        rule=np.nanmedian(year, axis=1) / usual_month[row] if len(row) else np.empty(0),
    )


def _series(rows: Sample) -> Series:
    return Series(
        months=np.arange(MONTHS).astype("datetime64[M]"),
        spending=rows.y[:, SPENDING],
        income=rows.y[:, INCOME],
        excess=rows.y[:, EXCESS],
        observed=rows.y[:, OBSERVED].astype(np.int64),
    )


def _counts(bought: Purchases, users: int) -> Floats:
    """Purchases of each user between the edges of scores."""
    width = len(EDGES) + 1
    if not len(bought):
        return np.zeros((users, width))
    compared = usual(bought)
    told = compared.compared >= LEAST_COMPARED
    bin_ = np.searchsorted(EDGES, compared.score[told], side="left")
    counted = np.bincount(bought.user[told] * width + bin_, minlength=users * width)
    return counted.reshape(users, width).astype(np.float64)


def _padded(values: Floats) -> Floats:
    """The last `MONTHS`, NaN in front where there are fewer."""
    missing = max(MONTHS - values.shape[1], 0)
    return np.pad(values[:, -MONTHS:], ((0, 0), (missing, 0)), constant_values=np.nan)
