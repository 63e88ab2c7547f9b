"""What an answer promises: chances, intervals and advice, each with the day on which it can be judged.

Days are firsts of months wherever the promise is about a span that moves with the day it is made, so that a household
that is answered often is promised the same thing once a month and not once a day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.units import MONTHS_A_YEAR

SURE = 0.9
"""The share of outcomes that an interval is said to hold."""


class PromiseKind(StrEnum):
    """What is promised, and so what the data are asked for when it is due (`engine.ledger.outcomes`)."""

    GOAL_REACHED = "GOAL_REACHED"
    """The goal is reached by its date."""
    RATE_KEPT = "RATE_KEPT"
    """The monthly amount is put aside over the twelve complete months that follow."""
    EVENT_HAPPENED = "EVENT_HAPPENED"
    """The event comes within so many years."""
    MONTH_SPENT = "MONTH_SPENT"
    """So much is spent in a month."""
    ADVICE_FOLLOWED = "ADVICE_FOLLOWED"
    """What is recommended is worth doing: the household does it."""
    TOLERANCE_STATED = "TOLERANCE_STATED"
    """A household that had not stated its tolerance states the level that was expected of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One thing that was said of one household.

    `subject` names it among those of its kind (a goal's id, an event and its years, a month, a recommendation's key);
    what is said is a probability, or an interval around what is expected, or an amount. `before` is what the figure
    was when it was said, so that its direction can be judged.
    """

    kind: PromiseKind
    subject: str
    due: date
    probability: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    amount: float | None = None


def first_after(day: date, months: int = 0) -> date:
    """The first of the month after so many whole months that begin after the day."""
    ahead = day.year * MONTHS_A_YEAR + day.month + months
    return date(ahead // MONTHS_A_YEAR, ahead % MONTHS_A_YEAR + 1, 1)
