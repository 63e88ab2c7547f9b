"""The rule on keeping an amount up, told where no model is: how often the household's own record shows so much."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from engine.facts import CashFlows, Flags, Floats
from engine.features.cash_flow import Flow
from engine.features.sustainable import ENOUGH, outlook
from engine.sustain.target import put_aside, window

SPANS = ((6, 0), (12, 6), (12, 0), (24, 12))
"""From and to months ago: the halves of the last year, and each of the last two years."""
EVEN = 0.5
"""Of one span, for what it has not shown yet (Jeffreys' prior): a short record says neither never nor always."""
PERSISTENCE = 0.935
"""Of those who did so far, who go on: of savers whose rate rose with their pay, 80 % were still in the plan after 40
months (Thaler and Benartzi, Save More Tomorrow, Journal of Political Economy 112, 2004): 0.8 ** (12 / 40) a year."""
BASE_RATE = 0.586
"""Of US families, who spent less than their income in a year (Survey of Consumer Finances 2019, printed by
`python -m benchmarks.priors.savings`): what is said where less than half a year of transactions is known, and said to
be that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One value a user: the spans that were seen whole, and in how many of them so much was put aside."""

    spans: Floats
    kept: Floats

    @property
    def known(self) -> Flags:
        """Whether any was seen."""
        return np.asarray(self.spans > 0, dtype=np.bool_)


def record(flows: CashFlows, amount: Floats) -> Record:
    """Of nine tenths of an amount a month, counted as the outcome is."""
    seen = np.stack([flows.observed >= start for start, _ in SPANS])
    reached = np.stack([put_aside(window(flows, *span)) >= ENOUGH * amount for span in SPANS])
    return Record(spans=seen.sum(axis=0).astype(np.float64), kept=(seen & reached).sum(axis=0).astype(np.float64))


def chance_of_keeping(found: Record, flow: Flow, amount: Floats) -> Floats:
    """That nine tenths of the amount are put aside over the following year; the base rate where no record is known.

    Of no amount: that next year covers what is spent and owed, as far as months differ.
    """
    ahead = outlook(flow)
    again = PERSISTENCE * (found.kept + EVEN) / (found.spans + 2.0 * EVEN)
    told = np.where(amount > 0, again, ndtr(ahead.mean / np.maximum(ahead.spread, 1e-9)))
    return np.where(found.known, told, BASE_RATE)
