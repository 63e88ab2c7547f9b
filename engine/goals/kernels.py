"""The compiled lookups: score, probability, quantile and required contribution of one goal, and loops over many.

Wealth at the date is saved * X + contribution * Y. Its exact mean and variance give the Fenton-Wilkinson score, that of
a lognormal with the same two moments; the table's correction, by glide, months, share of savings and score, does the
rest. All kernels are in this file: see `engine.compiled`.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import lookup
from engine.goals.columns import Columns, Floats, Positions
from engine.goals.returns import GLIDES, MAX_MONTHS
from engine.goals.table import (
    GROWTH_LIMIT,
    MOMENT_GROWTHS,
    MONTH_NODES,
    QUANTUM,
    SCORE_LIMIT,
    SCORE_NODES,
    SHARE_NODES,
    Tables,
)

Integers = NDArray[np.int16]
Which = tuple[int, int, int]  # model, glide, months
Place = tuple[float, float, float]  # within a cell of the table

SCORES_PER_UNIT = (SCORE_NODES - 1) / (2 * SCORE_LIMIT)
MOMENTS_PER_UNIT = (len(MOMENT_GROWTHS) - 1) / (2 * GROWTH_LIMIT)
MOMENT_CELLS = len(MOMENT_GROWTHS) - 1
GLIDE_COUNT, MONTH_COUNT = len(GLIDES), len(MONTH_NODES)
# Distances in the flat array of corrections.
ONE, NEXT_SCORE = np.uint64(1), np.uint64(3)
NEXT_SHARE, NEXT_MONTH = np.uint64(3 * SCORE_NODES), np.uint64(3 * SCORE_NODES * SHARE_NODES)
CERTAIN = 1e-7  # below this spread wealth is taken for certain
MOST = 1e15  # of money
BEYOND = 40.0  # a score at which the probability is 0 or 1 in double precision


class Moments(NamedTuple):
    """Of wealth from 1 saved today (`lump`) and from 1 a month (`stream`)."""

    lump: float
    stream: float
    lump_variation: float
    stream_variation: float
    covariance: float
    net_growth: float


@lookup
def normal(score: float) -> float:
    return 0.5 * math.erfc(-score * 0.7071067811865476)


@lookup
def positive(value: float) -> float:
    """The value, or 0 where it is negative or not a number."""
    return max(0.0, value)


@lookup
def horizon(months: int) -> int:
    return min(max(months, 1), MAX_MONTHS)


@lookup
def moments(tables: Tables, model: int, glide: int, months: int, growth: float, shift: float) -> Moments:
    """Both means, both squared variations, their covariance, and the net growth.

    A shift of the return is exact: X grows by its power of the months, and Y is that of a contribution whose growth is
    less by the shift, grown for all months but one.
    """
    lump, stream = tables[0], tables[1]
    row = (model * GLIDE_COUNT + glide) * (MAX_MONTHS + 1) + months
    if growth == 0.0 and shift == 0.0:
        at = 3 * (MOMENT_CELLS // 2)
        mean, variation, covariance = math.exp(stream[row, at]), stream[row, at + 1], stream[row, at + 2]
        return Moments(lump[row, 0], mean, lump[row, 1], variation, covariance, 0.0)
    net = min(max(math.log1p(max(growth, -0.9)) - shift, -GROWTH_LIMIT), GROWTH_LIMIT)
    place = (net + GROWTH_LIMIT) * MOMENTS_PER_UNIT
    first = min(max(int(place) - 1, 0), MOMENT_CELLS - 3)
    mean = math.exp(_cubic(stream, row, first, 0, place - first) + shift * (months - 1) / 12)
    variation = _cubic(stream, row, first, 1, place - first)
    covariance = _cubic(stream, row, first, 2, place - first)
    return Moments(lump[row, 0] * math.exp(shift * months / 12), mean, lump[row, 1], variation, covariance, net)


@lookup
def _cubic(stream: Floats, row: int, first: int, field: int, u: float) -> float:
    """Lagrange's cubic through four growths."""
    at = 3 * first + field
    ends = u * (u - 3) * ((u - 1) * stream[row, at + 6] - (u - 2) * stream[row, at + 3])
    return float(((u - 1) * (u - 2) * (u * stream[row, at + 9] - (u - 3) * stream[row, at]) / 3 - ends) / 2)


