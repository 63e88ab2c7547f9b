"""How the chance that a household keeps a savings rate for a year is learned: from what others put aside since.

Each household is asked twice, where it makes sense: would nine tenths of what the rule advised be put aside, and nine
tenths of what it put aside in the year before? The gate compares squared errors of the chances (Brier), since the
chance itself is what is shown.
"""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from typing_extensions import override

from engine.facts import Flags, Floats
from engine.features.sustainable import ENOUGH
from engine.learning.metrics import calibration_error, of_event
from engine.learning.trainer import Judged, Sample
from engine.sustain.asking import asked
from engine.sustain.chances import Chances
from engine.sustain.conformal import WORTH_PROMISING
from engine.sustain.sample import CARRIED, KEPT, LAST, RULE_CARRIED, RULE_LAST, fitted_on
from engine.sustain.trainer import SavingTrainer
from engine.sustain.trees import folds, left_out, preferred

LEAST_CALIBRATION, LEAST_ACCURACY = 0.05, 0.70


class Questions(NamedTuple):
    """Twice the rows: the share asked about, whether it makes sense to ask, and what came."""

    share: Floats
    asked: Flags
    kept: Flags


class KeepingTrainer(SavingTrainer[Chances]):
    model = Chances
    fresh_days = 30
    bars: ClassVar[Mapping[str, float]] = {"calibration_error": LEAST_CALIBRATION, "accuracy": LEAST_ACCURACY}

    @override
    def fit(self, sample: Sample, seed: int) -> Chances:
        rows = fitted_on(sample, seed)
        return Chances(random_state=seed).fit(rows.X, rows.y[:, KEPT])

    @override
    def judge(self, model: Chances | None, sample: Sample) -> Judged:
        """The rule is how often the household's own record shows so much (`engine.sustain.record`)."""
        about = _questions(sample.y)
        rule = np.concatenate([sample.y[:, RULE_CARRIED], sample.y[:, RULE_LAST]])
        chance = model.chance(np.tile(sample.X, (2, 1)), about.share) if model else rule
        missed = np.where(about.asked, (chance - about.kept) ** 2, 0.0)
        return Judged(metrics=_metrics(about, chance), loss=missed.reshape(2, -1).mean(axis=0))

    @override
    def cross_validated(self, sample: Sample, model: Chances, seed: int) -> Mapping[str, float]:
        """Each household by the fold's booster that has not seen it."""
        rows = fitted_on(sample, seed)
        about, fold = _questions(rows.y), folds(np.arange(len(rows)), seed)
        X = asked(np.tile(rows.X, (2, 1)), about.share, model.records)
        return _metrics(about, left_out(preferred(model.tried_), X, np.tile(fold, 2)))


def _questions(y: Floats) -> Questions:
    share = ENOUGH * np.concatenate([y[:, CARRIED], np.nan_to_num(y[:, LAST])])
    return Questions(share=share, asked=share >= WORTH_PROMISING, kept=np.tile(y[:, KEPT], 2) >= share)


def _metrics(about: Questions, chance: Floats) -> dict[str, float]:
    """Beside the Brier score of the base rate; without AUC where all kept it, or none did."""
    kept, told = about.kept[about.asked], chance[about.asked]
    if not len(kept):
        return {}
    base = float(kept.mean())
    found = {"base_rate": base, "base_rate_brier": base * (1.0 - base)}
    if kept.all() or not kept.any():
        return {**found, "calibration_error": calibration_error(kept, told)}
    return {**of_event(kept, told), **found}
