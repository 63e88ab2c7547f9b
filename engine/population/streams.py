"""Random streams by name, so that a change in one part of the population leaves the draws of the others alone."""

from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of one part."""
    return np.random.default_rng([seed, crc32(name.encode())])
