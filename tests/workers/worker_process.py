"""The worker of the tests: the real process with the child of the tests; its pace is given as JSON. Run by its path."""

import json
import sys
from functools import partial
from pathlib import Path

from workers.pace import Pace
from workers.process import run
from workers.worker import working

CHILD = (sys.executable, str(Path(__file__).with_name("child_process.py")))

if __name__ == "__main__":
    run("work", partial(working, pace=Pace(**json.loads(sys.argv[1])), child=CHILD))
