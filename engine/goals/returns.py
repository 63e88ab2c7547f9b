"""How money grows: the glide paths, the models of return, and the correction for monthly averages."""

import numpy as np
from numpy.typing import NDArray

MAX_MONTHS = 720
# A savings account, the five risk levels of the contract as constant mixes, two glides that grow careful near the date.
GLIDES = (
    "SAVINGS",
    "CONSERVATIVE",
    "MODERATELY_CONSERVATIVE",
    "MODERATE",
    "MODERATELY_AGGRESSIVE",
    "AGGRESSIVE",
    "PURCHASE_DATE",
    "RETIREMENT_DATE",
)
MODELS = ("HISTORY", "LOGNORMAL")
HISTORY, LOGNORMAL = range(len(MODELS))

# A return row is a mix: 0 to 100 per cent of stocks, the rest in bonds; one row more for the savings account.
SAVINGS_ROW = 101
RETURN_ROWS = 102
# Stocks in per cent, by years to the date; straight between the points, level beyond the last. Money for a purchase
# spends its last SAVINGS_MONTHS in the savings account.
STOCK_PERCENT_BY_YEARS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "CONSERVATIVE": ((0,), (20,)),
    "MODERATELY_CONSERVATIVE": ((0,), (40,)),
    "MODERATE": ((0,), (60,)),
    "MODERATELY_AGGRESSIVE": ((0,), (80,)),
    "AGGRESSIVE": ((0,), (100,)),
    "PURCHASE_DATE": ((2, 5, 15), (20, 40, 80)),
    "RETIREMENT_DATE": ((0, 25), (40, 90)),
}

SAVINGS_MONTHS = 24
COST_PER_YEAR = 0.002  # of an index fund; the savings account has none
SAVINGS_BELOW_BOND_YIELD = 0.01  # a year, never below zero: what a savings account pays, beside ten-year bonds
MEAN_BLOCK_MONTHS = 60
SMOOTHING = 0.25  # of a month's standard deviation: Silverman and Young's smoothed bootstrap, variance kept
# Working (1960): averaging a random walk over the month leaves an MA(1) with lag-one correlation 1/4,
# t / (1 + t**2) = 1/4, so t = 2 - sqrt(3).
AVERAGING = 2 - 3**0.5


def return_rows(glide: str) -> NDArray[np.int64]:
    """Which return row earns the month that has so many months to go: element 0 is the last month."""
    if glide == "SAVINGS":
        return np.full(MAX_MONTHS, SAVINGS_ROW, dtype=np.int64)
    years, percent = STOCK_PERCENT_BY_YEARS[glide]
    months_to_go = np.arange(MAX_MONTHS) + 0.5
    rows = np.rint(np.interp(months_to_go / 12, years, percent)).astype(np.int64)
    if glide == "PURCHASE_DATE":
        rows[:SAVINGS_MONTHS] = SAVINGS_ROW
    return rows


def stock_percent(glide: str) -> NDArray[np.int64]:
    """Of stocks, in the month that has so many months to go."""
    rows = return_rows(glide)
    return np.where(rows == SAVINGS_ROW, 0, rows)


def undo_averaging(log_returns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Month-end returns with the long-run mean and variance of returns between monthly averages.

    The averages' returns are a[t] = e[t] + t e[t-1]. The filter recovers e and scales it by 1 + t: what many months
    add up to stays as it was, a single month gets its variance back (by one half) and loses the false correlation.
    """
    mean = log_returns.mean()
    shocks = np.empty_like(log_returns)
    last = 0.0
    for month, value in enumerate(log_returns - mean):
        last = value - AVERAGING * last
        shocks[month] = last
    unscaled: NDArray[np.float64] = mean + (1 + AVERAGING) * shocks
    return unscaled
