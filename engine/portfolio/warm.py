"""Compiles the solver and the search for whole shares once, so that nobody's first question waits for it."""

import numpy as np

from engine.portfolio.interior import interior, inverted
from engine.portfolio.shares import whole_shares


def warm_up() -> None:
    """Some thirty seconds where no compiled kernels are kept on disk, else a few tenths of a second."""
    row, value = np.array([[0, 1, -1, -1]], dtype=np.int64), np.array([[1.0, 1.0, 0.0, 0.0]])
    free = np.array([np.inf])
    interior(row, value, np.zeros(1), free, inverted(np.ones((1, 1))), np.array([1.0, 1.0]), 1e-8)
    none, one = np.zeros(1, dtype=np.int64), np.ones(1)
    whole_shares(none, none.copy(), one, none.copy(), one.copy(), np.zeros(2), np.eye(2))
