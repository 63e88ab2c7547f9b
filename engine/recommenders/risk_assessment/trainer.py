"""How the model of risk tolerance learns: from what people say of themselves, judged beside people of their age."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.enums import UNKNOWN, RiskLevel
from engine.facts import Facts, Flags, Floats, Positions, Source
from engine.learning.groups import groups
from engine.learning.metrics import auc, calibration_error
from engine.learning.trainer import Judged, Sample, Trainer
from engine.learning.training import LEAST_FITTED, require
from engine.recommenders.risk_assessment.model import ToleranceModel, folds_of
from engine.recommenders.risk_assessment.tolerance import TAKES_NO_RISK, middle, tolerance
from engine.risk.features import NAMES, SOURCES, features, monotone
from engine.risk.interval import reach
from engine.risk.ordinal import OrdinalClassifier

BASE = len(NAMES)
"""Columns after the features: the shares of people alike, which are the rule that the model must beat."""
LEVELS = len(RiskLevel)


class ToleranceTrainer(Trainer[ToleranceModel]):
    """Rows are people who have stated a level; `y` is its position, `X` the features and the rule's five chances."""

    model = ToleranceModel
    features: ClassVar[tuple[str, ...]] = NAMES
    sources: ClassVar[frozenset[Source]] = SOURCES
    fresh_days: ClassVar[int] = 30
    bars: ClassVar[Mapping[str, float]] = {"accuracy": 0.80, "auc": 0.85, "calibration_error": 0.02}

    @override
    def columns(self, facts: Facts) -> Floats:
        return features(facts)

    @override
    def sample(self, facts: Facts) -> Sample:
        stated = facts.profile.stated_risk_tolerance.astype(np.int64)
        whole = Sample(
            users=facts.users,
            X=np.column_stack([features(facts), tolerance(facts).probabilities]),
            y=stated.astype(np.float64)[:, None],
            groups=groups(facts),
        )
        return whole.take(stated != UNKNOWN)

    @override
    def fit(self, sample: Sample, seed: int) -> ToleranceModel:
        require(len(np.unique(sample.users.astype(str))), LEAST_FITTED)
        occurring, level = np.unique(stated(sample), return_inverse=True)
        require(len(occurring), 2)
        X, fold = sample.X[:, :BASE], folds_of(sample.users)
        classifier = OrdinalClassifier(levels=len(occurring), seed=seed, monotone=monotone())
        classifier.fit(X, level, np.unique(sample.users.astype(str), return_inverse=True)[1], fold)
        return ToleranceModel(
            classifier=classifier,
            occurring=tuple(int(each) for each in occurring),
            reach=reach(classifier.left_out_, level),
        )

    @override
    def judge(self, model: ToleranceModel | None, sample: Sample) -> Judged:
        """Loss is the ranked probability score: how far off, in levels, the chances lie."""
        if model is None:
            chances = among(np.unique(stated(sample)), sample.X[:, BASE:])
        else:
            chances = model.chances(sample.X[:, :BASE], sample.users)
        return Judged(metrics=figures(stated(sample), chances), loss=ranked(stated(sample), chances))

    @override
    def cross_validated(self, sample: Sample, model: ToleranceModel, seed: int) -> Mapping[str, float]:
        """The five folds are in the model: each person is answered by the trees that were fitted without it."""
        return self.judge(model, sample).metrics


def stated(sample: Sample) -> Positions:
    """The level that each person stated."""
    return sample.y[:, 0].astype(np.int64)


def among(occurring: Positions, chances: Floats) -> Floats:
    """The rule's chances told in the levels that are stated at all: others count for the next that is below them.

    A survey of three levels must not make the rule look worse than it is.
    """
    told = np.zeros_like(chances)
    for level in range(LEVELS):
        lower = occurring[occurring <= level]
        told[:, lower[-1] if len(lower) else occurring[0]] += chances[:, level]
    return told


def figures(level: Positions, chances: Floats) -> dict[str, float]:
    """Of five ordered levels, told by the middle one.

    AUC, precision and recall are plain means over the levels that occur, each against the others; the Brier score is
    the ranked one over the cuts between levels.
    """
    told, occurring = middle(chances), np.unique(level)
    apart = [(level == each, told == each, chances[:, each]) for each in occurring]
    found = {
        "accuracy": float((told == level).mean()),
        "majority_accuracy": float(np.bincount(level).max() / len(level)),
        "auc": float(np.mean([_auc(is_so, chance) for is_so, _, chance in apart])),
        "precision": float(np.mean([_share(is_so & said, said) for is_so, said, _ in apart])),
        "recall": float(np.mean([_share(is_so & said, is_so) for is_so, said, _ in apart])),
        "brier": float(ranked(level, chances).mean()),
        "calibration_error": float(np.mean([calibration_error(is_so, chance) for is_so, _, chance in apart])),
    }
    cautious, chance = level < TAKES_NO_RISK, chances[:, :TAKES_NO_RISK].sum(axis=1)
    return found | {"auc_takes_no_risk": _auc(cautious, chance), "accuracy_takes_no_risk": _right(cautious, chance)}


def ranked(level: Positions, chances: Floats) -> Floats:
    """Squared distances of the chances of being at or below each cut from what was so, summed over the cuts."""
    below = np.cumsum(chances, axis=1)[:, :-1]
    came = level[:, None] <= np.arange(LEVELS - 1)
    return np.asarray(((below - came) ** 2).sum(axis=1), dtype=np.float64)


def _auc(is_so: Flags, chance: Floats) -> float:
    """Half where it cannot be told because all or none are so."""
    return auc(is_so, chance) if is_so.any() and not is_so.all() else 0.5


def _share(part: Flags, whole: Flags) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _right(is_so: Flags, chance: Floats) -> float:
    return float(((chance >= 0.5) == is_so).mean())
