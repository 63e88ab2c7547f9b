"""Past and next events come at the table's rates, and the table has no gaps."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from benchmarks.priors.population import life_events
from engine.enums import LifeEvent, code
from engine.facts import Flags, Floats
from engine.life.events import KNOTS_YEARS, hazard, reached, years_until
from engine.population import Population
from engine.population.future import draw_next
from engine.population.past import Past, draw_past
from engine.population.people import People
from tests.engine.population.conftest import Sample

RELATIVE, ABSOLUTE = 0.15, 0.01  # a share may miss the table's by this much of it, or so many points


@pytest.fixture(scope="module")
def past(sample: Sample) -> Past:
    """The past of the sample's households."""
    return draw_past(sample.people, sample.sheet, 1)


def expected(event: LifeEvent, age: Floats, married: Flags, children: Flags, years: float) -> Floats:
    """The table's share with the event within so many years, by person."""
    cumulative = hazard(event).at(age, married, children)
    return -np.expm1(-reached(cumulative, np.full(len(age), years)))


def at_risk(people: People, past: Past, event: LifeEvent, years: float) -> tuple[Flags, Flags]:
    """Who could have had the event for the first time in the last years (a child: any), and who had children then."""
    had, age = past.since[event] <= years, people.age - years
    births = (past.event == code(LifeEvent.CHILD)) & (past.years_ago > years)
    parents = np.bincount(past.user[births], minlength=len(people)) > 0
    new = np.isinf(past.since[event]) | had
    pools = {
        LifeEvent.MARRIAGE: new & (age >= 18.0) & (age < 65.0),
        LifeEvent.CHILD: (age >= 18.0) & (age < 50.0),
        LifeEvent.JOB_CHANGE: (people.working | had) & (age >= 18.0) & (age < 60.0),
        LifeEvent.HOME_PURCHASE: new & (age >= 18.0) & (age < 65.0),
        LifeEvent.RETIREMENT: (people.working | had) & (age >= 45.0) & (age < 75.0),
    }
    return pools[event], parents


@pytest.mark.parametrize("years", [2.0, 5.0])
@pytest.mark.parametrize("event", list(LifeEvent))
def test_past_events_came_at_the_tables_rates(sample: Sample, past: Past, event: LifeEvent, years: float) -> None:
    people = sample.people
    pool, children = at_risk(people, past, event, years)
    married = people.married & ~(past.since[LifeEvent.MARRIAGE] < years)
    rate = expected(event, people.age - years, married, children, years)[pool].mean()
    found = (past.since[event] <= years)[pool].mean()
    assert abs(found - rate) < max(RELATIVE * rate, ABSOLUTE), (found, rate)


def test_past_and_next_losses_of_a_job_come_by_one_law(sample: Sample, past: Past) -> None:
    people, lost = sample.people, LifeEvent.JOB_CHANGE
    upcoming = draw_next(people, sample.sheet, past, 1)[lost] <= 5.0
    recent, steady = past.since[lost] <= 5.0, people.working & (people.age > 25.0) & (people.age < 60.0)
    for apart in (people.education >= 3, people.income > np.median(people.income)):
        before, after = (came[steady & apart].mean() / came[steady & ~apart].mean() for came in (recent, upcoming))
        assert before < 0.75 > after
        assert abs(np.log(before / after)) < 0.35, (before, after)


@pytest.mark.parametrize("years", [2.0, 5.0])
@pytest.mark.parametrize("event", list(LifeEvent))
def test_next_events_come_at_the_tables_rates(sample: Sample, past: Past, event: LifeEvent, years: float) -> None:
    people = sample.people
    upcoming = draw_next(people, sample.sheet, past, 1)[event]
    pools = {
        LifeEvent.MARRIAGE: ~people.married & (people.age < 75.0),
        LifeEvent.CHILD: people.age < 50.0,
        LifeEvent.JOB_CHANGE: people.working & (people.age < 70.0),
        LifeEvent.HOME_PURCHASE: ~people.homeowner & (people.age < 75.0),
        LifeEvent.RETIREMENT: people.working & (people.age >= 45.0),
    }
    pool = pools[event]
    rate = expected(event, people.age, people.married, people.children > 0, years)[pool].mean()
    assert abs((upcoming <= years)[pool].mean() - rate) < max(RELATIVE * rate, ABSOLUTE)
    assert np.isinf(upcoming[~pool]).all()


def test_who_is_married_retired_or_owns_has_the_event_behind_them(population: Population) -> None:
    events = set(zip(population.life_events["user"], population.life_events["event"], strict=True))
    households = population.households
    for user, marital, employment, owner in zip(
        households["external_id"],
        households["marital_status"],
        households["employment"],
        households["homeowner"],
        strict=True,
    ):
        assert ((user, "MARRIAGE") in events) == (marital != "SINGLE")
        assert ((user, "RETIREMENT") in events) == (employment == "RETIRED")
        assert not owner or (user, "HOME_PURCHASE") in events


def test_no_event_comes_before_adult_age(sample: Sample, past: Past) -> None:
    assert (sample.people.age[past.user] - past.years_ago).min() > 16.9


def test_siblings_are_born_ten_months_apart_and_on_days_of_their_own(past: Past) -> None:
    births = past.event == code(LifeEvent.CHILD)
    order = np.lexsort((past.years_ago[births], past.user[births]))
    user, years = past.user[births][order], past.years_ago[births][order]
    apart = np.diff(years)[np.diff(user) == 0]
    assert len(apart) > 5_000
    assert apart.min() > 0.83
    assert np.mean(np.abs(apart - apart.round()) < 0.01) < 0.05
    assert np.median(apart) > 1.5


def test_the_table_never_falls_and_has_no_gaps() -> None:
    for event in LifeEvent:
        cumulative = hazard(event).cumulative
        assert (np.diff(cumulative, axis=-1) >= 0).all()
        assert (cumulative[..., 1:] > 0).all()


def test_years_until_inverts_the_cumulative_hazard() -> None:
    cumulative = hazard(LifeEvent.CHILD).at(np.array([22.0, 33.0]), np.array([True, False]), np.array([True, False]))
    years = np.array([1.3, 4.6])
    np.testing.assert_allclose(years_until(cumulative, reached(cumulative, years)), years)
    assert np.isinf(years_until(cumulative, cumulative[:, -1] + 1.0)).all()
    assert KNOTS_YEARS[0] == 0.0


def test_stored_rates_are_those_of_the_study_data(study_data: Path) -> None:
    stored = json.loads((files("engine") / "priors" / "life_event_rates.json").read_text("utf-8"))
    assert stored["rates"] == json.loads(json.dumps(life_events.fit(study_data)))
    assert stored["source"]
