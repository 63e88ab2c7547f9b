"""Splits that never tear a group apart: a person, or a family, is on one side only."""

from collections.abc import Iterator

import numpy as np

from engine.facts import Flags, Positions


def group_folds(groups: Positions, folds: int, seed: int) -> Iterator[tuple[Positions, Positions]]:
    """Rows to train on and rows to test on, fold by fold."""
    names, member = np.unique(groups, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(len(names)) % folds
    for each in range(folds):
        yield np.flatnonzero(fold[member] != each), np.flatnonzero(fold[member] == each)


def share_of_groups(groups: Positions, share: float, seed: int) -> Flags:
    """Rows of so many of the groups, drawn by chance."""
    names, member = np.unique(groups, return_inverse=True)
    chosen = np.random.default_rng(seed).random(len(names)) < share
    return np.asarray(chosen[member], dtype=np.bool_)
