"""How far counts by bins lie apart, and how sure it is that they do; features x bins on both sides."""

import numpy as np
from scipy import special

from engine.facts import Flags, Floats, Positions

SMOOTHING = 0.5
"""Added to each count, so that an empty bin has a logarithm."""
COMMON = 5.0
"""The least expected count for which the chi-square approximation holds."""


def debiased_psi(reference: Positions, current: Positions) -> Floats:
    """The population stability index of each feature, less what chance alone adds to it; at least 0.

    With no drift its mean is (bins - 1) (1/n + 1/m): 0.18 at 100 users on both sides and ten bins.
    """
    filled = (reference + current) > 0
    shares = [_smoothed(counts, filled) for counts in (reference, current)]
    psi = ((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum(axis=1)
    free = filled.sum(axis=1) - 1
    return np.asarray(np.maximum(psi - free * chance(_rows(reference), _rows(current)), 0.0))


def chance(n: float, m: float) -> float:
    """What one free bin adds to the index where nothing has changed."""
    return 1.0 / n + 1.0 / m


def p_values(reference: Positions, current: Positions) -> Floats:
    """Of each feature, that its shares are the same: chi-square over the common bins, their trend, the rare ones.

    The trend is one of the chi-square's parts, and finds a shift with fewer users. The rare bins are tested exactly,
    one by one. The least of the three, three times.
    """
    expected = _expected(reference, current)
    common = expected >= COMMON
    least = np.minimum(_chi_square(reference, current, common), _trend(reference, current))
    return np.asarray(np.minimum(3.0 * np.minimum(least, _rare(reference, current, ~common)), 1.0))


def scores(counts: Positions) -> Floats:
    """What a value counts by its bin: the normal quantile of the bin's middle; 0, the median, where it is unknown."""
    known = counts[:, :-1]
    total = np.maximum(known.sum(axis=1, keepdims=True), 1)
    middle = (known.cumsum(axis=1) - 0.5 * known + SMOOTHING) / (total + 2.0 * SMOOTHING)
    return np.column_stack([special.ndtri(middle), np.zeros(len(counts))])


def _smoothed(counts: Positions, filled: Flags) -> Floats:
    padded = np.where(filled, counts + SMOOTHING, SMOOTHING)
    return np.asarray(padded / np.where(filled, padded, 0.0).sum(axis=1, keepdims=True))


def _rows(counts: Positions) -> float:
    return float(counts[0].sum())


def _expected(reference: Positions, current: Positions) -> Floats:
    """Of each bin, in the smaller group."""
    n, m = _rows(reference), _rows(current)
    return np.asarray((reference + current) * (min(n, m) / (n + m)))


def _chi_square(reference: Positions, current: Positions, common: Flags) -> Floats:
    ours, theirs = np.where(common, current, 0), np.where(common, reference, 0)
    n, m = (np.maximum(side.sum(axis=1, keepdims=True), 1) for side in (ours, theirs))
    apart = (ours * np.sqrt(m / n) - theirs * np.sqrt(n / m)) ** 2
    statistic = (apart / np.maximum(ours + theirs, 1)).sum(axis=1)
    free = common.sum(axis=1) - 1
    return np.where(free > 0, special.chdtrc(np.maximum(free, 1), statistic), 1.0)


def _trend(reference: Positions, current: Positions) -> Floats:
    """Whether the mean score moved, among those whose value is known."""
    weight, ours, theirs = scores(reference)[:, :-1], current[:, :-1], reference[:, :-1]
    n, m = (np.maximum(side.sum(axis=1), 1) for side in (ours, theirs))
    both = ours + theirs
    mean = (both * weight).sum(axis=1) / (n + m)
    spread = (both * (weight - mean[:, None]) ** 2).sum(axis=1) / (n + m)
    moved = (ours * weight).sum(axis=1) / n - (theirs * weight).sum(axis=1) / m
    error = np.sqrt(spread * (1.0 / n + 1.0 / m))
    z = np.divide(moved, error, out=np.zeros(len(moved)), where=error > 0.0)
    return np.asarray(2.0 * special.ndtr(-np.abs(z)))


def _rare(reference: Positions, current: Positions, rare: Flags) -> Floats:
    """Of the rare bins of a feature the least likely, by the exact chance of so few or so many among all of it."""
    n, m = _rows(reference), _rows(current)
    both, share = reference + current, m / (n + m)
    few = special.bdtr(current, both, share)
    many = special.bdtrc(current - 1, both, share)
    tails = np.where(rare & (both > 0), 2.0 * np.minimum(few, many), 1.0)
    return np.asarray(np.minimum(tails.min(axis=1) * np.maximum(rare.sum(axis=1), 1), 1.0))
