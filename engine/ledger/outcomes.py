"""What came of a promise, from what the data say now.

Known is only what was watched: a household counts where it is still seen (a transaction) on or after the day on which
the promise is due, whatever came of it. One that went away is unknown, neither kept nor broken; so is a goal that was
deleted or given up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from engine.enums import EmploymentStatus, GoalStatus, LifeEvent, MaritalStatus, RecommendationStatus, RiskLevel, code
from engine.facts import CashFlows, Dates, Facts, Source
from engine.features.sustainable import ENOUGH
from engine.ledger.promises import Promise, PromiseKind
from engine.sustain.target import put_aside
from engine.transactions import SPENDING
from engine.units import MONTHS_A_YEAR

OUTCOME_SOURCES: frozenset[Source] = frozenset({"profile", "cash_flows", "life_events"})
DONE = (RecommendationStatus.COMPLETED, RecommendationStatus.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A promise, whom of the batch it was made to, and when."""

    user: int
    said_on: date
    promise: Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalNow:
    """A goal as it stands."""

    target_amount: float
    saved_amount: float
    status: GoalStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What is known now of a batch of users."""

    facts: Facts
    """With `OUTCOME_SOURCES`."""
    last_seen: Dates
    """By user, the day of the latest transaction; NaT where there is none."""
    goals: Mapping[str, GoalNow]
    """By id; those that are gone are missing."""
    statuses: Mapping[tuple[int, str], RecommendationStatus]
    """By user and key, of the advice that was promised to be followed."""


def outcome(told: Told, now: Now) -> float | None:
    """1 or 0 of what came or did not come, money of an amount; None where it is not known (yet)."""
    if not now.last_seen[told.user] >= np.datetime64(told.promise.due):
        return None
    return _OUTCOMES[told.promise.kind](told, now)


def _goal_reached(told: Told, now: Now) -> float | None:
    """Marked as achieved, or the target is saved; the target as it is now, since goals are in today's money."""
    goal = now.goals.get(told.promise.subject)
    if goal is None or goal.status is GoalStatus.ABANDONED:
        return None
    return float(goal.status is GoalStatus.ACHIEVED or goal.saved_amount >= goal.target_amount)


def _rate_kept(told: Told, now: Now) -> float | None:
    """Nine tenths of the amount over the twelve months before the due date: what the model is trained on, too."""
    year = _months(now.facts.cash_flows, told, MONTHS_A_YEAR)
    if year is None or told.promise.amount is None:
        return None
    return float(put_aside(year)[0] >= ENOUGH * told.promise.amount)


def _month_spent(told: Told, now: Now) -> float | None:
    """What went out in the month before the due date, refunds deducted."""
    month = _months(now.facts.cash_flows, told, 1)
    if month is None:
        return None
    return float(-month.amount[0, 0, np.isin(month.categories, SPENDING)].sum())


def _event_happened(told: Told, now: Now) -> float:
    """An event of the kind in the years that were named; where none is dated, a profile that says so now.

    It did not say so before: whoever is married, owns or is retired is not promised that event.
    """
    name, years = told.promise.subject.split(":")
    event, events = LifeEvent(name), now.facts.life_events
    mine = slice(*np.searchsorted(events.user, [told.user, told.user + 1]))
    days = events.date[mine][events.event[mine] == code(event)]
    since = days[days > np.datetime64(told.said_on)]
    if len(since):
        return float(since.min() <= np.datetime64(_years_on(told.said_on, int(years))))
    return float(_profile_says(event, told.user, now.facts))


def _advice_followed(told: Told, now: Now) -> float | None:
    status = now.statuses.get((told.user, told.promise.subject))
    return None if status is None else float(status in DONE)


def _tolerance_stated(told: Told, now: Now) -> float | None:
    """Unknown while nothing is stated."""
    stated = int(now.facts.profile.stated_risk_tolerance[told.user])
    return None if stated < 0 else float(stated == code(RiskLevel(told.promise.subject)))


def _months(flows: CashFlows, told: Told, count: int) -> CashFlows | None:
    """So many months of one user up to the due date, all of them seen; None where they are not."""
    stop, user = int(np.searchsorted(flows.months, np.datetime64(told.promise.due))), told.user
    if stop < count or flows.observed[user] < len(flows.months) - stop + count:
        return None
    chosen = slice(stop - count, stop)
    return replace(
        flows,
        months=flows.months[chosen],
        amount=flows.amount[user : user + 1, chosen],
        observed=np.array([count], dtype=np.int64),
    )


def _years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, 1) + timedelta(days=day.day - 1)


def _profile_says(event: LifeEvent, user: int, facts: Facts) -> bool:
    """Only of states that whoever has is never promised the event."""
    profile = facts.profile
    if event is LifeEvent.MARRIAGE:
        return bool(profile.marital_status[user] == code(MaritalStatus.MARRIED))
    if event is LifeEvent.HOME_PURCHASE:
        return bool(profile.homeowner[user])
    if event is LifeEvent.RETIREMENT:
        return bool(profile.employment[user] == code(EmploymentStatus.RETIRED))
    return False


_OUTCOMES: Mapping[PromiseKind, Callable[[Told, Now], float | None]] = {
    PromiseKind.GOAL_REACHED: _goal_reached,
    PromiseKind.RATE_KEPT: _rate_kept,
    PromiseKind.EVENT_HAPPENED: _event_happened,
    PromiseKind.MONTH_SPENT: _month_spent,
    PromiseKind.ADVICE_FOLLOWED: _advice_followed,
    PromiseKind.TOLERANCE_STATED: _tolerance_stated,
}
