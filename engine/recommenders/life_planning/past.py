"""Households as they were years ago, as far as what is known of them today and the dates of their events tell.

What an event's date does not tell is not guessed: when a marriage ended is not kept, so nobody who is divorced or
widowed today says anything but about retiring, and marriages after the first are not learned from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.facts import Codes, Facts, Flags, Floats, LifeEvents
from engine.units import DAYS_A_YEAR

GROWN_YEARS = 20.0
"""Until children count as grown up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One row a user, in the order of today's facts."""

    facts: Facts
    """As they were; profile and life events alone mean something."""
    known: Mapping[LifeEvent, Flags]
    """Whether it is known that the event could come, and whether and when it came since."""
    until: Mapping[LifeEvent, Floats]
    """Years from then to the first event of the kind; infinite where none came."""


def past(facts: Facts, years: float) -> Past:
    """So many years ago."""
    then = facts.today - timedelta(days=round(DAYS_A_YEAR * years))
    before = facts.life_events.date <= np.datetime64(then)
    had = {event: _count(facts, event, before) for event in LifeEvent}
    came = {event: _count(facts, event, ~before) for event in LifeEvent}
    profile = replace(
        facts.profile,
        age=facts.profile.age - years,
        marital_status=_marital_status(facts, came[LifeEvent.MARRIAGE]),
        dependents=_children(facts, then, before),
        homeowner=np.asarray(facts.profile.homeowner & (came[LifeEvent.HOME_PURCHASE] == 0), dtype=np.bool_),
        employment=_employment(facts, came),
    )
    return Past(
        facts=replace(facts, today=then, sources={"profile": profile, "life_events": _chosen(facts, before)}),
        known={event: _KNOWN[event](facts, had, came) for event in LifeEvent},
        until={event: _until(facts, then, event, ~before) for event in LifeEvent},
    )


def must_have_had(facts: Facts) -> Mapping[LifeEvent, Flags]:
    """By what the household is today; a job change leaves nothing to see."""
    profile = facts.profile
    return {
        LifeEvent.MARRIAGE: np.asarray(profile.marital_status == code(MaritalStatus.MARRIED), dtype=np.bool_),
        LifeEvent.CHILD: np.asarray(profile.dependents > 0, dtype=np.bool_),
        LifeEvent.HOME_PURCHASE: profile.homeowner,
        LifeEvent.RETIREMENT: np.asarray(profile.employment == code(EmploymentStatus.RETIRED), dtype=np.bool_),
    }


def on_record(facts: Facts, event: LifeEvent) -> Flags:
    """Who has such an event, at any time."""
    ever = np.ones(len(facts.life_events.user), dtype=np.bool_)
    return np.asarray(_count(facts, event, ever) > 0, dtype=np.bool_)


Counts = Mapping[LifeEvent, Floats]


def _first_marriage(facts: Facts, had: Counts, came: Counts) -> Flags:
    """The single who never married, and those whose first marriage came since."""
    single = (facts.profile.marital_status == code(MaritalStatus.SINGLE)) & (came[LifeEvent.MARRIAGE] == 0)
    return np.asarray((had[LifeEvent.MARRIAGE] == 0) & (single | (came[LifeEvent.MARRIAGE] > 0)), dtype=np.bool_)


def _any_child(facts: Facts, had: Counts, came: Counts) -> Flags:
    """Where every dependent is on record."""
    recorded = had[LifeEvent.CHILD] + came[LifeEvent.CHILD]
    return np.asarray((facts.profile.dependents <= recorded) & _marriage_known(facts, had, came), dtype=np.bool_)


def _employed(facts: Facts, had: Counts, came: Counts) -> Flags:
    """Who is employed, has lost its work since, or has retired from it since."""
    employed = facts.profile.employment == code(EmploymentStatus.EMPLOYED)
    idle = facts.profile.employment == code(EmploymentStatus.UNEMPLOYED)
    worked = employed | (idle & (came[LifeEvent.JOB_CHANGE] > 0)) | _retired_since(facts, came)
    return np.asarray(worked & _marriage_known(facts, had, came), dtype=np.bool_)


