"""`python -m workers.schedule`: requests jobs at their times, sweeps, and watches over the artifacts in place.

Any number of schedulers may run at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import structlog
from sqlalchemy import Engine

from engine.catalog import BY_NAME
from store.artifacts import archive_of
from store.jobs import doorbell, slots
from store.models.inspection import Inspector
from store.monitoring.alerts import settle_replaced
from store.monitoring.upkeep import TRAINING_AT, TRAINING_EVERY
from store.session import clock, transaction
from store.settings import Settings
from workers.alerts import delivering
from workers.database import reach
from workers.log import Patience
from workers.pace import Pace
from workers.process import run
from workers.sweeper import repeated, sweep

PACE = Pace()
DAY = timedelta(days=1)

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A job every so often, `at` after the beginning of each period in UTC.

    What was missed while no scheduler ran is caught up: the latest slot alone, or with `each_slot` every one, oldest
    first, for work that concerns its own day.
    """

    name: str
    kind: str
    every: timedelta
    at: timedelta
    arguments: Mapping[str, Any] = field(default_factory=dict)
    each_slot: bool = False


QUICK = ("goal_optimization", "portfolio_rebalancing", "risk_assessment")
"""Categories whose drift is checked every day, that of the others once a week."""

SCHEDULES = (
    Schedule(
        name="drift",
        kind="DRIFT",
        every=DAY,
        at=timedelta(hours=1),
        arguments={"categories": [name for name in BY_NAME if name in QUICK]},
    ),
    Schedule(
        name="drift-weekly",
        kind="DRIFT",
        every=7 * DAY,
        at=timedelta(hours=1, minutes=30),
        arguments={"categories": [name for name in BY_NAME if name not in QUICK]},
    ),
    Schedule(name="score", kind="SCORING", every=DAY, at=timedelta(hours=2)),
    Schedule(name="retrain", kind="TRAINING", every=TRAINING_EVERY, at=TRAINING_AT, arguments={"scheduled": True}),
    Schedule(name="retention", kind="RETENTION", every=DAY, at=timedelta(hours=4)),
    Schedule(name="ledger", kind="LEDGER", every=DAY, at=timedelta(hours=5)),
)


def due(schedule: Schedule, last: datetime | None, now: datetime) -> list[datetime]:
    """The slots to be taken now, given the last one that was; of a new schedule the latest."""
    latest = slots.latest_time(schedule.every, schedule.at, now)
    if last is None:
        return [latest]
    if not schedule.each_slot:
        return [latest] if latest > last else []
    return [last + number * schedule.every for number in range(1, (latest - last) // schedule.every + 1)]


def tick(engine: Engine, schedules: Iterable[Schedule] = SCHEDULES, now: datetime | None = None) -> None:
    """Requests what is due by the clock of the database, or at `now`; each slot in a transaction of its own."""
    for schedule in schedules:
        with transaction(engine) as session:
            times = due(schedule, slots.last_slot(session, schedule.name), now or clock(session))
        for slot in times:
            _take(engine, schedule, slot)


@contextmanager
def scheduling(settings: Settings, *, pace: Pace = PACE, schedules: Iterable[Schedule] = SCHEDULES) -> Iterator[None]:
    """Requests, sweeps, inspects, ends alerts about versions that were replaced and sends the others."""
    engine, broker = reach(settings), doorbell.open_broker(settings.redis_url)
    inspector = Inspector(archive_of(settings))

    def step() -> None:
        tick(engine, schedules)
        sweep(engine, broker, pace)
        with transaction(engine) as session:
            settle_replaced(session)
        inspector.inspect(engine)

    with (
        repeated(step, seconds=pace.sweep_seconds, stopping=Event(), patience=Patience()),
        delivering(settings),
    ):
        yield
    engine.dispose()
    broker.client.close()


def _take(engine: Engine, schedule: Schedule, slot: datetime) -> None:
    with transaction(engine) as session:
        job = slots.take(session, schedule.name, slot, schedule.kind, schedule.arguments)
    if job:
        LOG.info("slot taken", schedule=schedule.name, slot=slot.isoformat(), job=str(job.id))


if __name__ == "__main__":
    run("schedule", scheduling)
