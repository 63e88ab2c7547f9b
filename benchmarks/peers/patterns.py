"""Success patterns in the demo population.

    OMP_NUM_THREADS=1 python -m benchmarks.peers.patterns [HOUSEHOLDS]

20,000 where none is given, drawn 2,500 at a time. The population is synthetic: which habits go with success in it says
nothing of real people; that none is told among few people does.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date

import numpy as np

from benchmarks.demo_facts import as_facts
from engine.learning.trainer import Sample, joined
from engine.peers.patterns import patterns
from engine.population import generate
from engine.recommenders.peer_insights.trainer import OUTCOMES_FROM, PeerTrainer

HOUSEHOLDS, AT_ONCE, MONTHS = 20_000, 2_500, 24
TODAY = date(2026, 11, 1)


def main(households: int) -> None:
    """Prints them as JSON, among the first tenth and among all."""
    sample = joined(list(drawn(households)))
    for people in (households // 10, households):
        told = found(sample.take(np.arange(min(people, len(sample)))))
        sys.stdout.write(json.dumps({"households": people, "patterns": told}, indent=2) + "\n")


def drawn(households: int) -> Iterator[Sample]:
    """What the trainer learns from."""
    for seed in range(max(households // AT_ONCE, 1)):
        population = generate(users=min(households, AT_ONCE), seed=seed, today=TODAY, months=MONTHS)
        yield PeerTrainer().sample(as_facts(population, TODAY))


def found(sample: Sample) -> list[dict[str, object]]:
    """Habit, goal, shares, lift and its lower bound."""
    currency, _, income_band = sample.y[:, :3].astype(np.int64).T
    return [
        {
            "goal": each.kind,
            "habit": each.habit,
            "successful": each.successful,
            "others": each.others,
            "lift": each.lift,
            "at_least": each.low,
        }
        for each in patterns(currency, income_band, sample.y[:, OUTCOMES_FROM:])
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
