"""Days as numbers, since 1970-01-01."""

from datetime import date

import numpy as np

from engine.facts import Dates, Positions


def day_number(day: date) -> int:
    """Of one day."""
    return int(np.datetime64(day, "D").astype(np.int64))


def day_numbers(days: Dates) -> Positions:
    """Of many."""
    return days.astype("datetime64[D]").astype(np.int64)
