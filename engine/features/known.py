"""Values that are not known."""

import numpy as np

from engine.facts import Floats


def or_zero(values: Floats) -> Floats:
    """The values, 0 where not known."""
    return np.where(np.isnan(values), 0.0, values)
