"""Latent normal correlations behind columns of any kind: amounts with zeros, ordered answers, yes or no.

A column is taken as a step function g of a standard normal. With Hermite coefficients a of g and b of h, the rank
correlation of two columns is the sum of a_k b_k r^k (Mehler), which rises in r and is inverted on a grid.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]

TERMS = 80
GRID = np.linspace(-0.98, 0.98, 393)
CONTINUOUS_STEPS = 200
LEAST_EIGENVALUE = 0.01  # survives rounding to three digits
REPAIR_ROUNDS = 100


def latent_correlation(x: Floats, y: Floats, weight: Floats) -> float:
    """The correlation of the two normals whose columns would show the rank correlation of x and y."""
    rank_x, rank_y = mid_ranks(x, weight), mid_ranks(y, weight)
    observed = correlation(rank_x, rank_y, weight)
    powers = GRID[:, None] ** np.arange(TERMS)
    return float(np.interp(observed, powers @ (_hermite(x, weight) * _hermite(y, weight)), GRID))


def mid_ranks(x: Floats, weight: Floats) -> Floats:
    """Weighted ranks in 0..1; equal values share the middle of theirs."""
    _, index = np.unique(x, return_inverse=True)
    mass = np.bincount(index, weight)
    return np.asarray(((np.cumsum(mass) - mass / 2) / mass.sum())[index], dtype=np.float64)


def nearest_correlation(matrix: Floats) -> Floats:
    """The nearest positive definite correlation matrix (Higham 2002, alternating projections)."""
    shift = np.zeros_like(matrix)
    nearest = matrix.copy()
    for _ in range(REPAIR_ROUNDS):
        shifted = nearest - shift
        projected = _positive(shifted)
        shift = projected - shifted
        nearest = projected.copy()
        np.fill_diagonal(nearest, 1.0)
    nearest = _positive(nearest)
    scale = np.sqrt(np.diag(nearest))
    return np.asarray(nearest / np.outer(scale, scale), dtype=np.float64)


def _positive(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T, dtype=np.float64)


def correlation(x: Floats, y: Floats, weight: Floats) -> float:
    """Weighted Pearson correlation."""
    x = x - np.average(x, weights=weight)
    y = y - np.average(y, weights=weight)
    return float(np.sum(weight * x * y) / np.sqrt(np.sum(weight * x * x) * np.sum(weight * y * y)))


def _hermite(x: Floats, weight: Floats) -> Floats:
    """Coefficients of the standardised mid-rank of x, as a function of its normal, in normalised Hermite terms."""
    ends = _ends(x, weight)
    value = (ends[1:] + ends[:-1]) / 2
    mean = np.sum(np.diff(ends) * value)
    value = (value - mean) / np.sqrt(np.sum(np.diff(ends) * (value - mean) ** 2))
    edges = ndtri(ends[1:-1])
    density = np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
    terms = _terms(edges)
    coefficients = np.zeros(TERMS)
    for k in range(1, TERMS):
        falls = np.concatenate([[0.0], -density * terms[k - 1] / np.sqrt(k), [0.0]])
        coefficients[k] = np.sum(value * np.diff(falls))
    return coefficients


def _ends(x: Floats, weight: Floats) -> Floats:
    """Cumulated shares at the ends of the column's steps; a column of amounts: its zero and equal steps above it."""
    values, index = np.unique(x, return_inverse=True)
    shares = np.cumsum(np.bincount(index, weight)) / weight.sum()
    if len(values) > CONTINUOUS_STEPS:
        first = shares[0] if values[0] <= 0 else 0.0
        ends = np.concatenate([[0.0], np.linspace(first, 1.0, CONTINUOUS_STEPS)])
        return np.unique(ends)
    return np.concatenate([[0.0], shares[:-1], [1.0]])


def _terms(z: Floats) -> list[Floats]:
    """Hermite polynomials divided by the root of their order's factorial, by recurrence."""
    terms = [np.ones_like(z), z.copy()]
    for k in range(1, TERMS):
        terms.append((z * terms[k] - np.sqrt(k) * terms[k - 1]) / np.sqrt(k + 1))
    return terms
