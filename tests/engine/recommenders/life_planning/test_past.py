"""Households as they were: only what dates of events tell, and nothing of who is not on record."""

import numpy as np
import pytest

from engine.enums import EmploymentStatus, LifeEvent, MaritalStatus, code
from engine.recommenders.life_planning.past import must_have_had, on_record, past
from tests.engine.facts_factory import Row, household
from tests.engine.recommenders.life_planning.drawn import Events, with_events

MARRIED = household(age=40.0, marital_status="MARRIED", dependents=1.0, homeowner=True)
RECENT: Events = [(LifeEvent.MARRIAGE, 3.0), (LifeEvent.CHILD, 2.0), (LifeEvent.HOME_PURCHASE, 1.0)]


def test_what_came_since_had_not_come_then() -> None:
    was = past(with_events([MARRIED], [RECENT]), 5.0)
    profile = was.facts.profile
    assert profile.age.tolist() == [35.0]
    assert profile.marital_status.tolist() == [code(MaritalStatus.SINGLE)]
    assert (profile.dependents.tolist(), profile.homeowner.tolist()) == ([0.0], [False])
    assert len(was.facts.life_events.user) == 0
    for event, years in ((LifeEvent.MARRIAGE, 2.0), (LifeEvent.CHILD, 3.0), (LifeEvent.HOME_PURCHASE, 4.0)):
        assert was.known[event].all()
        assert was.until[event][0] == pytest.approx(years, abs=0.01)


def test_what_had_come_then_is_still_so() -> None:
    was = past(with_events([MARRIED], [RECENT]), 0.5)
    assert was.facts.profile.marital_status.tolist() == [code(MaritalStatus.MARRIED)]
    assert (was.facts.profile.dependents.tolist(), was.facts.profile.homeowner.tolist()) == ([1.0], [True])
    assert np.isinf(was.until[LifeEvent.MARRIAGE]).all()
    assert not was.known[LifeEvent.MARRIAGE].any()


def test_who_retired_since_worked_then() -> None:
    batch = with_events([household(age=66.0, employment="RETIRED")], [[(LifeEvent.RETIREMENT, 2.0)]])
    assert past(batch, 5.0).facts.profile.employment.tolist() == [code(EmploymentStatus.EMPLOYED)]
    assert past(batch, 5.0).known[LifeEvent.RETIREMENT].all()
    assert not past(batch, 1.0).known[LifeEvent.RETIREMENT].any()


@pytest.mark.parametrize(
    ("row", "events", "event"),
    [
        (household(marital_status="MARRIED"), [], LifeEvent.MARRIAGE),
        (household(marital_status="DIVORCED"), [], LifeEvent.MARRIAGE),
        (household(marital_status="WIDOWED"), [(LifeEvent.MARRIAGE, 9.0)], LifeEvent.CHILD),
        (household(marital_status="MARRIED"), [], LifeEvent.HOME_PURCHASE),
        (household(marital_status="DIVORCED"), [(LifeEvent.MARRIAGE, 9.0)], LifeEvent.MARRIAGE),
        (
            household(marital_status="MARRIED"),
            [(LifeEvent.MARRIAGE, 9.0), (LifeEvent.MARRIAGE, 2.0)],
            LifeEvent.MARRIAGE,
        ),
        (household(homeowner=True), [], LifeEvent.HOME_PURCHASE),
        (household(homeowner=False), [(LifeEvent.HOME_PURCHASE, 9.0)], LifeEvent.HOME_PURCHASE),
        (household(dependents=2.0), [(LifeEvent.CHILD, 3.0)], LifeEvent.CHILD),
        (household(employment="RETIRED"), [], LifeEvent.RETIREMENT),
        (household(employment="UNEMPLOYED"), [], LifeEvent.JOB_CHANGE),
    ],
)
def test_of_whom_the_past_is_not_known_nothing_is_learned(row: Row, events: Events, event: LifeEvent) -> None:
    assert not past(with_events([row], [events]), 5.0).known[event].any()


def test_a_child_that_has_grown_up_is_no_dependent_of_then() -> None:
    batch = with_events([household(age=60.0)], [[(LifeEvent.CHILD, 27.0), (LifeEvent.CHILD, 12.0)]])
    assert past(batch, 5.0).facts.profile.dependents.tolist() == [1.0]


def test_states_without_the_event_that_leads_to_them_are_found() -> None:
    batch = with_events([MARRIED, MARRIED, household()], [RECENT, [], []])
    there = must_have_had(batch)
    for event in (LifeEvent.MARRIAGE, LifeEvent.CHILD, LifeEvent.HOME_PURCHASE):
        assert there[event].tolist() == [True, True, False]
        assert on_record(batch, event).tolist() == [True, False, False]
