"""Schedules: no slot is missed and none is doubled, however many schedulers there are and whenever they die."""

import sys
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import Engine
from sqlmodel import Session, select

from engine.catalog import BY_NAME
from store.jobs import doorbell, slots
from store.session import enter, transaction
from store.tables import Job, ScheduleSlot
from tests.waiting import DEADLINE_SECONDS, until
from tests.workers.crew import Crew
from workers.schedule import DAY, SCHEDULES, Schedule, due, tick

HOUR = timedelta(hours=1)
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
NIGHT = Schedule(name="night", kind="SCORING", every=DAY, at=2 * HOUR, arguments={"batch": 7})
HOURLY = Schedule(name="hourly", kind="LEDGER", every=HOUR, at=timedelta(), each_slot=True)
BOTH = (NIGHT, HOURLY)


def taken(engine: Engine, name: str) -> list[datetime]:
    with transaction(engine) as session:
        return sorted(session.exec(select(ScheduleSlot.slot).where(ScheduleSlot.name == name)))


def slots_taken(engine: Engine) -> set[str]:
    """The schedules of which a slot was taken."""
    with transaction(engine) as session:
        return set(session.exec(select(ScheduleSlot.name)))


def requested(engine: Engine) -> list[Job]:
    with transaction(engine) as session:
        return list(session.exec(select(Job)))


# --- what is due -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (NOON, datetime(2026, 6, 15, 2, tzinfo=UTC)),
        (datetime(2026, 6, 15, 2, tzinfo=UTC), datetime(2026, 6, 15, 2, tzinfo=UTC)),
        (datetime(2026, 6, 15, 1, 59, tzinfo=UTC), datetime(2026, 6, 14, 2, tzinfo=UTC)),
    ],
)
def test_a_new_schedule_begins_with_its_latest_slot(now: datetime, slot: datetime) -> None:
    assert due(NIGHT, None, now) == [slot]


def test_a_slot_that_was_taken_is_not_due_again() -> None:
    slot = due(NIGHT, None, NOON)[0]
    assert due(NIGHT, slot, NOON) == []
    assert due(NIGHT, slot, NOON - 3 * DAY) == []


def test_of_slots_that_were_missed_the_latest_is_caught_up() -> None:
    slot = due(NIGHT, None, NOON)[0]
    assert due(NIGHT, slot, NOON + 5 * DAY) == [slot + 5 * DAY]


def test_where_each_slot_counts_all_that_were_missed_are_caught_up_in_order() -> None:
    assert due(HOURLY, NOON, NOON + 3.5 * HOUR) == [NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR]


def test_weeks_begin_on_monday() -> None:
    weekly = Schedule(name="weekly", kind="DRIFT", every=7 * DAY, at=3 * HOUR)
    slot = due(weekly, None, datetime(2026, 6, 17, tzinfo=UTC))[0]
    assert slot == datetime(2026, 6, 15, 3, tzinfo=UTC)
    assert slot.weekday() == 0


def test_every_category_is_checked_for_drift_daily_or_weekly() -> None:
    checks = {schedule.every: schedule.arguments["categories"] for schedule in SCHEDULES if schedule.kind == "DRIFT"}
    assert sorted(checks[DAY] + checks[7 * DAY]) == sorted(BY_NAME)
    assert "goal_optimization" in checks[DAY]


# --- slots are taken once --------------------------------------------------------------------------------------------


def test_a_slot_and_its_job_are_made_together(engine: Engine) -> None:
    tick(engine, [NIGHT], NOON)
    tick(engine, [NIGHT], NOON + HOUR)
    jobs_made = requested(engine)
    with transaction(engine) as session:
        slot = session.exec(select(ScheduleSlot)).one()
    assert [(job.id, job.kind, job.arguments, job.requested_by) for job in jobs_made] == [
        (slot.job_id, "SCORING", {"batch": 7}, "schedule")
    ]


def test_many_schedulers_at_once_miss_and_double_nothing(engine: Engine) -> None:
    barrier = Barrier(4, timeout=DEADLINE_SECONDS)

    def live() -> None:
        for hours in range(30):
            barrier.wait()
            tick(engine, BOTH, NOON + hours * HOUR)

    threads = [Thread(target=live) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken(engine, "hourly") == [NOON + hours * HOUR for hours in range(30)]
    assert taken(engine, "night") == [NOON - 10 * HOUR, NOON + 14 * HOUR]
    assert len(requested(engine)) == 32


def test_a_slot_of_a_scheduler_that_died_is_taken_by_another(engine: Engine) -> None:
    slot = due(NIGHT, None, NOON)[0]
    with Session(engine) as dying:
        enter(dying)
        assert slots.take(dying, "night", slot, "SCORING", {})
        waiting = Thread(target=tick, args=[engine, [NIGHT], NOON])
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        dying.rollback()
    waiting.join()
    assert taken(engine, "night") == [slot]
    assert len(requested(engine)) == 1


def test_scheduler_processes_request_each_job_once_and_leave_when_told(crew: Crew, broker: RedisBroker) -> None:
    schedulers = [crew.start([sys.executable, "-m", "workers.schedule"]) for _ in range(2)]
    until(lambda: slots_taken(crew.engine) >= {schedule.name for schedule in SCHEDULES})
    until(lambda: all("process ready" in crew.log(number).read_text() for number in range(2)))
    for scheduler in schedulers:
        scheduler.terminate()
    assert [scheduler.wait(DEADLINE_SECONDS) for scheduler in schedulers] == [0, 0]
    with transaction(crew.engine) as session:
        taken_for = sorted(str(job) for job in session.exec(select(ScheduleSlot.job_id)))
    assert sorted(str(job.id) for job in requested(crew.engine)) == taken_for
    assert {job.kind for job in requested(crew.engine)} == {"DRIFT", "LEDGER", "RETENTION", "SCORING", "TRAINING"}
    assert doorbell.bells_waiting(broker) >= len(SCHEDULES)
