"""The current account closes: going back from today's balance, no day ends below zero.

What a month leaves over or lacks moves on its last day: to or from savings as far as their balance allows, else to or
from investments, else as cash. Each month starts with at least what its bills need before the next pay, and with no
more than a household would let lie.
"""

from dataclasses import dataclass

import numpy as np

from engine.facts import Floats, Positions
from engine.population.balance_sheet import BalanceSheet, Slot
from engine.population.calendar import Calendar
from engine.population.lines import Lines, category_code, lines
from engine.population.merchants import merchant
from engine.population.streams import stream

MOST_MONTHS_IDLE = 1.5  # of net pay, and twice today's balance, may lie in the current account
SPARE = (0.03, 0.25)  # of a month's net pay is left when an account is brought back into its range
MOST_SAVINGS = (2.0, 3.0)  # months of net pay and times today's balance: savings were never higher


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Households x months of a ledger."""

    flow: Floats
    lowest: Floats
    """The lowest that the month's running sum is at the end of a day."""
    saved: Floats
    """Net of what came back."""


def closing_lines(ledger: Lines, sheet: BalanceSheet, monthly_net: Floats, months: Calendar, seed: int) -> list[Lines]:
    """Transfers for every month that does not close by itself; `ledger` is in order."""
    random = stream(seed, "closing")
    sums = _by_month(ledger, months, len(monthly_net))
    balance, savings = (sheet.balance[:, slot].copy() for slot in (Slot.CHECKING, Slot.SAVINGS))
    ceiling = (MOST_MONTHS_IDLE * monthly_net + 2.0 * balance).round(2)
    most_savings = np.where(savings > 0, MOST_SAVINGS[0] * monthly_net + MOST_SAVINGS[1] * savings, 0.0)
    spare = (random.uniform(*SPARE, sums.flow.shape) * monthly_net[:, None]).round(2)
    moved, from_savings = np.zeros((2, *sums.flow.shape))
    for month in range(len(months) - 1, -1, -1):
        start = (balance - sums.flow[:, month]).round(2)
        balance = _start(start, np.maximum(-sums.lowest[:, month], 0.0).round(2), ceiling, spare[:, month])
        moved[:, month] = (start - balance).round(2)
        before = savings - sums.saved[:, month]
        from_savings[:, month] = np.clip(moved[:, month], -before.clip(0.0), (most_savings - before).clip(0.0)).round(2)
        savings = before + from_savings[:, month]
    return _lines(from_savings, moved - from_savings, sheet, months)


def _start(start: Floats, least: Floats, ceiling: Floats, spare: Floats) -> Floats:
    """The balance that a month starts with: as it comes where that is within the range."""
    most = np.maximum(least, ceiling)
    return np.where(start < least, least + spare, np.where(start > most, np.maximum(least, most - spare), start))


def _by_month(ledger: Lines, months: Calendar, users: int) -> Months:
    cell = ledger.user * len(months) + months.month(ledger.day)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    running = np.cumsum(ledger.amount)
    before = running[starts] - ledger.amount[starts]
    day_ends = np.append((np.diff(ledger.day) != 0) | (np.diff(cell) != 0), True)
    lowest = np.zeros(users * len(months))
    lowest[cell[starts]] = np.minimum.reduceat(np.where(day_ends, running, np.inf), starts) - before
    to_savings = np.where(ledger.category == category_code("savings_transfer"), -ledger.amount, 0.0)
    shape = (users, len(months))
    return Months(
        flow=_sums(cell, ledger.amount, lowest.size).reshape(shape),
        lowest=lowest.reshape(shape),
        saved=_sums(cell, to_savings, lowest.size).reshape(shape),
    )


def _sums(cell: Positions, amount: Floats, size: int) -> Floats:
    return np.bincount(cell, amount, minlength=size).astype(np.float64)


def _lines(from_savings: Floats, others: Floats, sheet: BalanceSheet, months: Calendar) -> list[Lines]:
    invests = np.abs(others).sum(axis=1, keepdims=True) < sheet.balance[:, Slot.BROKERAGE, None]
    parts = {
        "savings_transfer": from_savings,
        "investment": np.where(invests, others, 0.0),
        "transfer": np.where(invests, 0.0, others),
    }
    found = []
    for category, amount in parts.items():
        user, month = np.nonzero(amount)
        found.append(lines(user, months.last_day(month), amount[user, month], category, merchant(category)))
    return found
