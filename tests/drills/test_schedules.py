"""Three schedulers are killed at random: no slot is missed and none is doubled, and alerts arrive all the same."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from engine.enums import Severity
from store.monitoring.alerts import alerts, raise_alert
from store.session import transaction
from store.tables import Job, ScheduleSlot
from tests.waiting import pause, until
from tests.workers.crew import Crew
from tests.workers.test_alerts import serving

pytestmark = pytest.mark.drill

PROCESS = Path(__file__).with_name("schedule_process.py")
SCHEDULERS, DRILL_SECONDS, SLOT_SECONDS = 3, 45.0, 0.5
LONGEST_LIFE_SECONDS, WAIT_SECONDS = 8.0, 60.0


def test_schedulers_that_are_killed_at_random_miss_and_double_nothing(crew: Crew) -> None:
    drawn, raised = random.Random(7), 0
    with serving() as webhook:
        crew.environment["FINREC_ALERT_URLS"] = webhook.url
        schedulers = [start(crew) for _ in range(SCHEDULERS)]
        until(lambda: slots(crew), WAIT_SECONDS)
        end = time.monotonic() + DRILL_SECONDS
        while time.monotonic() < end:
            tell(crew, raised)
            raised += 1
            pause(drawn.uniform(0.0, LONGEST_LIFE_SECONDS))
            kill(schedulers.pop(drawn.randrange(SCHEDULERS)))
            schedulers.append(start(crew))
        last = slots(crew)[-1]
        until(lambda: slots(crew)[-1] > last, WAIT_SECONDS)
        until(lambda: undelivered(crew) == 0, WAIT_SECONDS)
        for scheduler in schedulers:
            kill(scheduler)
        sent = "\n".join(message["message"] for message in webhook.messages)
    taken = slots(crew)
    gaps = {later - earlier for earlier, later in pairwise(taken)}
    assert gaps == {timedelta(seconds=SLOT_SECONDS)}
    assert len(taken) > DRILL_SECONDS / SLOT_SECONDS
    assert jobs(crew) == len(taken)
    assert all(f"alert {number}\n" in sent for number in range(raised))


def start(crew: Crew) -> subprocess.Popen[bytes]:
    return crew.start([sys.executable, str(PROCESS), str(SLOT_SECONDS)])


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tell(crew: Crew, number: int) -> None:
    with transaction(crew.engine) as session:
        raise_alert(
            session,
            severity=Severity.CRITICAL,
            category=None,
            cause=f"alert {number}",
            title=f"alert {number}",
            description="told in a drill",
        )


def slots(crew: Crew) -> list[datetime]:
    with transaction(crew.engine) as session:
        return sorted(session.exec(select(ScheduleSlot.slot)))


def jobs(crew: Crew) -> int:
    with transaction(crew.engine) as session:
        return len(session.exec(select(Job.id)).all())


def undelivered(crew: Crew) -> int:
    with transaction(crew.engine) as session:
        return sum(alert.delivered_at is None for alert in alerts(session))