@lookup
def spread(one: Moments, share: float) -> float:
    """The standard deviation of the lognormal with these moments."""
    rest = 1.0 - share
    both = 2.0 * share * rest * one.covariance
    variation = share * share * one.lump_variation + both + rest * rest * one.stream_variation
    # The logarithm of a sum is three times as fast as log1p, and as good where the variation is not tiny.
    return math.sqrt(math.log(1.0 + variation) if variation > 1e-3 else math.log1p(max(variation, 0.0)))


@lookup
def correction(tables: Tables, which: Which, share: float, net: float, score: float) -> float:
    """Trilinear in months, share and score; quadratic in the net growth, which matters on long horizons only.

    One flat array and unsigned positions: numba then neither makes views nor tests for negative indices.
    """
    model, glide, months = which
    at = tables[3][months]
    node = min(int(at), MONTH_COUNT - 2)
    column = share * (SHARE_NODES - 1)
    left = min(int(column), SHARE_NODES - 2)
    row = (min(max(score, -SCORE_LIMIT), SCORE_LIMIT) + SCORE_LIMIT) * SCORES_PER_UNIT
    below = min(int(row), SCORE_NODES - 2)
    cell = (((model * GLIDE_COUNT + glide) * MONTH_COUNT + node) * SHARE_NODES + left) * SCORE_NODES + below
    base, place = np.uint64(3 * cell + 1), (at - node, column - left, row - below)
    middle = _corners(tables[2], base, place)
    if net != 0.0:
        u = net / GROWTH_LIMIT
        low, high = _corners(tables[2], base - ONE, place), _corners(tables[2], base + ONE, place)
        middle += 0.5 * u * (high - low + u * (high + low - 2.0 * middle))
    return QUANTUM * middle


@lookup
def _corners(flat: Integers, base: np.uint64, place: Place) -> float:
    u, v, w = place
    early = _edges(flat, base, v, w)
    return early + u * (_edges(flat, base + NEXT_MONTH, v, w) - early)


@lookup
def _edges(flat: Integers, base: np.uint64, v: float, w: float) -> float:
    a = flat[base] + w * (flat[base + NEXT_SCORE] - flat[base])
    base = base + NEXT_SHARE
    return float(a + v * (flat[base] + w * (flat[base + NEXT_SCORE] - flat[base]) - a))


@lookup
def score_of(
    tables: Tables, which: Which, one: Moments, lump: float, mean: float, target: float
) -> tuple[float, float]:
    """The normal score of reaching the target, and the spread; lump and mean are expected: of savings, of wealth."""
    if not target > 0.0:
        return BEYOND, 0.0
    if mean <= 0.0:
        return -BEYOND, 0.0
    share = lump / mean
    width = spread(one, share)
    over = math.log(mean / target)
    if width < CERTAIN:
        return (BEYOND if over > -1e-9 else -BEYOND), width
    score = over / width - 0.5 * width
    return score + correction(tables, which, share, one.net_growth, score), width


@lookup
def quantile_of(tables: Tables, which: Which, one: Moments, lump: float, mean: float, score: float) -> float:
    """The wealth that is reached with the probability of this normal score."""
    if mean <= 0.0:
        return 0.0
    share = lump / mean
    width = spread(one, share)
    low, high = 0, SCORE_NODES - 1
    while high - low > 1:
        middle = (low + high) // 2
        node = middle / SCORES_PER_UNIT - SCORE_LIMIT
        if node + correction(tables, which, share, one.net_growth, node) < score:
            low = middle
        else:
            high = middle
    first, last = low / SCORES_PER_UNIT - SCORE_LIMIT, high / SCORES_PER_UNIT - SCORE_LIMIT
    below = first + correction(tables, which, share, one.net_growth, first)
    above = last + correction(tables, which, share, one.net_growth, last)
    if below < score < above:
        raw = first + (score - below) / (above - below) * (last - first)
    else:  # beyond the table the correction stays as it is; on a step the lower wealth is safe
        raw = first + (score - below) if score <= below else last + (score - above)
    return mean * math.exp(-width * (raw + 0.5 * width))


