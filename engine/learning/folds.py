"""Splits that never tear a group apart: a person, or a family, is on one side only."""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np

from engine.facts import Flags, Objects, Positions

DIGEST_BYTES = 8


def dealt(users: Objects, parts: int, purpose: bytes) -> Positions:
    """0 to `parts` - 1 by a hash of each user's id: the same whoever is asked with it, and dealt anew by purpose."""
    digests = (blake2b(str(user).encode(), digest_size=DIGEST_BYTES, person=purpose).digest() for user in users)
    return np.array([int.from_bytes(digest, "big") % parts for digest in digests], dtype=np.int64)


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