def _tenant(facts: Facts, had: Counts, came: Counts) -> Flags:
    """Who owns no home and never bought one, and whose first home came since."""
    tenant = (had[LifeEvent.HOME_PURCHASE] == 0) & ((came[LifeEvent.HOME_PURCHASE] > 0) | ~facts.profile.homeowner)
    return np.asarray(tenant & _marriage_known(facts, had, came), dtype=np.bool_)


def _marriage_known(facts: Facts, had: Counts, came: Counts) -> Flags:
    """Whether it is known if the household was married then: base rates of most events go by it."""
    status, on_record = facts.profile.marital_status, had[LifeEvent.MARRIAGE] + came[LifeEvent.MARRIAGE] > 0
    married = (status == code(MaritalStatus.MARRIED)) & on_record
    return np.asarray(married | (status == code(MaritalStatus.SINGLE)), dtype=np.bool_)


def _working(facts: Facts, had: Counts, came: Counts) -> Flags:
    at_work = [code(status) for status in (EmploymentStatus.EMPLOYED, EmploymentStatus.SELF_EMPLOYED)]
    never = had[LifeEvent.RETIREMENT] + came[LifeEvent.RETIREMENT] == 0
    return np.asarray((np.isin(facts.profile.employment, at_work) & never) | _retired_since(facts, came))


_KNOWN: Mapping[LifeEvent, Callable[[Facts, Counts, Counts], Flags]] = {
    LifeEvent.MARRIAGE: _first_marriage,
    LifeEvent.CHILD: _any_child,
    LifeEvent.JOB_CHANGE: _employed,
    LifeEvent.HOME_PURCHASE: _tenant,
    LifeEvent.RETIREMENT: _working,
}


def _retired_since(facts: Facts, came: Counts) -> Flags:
    retired = facts.profile.employment == code(EmploymentStatus.RETIRED)
    return np.asarray(retired & (came[LifeEvent.RETIREMENT] > 0), dtype=np.bool_)


def _marital_status(facts: Facts, came: Floats) -> Codes:
    """Who married since was single; of the divorced and widowed nothing else is known than what they are today."""
    return np.where(came > 0, code(MaritalStatus.SINGLE), facts.profile.marital_status).astype(np.int8)


def _employment(facts: Facts, came: Counts) -> Codes:
    """Who lost its work or retired since was employed."""
    idle = (facts.profile.employment == code(EmploymentStatus.UNEMPLOYED)) & (came[LifeEvent.JOB_CHANGE] > 0)
    worked = idle | _retired_since(facts, came)
    return np.where(worked, code(EmploymentStatus.EMPLOYED), facts.profile.employment).astype(np.int8)


def _children(facts: Facts, then: date, before: Flags) -> Floats:
    """On record by then and not yet grown up."""
    born = np.datetime64(then) - facts.life_events.date
    young = before & (born.astype("timedelta64[D]").astype(np.int64) <= DAYS_A_YEAR * GROWN_YEARS)
    return _count(facts, LifeEvent.CHILD, young)


def _count(facts: Facts, event: LifeEvent, rows: Flags) -> Floats:
    chosen = rows & (facts.life_events.event == code(event))
    return np.bincount(facts.life_events.user[chosen], minlength=len(facts)).astype(np.float64)


def _until(facts: Facts, then: date, event: LifeEvent, after: Flags) -> Floats:
    chosen = after & (facts.life_events.event == code(event))
    days = (facts.life_events.date[chosen] - np.datetime64(then)).astype("timedelta64[D]").astype(np.int64)
    years = np.full(len(facts), np.inf)
    np.minimum.at(years, facts.life_events.user[chosen], days / DAYS_A_YEAR)
    return years


def _chosen(facts: Facts, rows: Flags) -> LifeEvents:
    events = facts.life_events
    return LifeEvents(user=events.user[rows], event=events.event[rows], date=events.date[rows])
