"""Weekly returns of loaded prices, and what is wrong with them: stale, short, gaps, jumps like those of a split."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.facts import Flags, Floats, Prices

LEAST_WEEKS = 104
STALE_DAYS = 45
MOST_GAP = 0.05
"""Share of the weeks between a symbol's first and last that may be missing."""
JUMP = 0.35
"""Log points of price in a week without as much in total return, or a return of twice as much: a split or an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Symbols x weeks of log total returns, NaN where not known; flags are by symbol."""

    log: Floats
    stale: Flags
    short: Flags
    gaps: Flags
    jumps: Flags

    @property
    def usable(self) -> Flags:
        """Whether a symbol's returns say something about its risk; jumps were taken out."""
        return np.asarray(~(self.stale | self.short | self.gaps), dtype=np.bool_)


def weekly_returns(prices: Prices, today: date) -> Returns:
    """Returns of total return where it is known throughout, else of the price, without what looks like a split."""
    close = np.log(prices.close)
    total = np.where(_complete(prices), np.log(prices.total_return), close)
    log, moved = np.diff(total, axis=1), np.diff(close, axis=1)
    jump = (np.abs(moved - log) > JUMP) | (np.abs(log) > 2.0 * JUMP)
    wrong = jump & (np.abs(log) > JUMP)
    known = np.isfinite(close)
    weeks = known.sum(axis=1)
    return Returns(
        log=np.where(wrong, np.nan, log),
        stale=(np.datetime64(today) - prices.latest).astype(np.int64) > STALE_DAYS,
        short=np.asarray(weeks < LEAST_WEEKS, dtype=np.bool_),
        gaps=np.asarray(weeks < (1.0 - MOST_GAP) * _span(known), dtype=np.bool_),
        jumps=np.asarray(jump.any(axis=1), dtype=np.bool_),
    )


def _complete(prices: Prices) -> Flags:
    """Symbols (rows) whose total return is known wherever the price is."""
    missing = np.isfinite(prices.close) & ~np.isfinite(prices.total_return)
    return np.asarray(~missing.any(axis=1, keepdims=True), dtype=np.bool_)


def _span(known: Flags) -> Floats:
    """Weeks from the first to the last that is known."""
    weeks = known.shape[1]
    first = np.argmax(known, axis=1) if weeks else np.zeros(len(known))
    last = weeks - np.argmax(known[:, ::-1], axis=1) if weeks else np.zeros(len(known))
    return np.asarray(np.where(known.any(axis=1), last - first, 0.0), dtype=np.float64)
