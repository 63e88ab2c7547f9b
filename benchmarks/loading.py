"""How long loading takes and how much memory: the demo population and, where it is there, a real survey.

    python -m benchmarks.loading [USERS]

Bars: 2,000 users with a million transactions in 60 s; the survey's 5,777 families in 30 s and 1 GiB. Each load runs in
a process of its own, so that its peak memory is its own.
"""

import multiprocessing
import resource
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.database import database
from benchmarks.study import STUDY_DATA
from store.demo import load_demo
from store.loading import load_file
from store.loading.report import LoadReport
from store.session import connect

USERS = 2_000
SURVEY = STUDY_DATA / "scf_2019.parquet"
KIB_A_MIB = 1024


def main(users: int) -> None:
    loads = [("demo", str(users))] + [("survey", str(SURVEY)), ("survey again", str(SURVEY))] * SURVEY.exists()
    sys.stdout.write(f"{'load':14} {'rows':>10} {'seconds':>8} {'rows/s':>8} {'peak MiB':>9}\n")
    with database() as engine:
        url = engine.url.render_as_string(hide_password=False)
        for name, source in loads:
            rows, seconds, peak = _apart(url, name, source)
            sys.stdout.write(f"{name:14} {rows:10,} {seconds:8.1f} {rows / seconds:8,.0f} {peak:9,.0f}\n")


def _apart(url: str, name: str, source: str) -> tuple[int, float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (url, name, source))


def _measured(url: str, name: str, source: str) -> tuple[int, float, float]:
    engine = connect(url)
    started = time.perf_counter()
    report: LoadReport = (
        load_demo(engine, users=int(source), seed=7, today=date(2026, 11, 1))
        if name == "demo"
        else load_file(engine, Path(source), format="scf")
    )
    seconds = time.perf_counter() - started
    engine.dispose()
    return report.read, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else USERS)
