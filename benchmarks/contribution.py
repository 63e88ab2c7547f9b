"""What a training makes of goal optimization and the savings strategy, and what their models change in answers.

    OMP_NUM_THREADS=1 python -m benchmarks.contribution [HOUSEHOLDS]

As `finrec train` does on the demo population: a fifth of the people held out, each figure beside the rule's and its
bar. Then the plans of all households today, with the models and without.
"""

import json
import sys
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from benchmarks.demo_facts import as_facts
from engine.advise import advise
from engine.enums import AnswerBasis
from engine.facts import Facts
from engine.learning.model import Model
from engine.learning.trainer import Sample, Trainer
from engine.learning.training import Trained, trained
from engine.population import generate
from engine.recommenders.goal_optimization.trainer import ContributionTrainer
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.recommenders.savings_strategy.trainer import KeepingTrainer

SEED = 11
TODAY = date(2026, 9, 15)
HISTORY_MONTHS = 36
TRAINERS: Mapping[str, Trainer[Any]] = {
    "goal_optimization": ContributionTrainer(),
    "savings_strategy": KeepingTrainer(),
}


def main(households: int) -> None:
    """Prints the figures as JSON."""
    facts = as_facts(generate(users=households, seed=SEED, today=TODAY), TODAY, HISTORY_MONTHS)
    sample = TRAINERS["goal_optimization"].sample(facts)
    report: dict[str, object] = {"data": "SYNTHETIC: the demo population", "rows": len(sample)}
    models: dict[str, Model] = {}
    for name, trainer in TRAINERS.items():
        report[name], models[name] = training(trainer, sample)
    report["plans"] = plans(facts, models)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def training(trainer: Trainer[Any], sample: Sample) -> tuple[dict[str, object], Model]:
    """The figures of one training, and its model."""
    start = time.process_time()
    found = trained(trainer, sample, None, lambda _share, _stage: None)
    told = {
        "seconds": round(time.process_time() - start, 1),
        "kilobytes": round(sum(map(len, found.model.files().values())) / 1024),
        "proven": found.proven,
        "reason": found.reason,
        "metrics": _metrics(found),
        "importance": {name: round(share, 3) for name, share in list(found.model.importance().items())[:6]},
    }
    return told, found.model


def plans(facts: Facts, models: Mapping[str, Model]) -> dict[str, object]:
    """What the models change in the answers of today."""
    start = time.process_time()
    ours = _strategies(facts, models)
    spent = time.process_time() - start
    rule = _strategies(facts, {})
    before, after = (np.array([float(each.monthly_amount) for each in told]) for told in (rule, ours))
    able, held = before > 0, after < before
    learned = np.array([each.basis is AnswerBasis.MODEL and each.confidence is not None for each in ours])
    chance = np.array([[each.success_probability for each in told] for told in (rule, ours)])
    return {
        "able_to_save": _rounded(able.mean()),
        "held_to_what_is_kept_up": _rounded(held.mean()),
        "their_amount_over_the_rule_s": _rounded(after[held].sum() / before[held].sum()),
        "chance_told_by_the_model": _rounded((learned & able).sum() / able.sum()),
        "mean_chance_by_rule_and_model": [_rounded(row[able].mean()) for row in chance],
        "milliseconds_a_household": _rounded(1e3 * spent / len(facts)),
    }


def _strategies(facts: Facts, models: Mapping[str, Model]) -> list[SavingsStrategy]:
    found = advise(facts, ["savings_strategy"], models=models)["savings_strategy"]
    return [each for each in found if isinstance(each, SavingsStrategy)]


def _metrics(found: Trained) -> dict[str, dict[str, object]]:
    return {
        metric.name: {
            "value": _rounded(metric.value),
            "rule": None if metric.baseline is None else _rounded(metric.baseline),
            "bar": metric.bar,
            "meets_bar": metric.meets_bar,
        }
        for metric in found.metrics
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
