"""`python -m workers`: the worker process."""

from workers.process import run
from workers.worker import working

if __name__ == "__main__":
    run("work", working)