@lookup
def contribution_of(tables: Tables, which: Which, one: Moments, lump: float, target: float, score: float) -> float:
    """The least contribution that reaches the target with the probability of this normal score.

    Searched over expected wealth, whose logarithm moves the score by about one over the spread: Newton's step, then the
    secant, halved where it leaves the bracket.
    """
    if score_of(tables, which, one, lump, lump, target)[0] >= score:
        return 0.0
    width = spread(one, min(lump / target, 1.0))
    low, high, mean = lump, math.inf, max(target * math.exp(width * (score + 0.5 * width)), 1.0001 * lump)
    before, gap_before = 0.0, 0.0
    for _ in range(80):
        value, width = score_of(tables, which, one, lump, mean, target)
        gap = value - score
        if gap > -1e-8:
            high = mean
        else:
            low = mean
        if abs(gap) < 1e-8 or high - low < 1e-12 * high:
            break
        slope = width
        if before > 0.0 and gap != gap_before:
            slope = min(max(math.log(mean / before) / (gap - gap_before), 0.2 * width), 5.0 * width)
        before, gap_before = mean, gap
        mean *= math.exp(min(max(-gap * slope, -3.0), 3.0))
        if not low < mean < high:
            mean = 0.5 * (low + high) if high < math.inf else 2.0 * low
    return ((high if high < math.inf else mean) - lump) / one.stream


# One row a goal: glide, months, saved, contribution, target, growth, shift.


@lookup
def probabilities(tables: Tables, model: int, goals: Columns, out: Floats) -> None:
    glide, months, saved, contribution, target, growth, shift = goals
    for goal in range(len(out)):
        until = horizon(months[goal])
        have = positive(saved[goal])
        if months[goal] < 1:  # the date is past: what is there counts
            out[goal] = 1.0 if have >= positive(target[goal]) else 0.0
            continue
        one = moments(tables, model, glide[goal], until, growth[goal], shift[goal])
        which = (model, glide[goal], until)
        lump = have * one.lump
        mean = lump + positive(contribution[goal]) * one.stream
        out[goal] = normal(score_of(tables, which, one, lump, mean, positive(target[goal]))[0])


@lookup
def contributions(tables: Tables, model: int, goals: Columns, score: Floats, out: Floats) -> None:
    glide, months, saved, _, target, growth, shift = goals
    for goal in range(len(out)):
        have, wanted = positive(saved[goal]), positive(target[goal])
        if months[goal] < 1:  # the date is past: the gap, at once
            out[goal] = max(wanted - have, 0.0)
            continue
        until = horizon(months[goal])
        one = moments(tables, model, glide[goal], until, growth[goal], shift[goal])
        which = (model, glide[goal], until)
        out[goal] = contribution_of(tables, which, one, have * one.lump, wanted, score[goal])


@lookup
def quantiles(tables: Tables, model: int, goals: Columns, score: Floats, out: Floats) -> None:
    glide, months, saved, contribution, _, growth, shift = goals
    for goal in range(len(out)):
        have = positive(saved[goal])
        if months[goal] < 1:
            out[goal] = have
            continue
        until = horizon(months[goal])
        one = moments(tables, model, glide[goal], until, growth[goal], shift[goal])
        lump = have * one.lump
        mean = lump + positive(contribution[goal]) * one.stream
        out[goal] = quantile_of(tables, (model, glide[goal], until), one, lump, mean, score[goal])


@lookup
def first_months(tables: Tables, model: int, goals: Columns, score: Floats, out: Positions) -> None:
    """The least number of months, not before the goal's own, that reaches the score; -1 where none does."""
    glide, months, saved, contribution, target, growth, shift = goals
    for goal in range(len(out)):
        have, paid, wanted = positive(saved[goal]), positive(contribution[goal]), positive(target[goal])
        out[goal] = -1
        for until in range(horizon(months[goal]), MAX_MONTHS + 1):
            one = moments(tables, model, glide[goal], until, growth[goal], shift[goal])
            which = (model, glide[goal], until)
            lump = have * one.lump
            if score_of(tables, which, one, lump, lump + paid * one.stream, wanted)[0] >= score[goal]:
                out[goal] = until
                break


@lookup
def ladders(tables: Tables, model: int, goals: Columns, begin: Floats, unit: Floats, out: Floats) -> None:
    """Probability of each goal with contributions of begin, begin + unit, begin + 2 units, ..."""
    glide, months, saved, _, target, growth, shift = goals
    for goal in range(len(out)):
        until, have, wanted = horizon(months[goal]), positive(saved[goal]), positive(target[goal])
        one = moments(tables, model, glide[goal], until, growth[goal], shift[goal])
        which, lump = (model, glide[goal], until), have * one.lump
        for rung in range(out.shape[1]):
            mean = lump + positive(begin[goal] + rung * unit[goal]) * one.stream
            if months[goal] < 1:
                out[goal, rung] = 1.0 if have >= wanted else 0.0
            else:
                out[goal, rung] = normal(score_of(tables, which, one, lump, mean, wanted)[0])
