"""A training: people held out, a fit on the others, judged beside the rule and the champion, and what it leads to."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import InsufficientData
from engine.facts import Flags, Objects
from engine.learning.folds import dealt, group_folds
from engine.learning.metrics import Metric
from engine.learning.model import Model
from engine.learning.promotion import Verdict, judged
from engine.learning.trainer import Judged, Sample, Trainer

SEED = 42
FOLDS = 5
HELD_OUT_PART = 5
"""One person in so many is held out, the same ones from every version of every model."""
LEAST_PEOPLE = 100
LEAST_FITTED = 50
"""Of them, in the smallest part that a model is fitted on: neither held out nor left out of a fold."""

Report = Callable[[float, str], None]
"""Tells how far a training has come, 0 to 1, and what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A fitted model, its figures on people held out, and what the gate says of it.

    `proven`: better than the rule with 95 % confidence. `promotes`: proven, and better than the champion too.
    """

    model: Model
    metrics: tuple[Metric, ...]
    users: int
    proven: bool
    promotes: bool
    reason: str


def trained(trainer: Trainer[Any], sample: Sample, champion: Model | None, report: Report) -> Trained:
    """Fits on those not held out, judges on those who are; raises `InsufficientData` below 100 people."""
    people = len(set(sample.users.tolist()))
    require(people)
    held = held_out(sample.users)
    known, unseen = sample.take(~held), sample.take(held)
    report(0.0, "fitting")
    model = trainer.fit(known, SEED)
    report(0.6, "cross-validating")
    folds = trainer.cross_validated(known, model, SEED)
    report(0.9, "judging on people held out")
    ours, rule = trainer.judge(model, unseen), trainer.judge(None, unseen)
    verdicts = [_compared(ours, rule, unseen, "the rule")]
    if champion:
        verdicts.append(_compared(ours, trainer.judge(champion, unseen), unseen, "the version in place"))
    return Trained(
        model=model,
        metrics=(*measured(trainer, ours, rule), *_of_folds(folds)),
        users=people,
        proven=verdicts[0].better,
        promotes=all(verdict.better for verdict in verdicts),
        reason=" ".join(verdict.reason for verdict in verdicts),
    )


def evaluated(trainer: Trainer[Any], model: Model, sample: Sample) -> tuple[Metric, ...]:
    """The figures of a model that stands, on people held out."""
    unseen = sample.take(held_out(sample.users))
    require(len(unseen), 1)
    return measured(trainer, trainer.judge(model, unseen), trainer.judge(None, unseen))


def measured(trainer: Trainer[Any], ours: Judged, rule: Judged) -> tuple[Metric, ...]:
    """Each figure beside the rule's and the bar; what cannot be told of these people is left out."""
    return tuple(
        Metric(name=name, value=value, baseline=_told(rule.metrics.get(name)), bar=trainer.bars.get(name))
        for name, value in ours.metrics.items()
        if math.isfinite(value)
    )


def _told(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _of_folds(figures: Mapping[str, float]) -> tuple[Metric, ...]:
    return tuple(Metric(name=f"cv_{name}", value=value) for name, value in figures.items() if math.isfinite(value))


def held_out(users: Objects) -> Flags:
    """One row in five, by a hash of whose row it is: no version has ever learned from that person."""
    return np.asarray(dealt(users, HELD_OUT_PART, b"held out") == 0, dtype=np.bool_)


def five_fold(trainer: Trainer[Any], sample: Sample, seed: int) -> Mapping[str, float]:
    """Mean figures of models that have not seen the people they are judged on."""
    positions = np.unique(sample.users.astype(str), return_inverse=True)[1]
    found = [
        trainer.judge(trainer.fit(sample.take(train), seed), sample.take(test)).metrics
        for train, test in group_folds(positions, FOLDS, seed)
    ]
    return {name: float(np.mean([figures[name] for figures in found])) for name in found[0]}


def require(people: int, least: int = LEAST_PEOPLE) -> None:
    """Raises `InsufficientData` where too few people have what is needed."""
    if people < least:
        message = f"Training needs {least} people with the needed data; {people} have it."
        raise InsufficientData(message, required=least, available=people)


def _compared(ours: Judged, theirs: Judged, sample: Sample, than: str) -> Verdict:
    return judged(ours.loss, theirs.loss, sample.users, sample.groups, than=than)
