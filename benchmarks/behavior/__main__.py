"""How households spend: parts of series, three months ahead, payments that stand out, habits; then real people.

    OMP_NUM_THREADS=1 python -m benchmarks.behavior [HOUSEHOLDS] [FOLDER]

The demo population is synthetic and says nothing of real people; bank accounts and retail purchases of real people are
judged where the study data are (FOLDER, else FINREC_STUDY_DATA, else ../shared/data).
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.behavior import people
from benchmarks.behavior.alerts import alerts
from benchmarks.behavior.bars import bars
from benchmarks.behavior.decomposition import decomposition
from benchmarks.behavior.demo import demo
from benchmarks.behavior.forecast import forecast, huge_purchase
from benchmarks.behavior.habits import habits
from benchmarks.behavior.lifestyle import lifestyle
from benchmarks.behavior.speed import speed
from benchmarks.study import study_data
from engine.learning.training import SEED, held_out
from engine.recommenders.behavioral_insights.sample import sample, tail
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer

TODAY = date(2026, 9, 15)
DRAWN = 41_077
"""Seed of the population, on which nothing was chosen: constants were set on other draws."""


def main(users: int, folder: Path) -> None:
    """Prints the figures as JSON."""
    drawn = demo(users, DRAWN, TODAY)
    rows = sample(drawn.facts)
    model = BehaviorTrainer().fit(rows.take(~held_out(rows.users)), SEED)
    found: dict[str, Any] = {
        "decomposition": decomposition(),
        "forecast": forecast(rows, model),
        "one_huge_purchase": huge_purchase(drawn, model),
        "anomalies": alerts(drawn, tail(rows)),
        "habits": habits(drawn, model) | lifestyle(DRAWN, TODAY),
        "segments": [f"{each.name}: {each.share:.2f}" for each in model.segmentation.segments],
        "microseconds_a_user": speed(drawn, model),
    }
    known = (folder / "berka_transactions_1993.parquet").exists()
    found["real_people"] = people.main(folder) if known else f"no study data in {folder}"
    json.dump({**found, "bars": bars(found)}, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000, study_data(2))
