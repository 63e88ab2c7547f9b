"""A scheduler in a hurry: argument 1 is how many seconds lie between two slots."""

import sys
from datetime import timedelta

from workers.pace import Pace
from workers.process import run
from workers.schedule import Schedule, scheduling

EVERY = timedelta(seconds=float(sys.argv[1]))
SCHEDULES = (Schedule(name="hurry", kind="LEDGER", every=EVERY, at=timedelta(), each_slot=True),)

if __name__ == "__main__":
    run("schedule", lambda settings: scheduling(settings, pace=Pace(sweep_seconds=0.2), schedules=SCHEDULES))
