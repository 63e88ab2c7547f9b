"""What came of promises, judged from what is known at the end."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.enums import GoalStatus, LifeEvent, RecommendationStatus, code
from engine.facts import Facts, LifeEvents
from engine.ledger.outcomes import GoalNow, Now, Told, outcome
from engine.ledger.promises import Promise, PromiseKind
from tests.engine.facts_factory import Row, facts, household

SAID = date(2026, 9, 15)
DUE = date(2027, 10, 1)
TODAY = date(2027, 10, 5)
SAVED = {"salary": 4_000.0, "rent": -1_500.0, "savings_transfer": -500.0}


def now(
    batch: Facts | None = None,
    *,
    last_seen: date | None = TODAY,
    goals: dict[str, GoalNow] | None = None,
    statuses: dict[tuple[int, str], RecommendationStatus] | None = None,
) -> Now:
    batch = facts(household(), today=TODAY) if batch is None else batch
    seen = np.full(len(batch), np.datetime64("NaT" if last_seen is None else last_seen, "D"))
    return Now(facts=batch, last_seen=seen, goals=goals or {}, statuses=statuses or {})


def told(kind: PromiseKind, subject: str = "", *, due: date = DUE, said_on: date = SAID, **said: float) -> Told:
    return Told(user=0, said_on=said_on, promise=Promise(kind=kind, subject=subject, due=due, **said))


# --- what is known ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last_seen", [None, date(2027, 9, 30)])
def test_a_household_that_went_away_is_unknown_whatever_came(last_seen: date | None) -> None:
    done = {"g": GoalNow(target_amount=1.0, saved_amount=2.0, status=GoalStatus.ACHIEVED)}
    assert outcome(told(PromiseKind.GOAL_REACHED, "g"), now(goals=done, last_seen=last_seen)) is None


# --- goals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saved", "status", "came"),
    [
        (1_000.0, GoalStatus.ACTIVE, 1.0),
        (999.99, GoalStatus.ACTIVE, 0.0),
        (0.0, GoalStatus.ACHIEVED, 1.0),
        (1_000.0, GoalStatus.ABANDONED, None),
    ],
)
def test_a_goal_is_reached_when_saved_or_marked(saved: float, status: GoalStatus, came: float | None) -> None:
    goals = {"g": GoalNow(target_amount=1_000.0, saved_amount=saved, status=status)}
    assert outcome(told(PromiseKind.GOAL_REACHED, "g"), now(goals=goals)) == came


def test_a_goal_that_was_deleted_is_unknown() -> None:
    assert outcome(told(PromiseKind.GOAL_REACHED, "g"), now()) is None


# --- savings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "came"), [(500.0, 1.0), (555.0, 1.0), (556.0, 0.0)])
def test_a_rate_is_kept_from_nine_tenths_on(amount: float, came: float) -> None:
    year = now(facts(household(months=[SAVED] * 13), today=TODAY))
    assert outcome(told(PromiseKind.RATE_KEPT, amount=amount), year) == came


def test_only_the_twelve_months_before_the_due_date_count() -> None:
    months = [*[SAVED] * 12, *[{"salary": 4_000.0, "rent": -1_500.0}] * 2]
    later = now(facts(household(months=months), today=date(2027, 12, 5)), last_seen=date(2027, 12, 5))
    assert outcome(told(PromiseKind.RATE_KEPT, amount=500.0), later) == 1.0


def test_a_year_that_was_not_seen_from_its_start_is_unknown() -> None:
    assert outcome(told(PromiseKind.RATE_KEPT, amount=500.0), now(facts(household(months=[SAVED] * 11)))) is None


# --- spending ---------------------------------------------------------------------------------------------------------


def test_spending_of_a_month_is_net_of_refunds_and_without_savings() -> None:
    months = [{"rent": -9_000.0}, {**SAVED, "shopping": -200.0, "travel": 50.0}, {"rent": -7_000.0}]
    found = now(facts(household(months=months), today=TODAY))
    assert outcome(told(PromiseKind.MONTH_SPENT, "2027-08", due=date(2027, 9, 1)), found) == 1_650.0


# --- life events ------------------------------------------------------------------------------------------------------


def happened(event: LifeEvent, day: date) -> Facts:
    batch = facts(household(), household(), today=TODAY)
    events = LifeEvents(
        user=np.array([0, 1]),
        event=np.array([code(event), code(LifeEvent.CHILD)], dtype=np.int8),
        date=np.array([day, SAID], dtype="datetime64[D]"),
    )
    return replace(batch, sources={**batch.sources, "life_events": events})


@pytest.mark.parametrize(
    ("day", "came"),
    [(date(2026, 9, 15), 0.0), (date(2026, 9, 16), 1.0), (date(2027, 9, 15), 1.0), (date(2027, 9, 16), 0.0)],
)
def test_an_event_counts_in_the_years_that_begin_with_the_day_after(day: date, came: float) -> None:
    found = now(happened(LifeEvent.MARRIAGE, day))
    assert outcome(told(PromiseKind.EVENT_HAPPENED, "MARRIAGE:1"), found) == came


def test_another_kind_of_event_and_another_household_do_not_count() -> None:
    found = now(happened(LifeEvent.JOB_CHANGE, date(2027, 1, 1)))
    assert outcome(told(PromiseKind.EVENT_HAPPENED, "CHILD:1"), found) == 0.0


@pytest.mark.parametrize(
    ("event", "home"),
    [
        ("MARRIAGE", household(marital_status="MARRIED")),
        ("HOME_PURCHASE", household(homeowner=True)),
        ("RETIREMENT", household(employment="RETIRED")),
    ],
)
def test_a_profile_tells_of_an_event_that_nobody_wrote_down(event: str, home: Row) -> None:
    found = now(facts(home, today=TODAY))
    assert outcome(told(PromiseKind.EVENT_HAPPENED, f"{event}:1"), found) == 1.0
    assert outcome(told(PromiseKind.EVENT_HAPPENED, "CHILD:1"), found) == 0.0


def test_a_date_that_is_known_decides_and_not_what_the_profile_says_by_now() -> None:
    late = happened(LifeEvent.MARRIAGE, date(2027, 9, 20))
    profile = facts(household(marital_status="MARRIED"), household(), today=TODAY).profile
    found = now(replace(late, sources={**late.sources, "profile": profile}))
    assert outcome(told(PromiseKind.EVENT_HAPPENED, "MARRIAGE:1"), found) == 0.0
    assert outcome(told(PromiseKind.EVENT_HAPPENED, "MARRIAGE:2"), found) == 1.0


def test_years_from_a_leap_day_are_whole() -> None:
    found = now(happened(LifeEvent.MARRIAGE, date(2026, 3, 1)))
    leap = told(PromiseKind.EVENT_HAPPENED, "MARRIAGE:2", said_on=date(2024, 2, 29))
    assert outcome(leap, found) == 1.0


# --- advice and answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "came"), [("COMPLETED", 1.0), ("ACCEPTED", 1.0), ("DISMISSED", 0.0), ("EXPIRED", 0.0), ("VIEWED", 0.0)]
)
def test_advice_is_followed_where_it_was_taken(status: str, came: float) -> None:
    statuses = {(0, "rebalance"): RecommendationStatus(status)}
    assert outcome(told(PromiseKind.ADVICE_FOLLOWED, "rebalance"), now(statuses=statuses)) == came
    assert outcome(told(PromiseKind.ADVICE_FOLLOWED, "harvest_losses"), now(statuses=statuses)) is None


def test_a_tolerance_is_judged_once_it_is_stated() -> None:
    stated = now(facts(household(stated_risk_tolerance="MODERATE"), today=TODAY))
    assert outcome(told(PromiseKind.TOLERANCE_STATED, "MODERATE"), stated) == 1.0
    assert outcome(told(PromiseKind.TOLERANCE_STATED, "AGGRESSIVE"), stated) == 0.0
    assert outcome(told(PromiseKind.TOLERANCE_STATED, "MODERATE"), now()) is None
