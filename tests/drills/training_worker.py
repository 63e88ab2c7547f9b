"""The worker of the drills: the real process with the child of the drills. Run by its path.

With a number of seconds as an argument its clock is ahead by so much, as `time` and `datetime` tell it.
"""

import datetime as dt
import sys
import time
from functools import partial
from pathlib import Path

REAL = time.time


def put_clock_ahead(seconds: float) -> None:
    """Before anything else is imported, so that everybody reads the wrong clock."""

    class Ahead(dt.datetime):
        """The same hands, another hour."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Ahead":
            return cls.fromtimestamp(REAL() + seconds, tz)

    time.time = lambda: REAL() + seconds
    dt.datetime = Ahead  # type: ignore[misc]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        put_clock_ahead(float(sys.argv[1]))
    from tests.workers.crew import HASTY
    from workers.pace import Pace
    from workers.process import run
    from workers.worker import working

    CHILD = (sys.executable, str(Path(__file__).with_name("training_child.py")))
    run("work", partial(working, pace=Pace(**HASTY), child=CHILD))
