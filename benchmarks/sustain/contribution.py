"""What a training makes of goal optimization and the savings strategy, and what their models change in answers.

    OMP_NUM_THREADS=1 python -m benchmarks.sustain.contribution [HOUSEHOLDS]

As `finrec train` does on the demo population: a fifth of the people held out, each figure beside the rule's and its
bar. Then the plans of all households today, with the models and without; and, on other populations, how well the rule
of the savings strategy tells what is kept up.
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
from engine.facts import Facts, Floats
from engine.features.sustainable import ENOUGH
from engine.learning.metrics import of_event, rounded
from engine.learning.model import Model
from engine.learning.trainer import Sample, Trainer
from engine.learning.training import Trained, trained
from engine.population import generate
from engine.recommenders.goal_optimization.trainer import ContributionTrainer
from engine.recommenders.savings_strategy import SavingsStrategy
from engine.recommenders.savings_strategy.trainer import KeepingTrainer
from engine.sustain.conformal import WORTH_PROMISING
from engine.sustain.sample import CARRIED, KEPT, LAST, RULE_CARRIED, RULE_LAST

SEED = 11
TODAY = date(2026, 9, 15)
HISTORY_MONTHS = 36
RULE_SEEDS, RULE_HOUSEHOLDS = (101, 202), 3_000
"""Of populations on which nothing was chosen."""
ASKED = {"of_what_the_rule_advises": (CARRIED, RULE_CARRIED), "of_last_year_s_share": (LAST, RULE_LAST)}
TRAINERS: Mapping[str, Trainer[Any]] = {
    "goal_optimization": ContributionTrainer(),
    "savings_strategy": KeepingTrainer(),
}


def main(households: int) -> None:
    """Prints the figures as JSON."""
    facts = drawn(households, SEED)
    sample = TRAINERS["goal_optimization"].sample(facts)
    report: dict[str, object] = {"data": "SYNTHETIC: the demo population", "rows": len(sample)}
    models: dict[str, Model] = {}
    for name, trainer in TRAINERS.items():
        report[name], models[name] = training(trainer, sample)
    report["plans"] = plans(facts, models)
    report["rule_alone"] = {str(seed): rule_alone(drawn(RULE_HOUSEHOLDS, seed)) for seed in RULE_SEEDS}
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def drawn(households: int, seed: int) -> Facts:
    """Households of the demo population."""
    return as_facts(generate(users=households, seed=seed, today=TODAY), TODAY, HISTORY_MONTHS)


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


def rule_alone(facts: Facts) -> dict[str, dict[str, float]]:
    """What the household's own record says of nine tenths of an amount, beside what came."""
    y = TRAINERS["savings_strategy"].sample(facts).y
    return {name: _of_rule(y, *columns) for name, columns in ASKED.items()}


def _of_rule(y: Floats, amount: int, chance: int) -> dict[str, float]:
    share = ENOUGH * np.nan_to_num(y[:, amount])
    asked = share >= WORTH_PROMISING
    kept, told = (y[:, KEPT] >= share)[asked], y[asked, chance]
    base = float(kept.mean())
    return rounded({**of_event(kept, told), "base_rate_brier": base * (1.0 - base), "too_high": told.mean() - base})


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
