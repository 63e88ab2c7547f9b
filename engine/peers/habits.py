"""What households do about their money that others could do too, as their transactions show it before a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.enums import AccountKind, GoalKind, GoalStatus, code
from engine.facts import Dates, Facts, Flags, Floats
from engine.features.balance_sheet import DEBTS, required_payments

YEAR = 12
HALF_YEAR = 6
MOST_MONTHS = 0.75
"""Of the months seen, to count as a habit."""
EXTRA = 1.10
"""Times what lenders ask for."""
RAISED = 1.03
"""Times what was put aside the year before: more than a usual rise of prices."""
ASIDE = ("savings_transfer", "investment")


class Habit(StrEnum):
    """Named in recommendations and in the artifact."""

    MONTHLY_TRANSFERS = "monthly_transfers"
    RESERVE_FIRST = "reserve_first"
    EXTRA_ON_DEBT = "extra_on_debt"
    RAISED_SAVING = "raised_saving"
    BUDGETS_KEPT = "budgets_kept"


HABITS = tuple(Habit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Households x months, oldest first."""

    starts: Dates
    """First days of the months."""
    seen: Flags
    aside: Floats
    """Put into savings and investments, net."""
    to_lenders: Floats
    within: Flags
    """Whether all budgeted categories together stayed below their limits."""


def record(facts: Facts) -> Record:
    """What the habits are read from."""
    months = facts.cash_flows.amount.shape[1]
    age = np.arange(months, 0, -1)
    return Record(
        starts=facts.cash_flows.months.astype("datetime64[D]"),
        seen=np.asarray(age[None, :] <= facts.cash_flows.observed[:, None], dtype=np.bool_),
        aside=_out(facts, ASIDE),
        to_lenders=_out(facts, ("debt_payment",)),
        within=_within_budgets(facts),
    )


def habits(facts: Facts, known: Record, until: Dates, kind: GoalKind | None = None) -> Mapping[Habit, Flags]:
    """Which a household had in the year before its day; none where half a year was not seen.

    A reserve counts as built first where a goal of that kind was reached; it is no habit of those who save for one.
    """
    last, before = _window(known, until, 0), _window(known, until, YEAR)
    enough = last.sum(axis=1) >= HALF_YEAR
    aside, previous = _mean(known.aside, last), _mean(known.aside, before)
    asked = required_payments(facts, [debt for debt in DEBTS if debt is not AccountKind.MORTGAGE])
    paid = _mean(known.to_lenders, last)
    found = {
        Habit.MONTHLY_TRANSFERS: _mean((known.aside > 0).astype(np.float64), last) >= MOST_MONTHS,
        Habit.RESERVE_FIRST: _reached_reserve(facts) & (kind is not GoalKind.EMERGENCY_FUND),
        Habit.EXTRA_ON_DEBT: (asked > 0) & (paid >= EXTRA * asked),
        Habit.RAISED_SAVING: (before.sum(axis=1) >= HALF_YEAR) & (previous > 0) & (aside >= RAISED * previous),
        Habit.BUDGETS_KEPT: _mean(known.within.astype(np.float64), last) >= MOST_MONTHS,
    }
    return {habit: flags & enough for habit, flags in found.items()}


def was_seen(known: Record, until: Dates) -> Flags:
    """Whether half a year before the day is known."""
    return np.asarray(_window(known, until, 0).sum(axis=1) >= HALF_YEAR, dtype=np.bool_)


def _window(known: Record, until: Dates, back: int) -> Flags:
    """The twelve complete months that end so many before each household's day."""
    ages = (until.astype("datetime64[M]")[:, None] - known.starts.astype("datetime64[M]")[None, :]).astype(np.int64)
    return np.asarray(known.seen & (ages > back) & (ages <= back + YEAR), dtype=np.bool_)


def _mean(values: Floats, window: Flags) -> Floats:
    return np.asarray((values * window).sum(axis=1) / np.maximum(window.sum(axis=1), 1), dtype=np.float64)


def _out(facts: Facts, categories: tuple[str, ...]) -> Floats:
    chosen = np.isin(facts.cash_flows.categories, categories).astype(np.float64)
    return np.asarray(-(facts.cash_flows.amount @ chosen), dtype=np.float64)


def _within_budgets(facts: Facts) -> Flags:
    """False for who has no budgets."""
    flows, rows = facts.cash_flows, facts.budgets
    position = {name: index for index, name in enumerate(flows.categories)}
    known = np.array([name in position for name in rows.category], dtype=np.bool_)
    user = rows.user[known]
    limit = np.zeros((len(facts), len(flows.categories)))
    limit[user, [position[name] for name in rows.category[known]]] = rows.monthly_limit[known]
    budgeted = np.zeros(limit.shape)
    budgeted[user, [position[name] for name in rows.category[known]]] = 1.0
    spent = -np.einsum("umc,uc->um", flows.amount, budgeted)
    return np.asarray((budgeted.sum(axis=1) > 0)[:, None] & (spent <= limit.sum(axis=1)[:, None]), dtype=np.bool_)


def _reached_reserve(facts: Facts) -> Flags:
    ended = facts.ended_goals
    rows = (ended.kind == code(GoalKind.EMERGENCY_FUND)) & (ended.status == code(GoalStatus.ACHIEVED))
    return np.asarray(np.bincount(ended.user[rows], minlength=len(facts)) > 0, dtype=np.bool_)
