"""How behaviour is learned, and judged: on people held out and on months that came after all that was learned from.

Everything is in shares of a household's usual month, so that no currency and no large household counts for more. The
gate compares the pinball loss of the median and of both ends of the range.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from typing_extensions import override

from engine.behavior.forecast import COVERED, LENGTHS, Ahead, Forecaster, by_rule, columns, fitted, length_of, names
from engine.behavior.lags import AHEAD_MONTHS
from engine.behavior.lags import FEATURES as LAGS
from engine.behavior.segments import found
from engine.facts import Facts, Flags, Floats, Positions, Source
from engine.learning.trainer import Judged, Sample, Trainer
from engine.learning.training import LEAST_FITTED, five_fold, require
from engine.recommenders.behavioral_insights import sample as rows_of
from engine.recommenders.behavioral_insights.model import BehaviorModel

MOST_PEOPLE = 20_000
"""Drawn where there are more: lines do not get better by them."""
BAND = 0.05
"""Of a usual month: a change within it has no direction."""


class BehaviorTrainer(Trainer[BehaviorModel]):
    """Rows are households; each gives forecasts at several past moments and with shortened histories."""

    model = BehaviorModel
    features = rows_of.FEATURES
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "cash_flows", "transactions"})
    fresh_days = 7
    bars: ClassVar[Mapping[str, float]] = {"direction_accuracy": 0.70, "coverage_error": 0.02}

    @override
    def columns(self, facts: Facts) -> Floats:
        return rows_of.columns(facts)

    @override
    def sample(self, facts: Facts) -> Sample:
        return rows_of.sample(facts)

    @override
    def fit(self, sample: Sample, seed: int) -> BehaviorModel:
        require(len(sample), LEAST_FITTED)
        past = rows_of.moments(sample.take(_drawn(len(sample), seed)), rows_of.ORIGINS)
        require(len(np.unique(past.row)), LEAST_FITTED)
        forecaster = fitted(past.X, past.y, past.row)
        learned = BehaviorModel(
            forecaster=forecaster,
            tail=rows_of.tail(sample),
            segmentation=found(sample.X[:, len(LAGS) :], seed),
            weights=_weights(forecaster, past.X),
        )
        return BehaviorModel.from_files(learned.files())  # with the digits that are kept, so that it answers alike

    @override
    def judge(self, model: BehaviorModel | None, sample: Sample) -> Judged:
        """The rule is the median of the last twelve months and its wide range."""
        past = rows_of.moments(sample, (rows_of.LAST,))
        told = model.forecaster.predict(past.X) if model else by_rule(past.X)
        loss = np.bincount(past.row, weights=_pinball(past.y, told), minlength=len(sample))
        return Judged(
            metrics=metrics(past.X, past.y, told),
            loss=loss / np.maximum(np.bincount(past.row, minlength=len(sample)), 1),
        )

    @override
    def cross_validated(self, sample: Sample, model: BehaviorModel, seed: int) -> Mapping[str, float]:
        return five_fold(self, sample, seed)


def _drawn(people: int, seed: int) -> Positions:
    return np.sort(np.random.default_rng(seed).permutation(people)[:MOST_PEOPLE])


def metrics(X: Floats, y: Floats, told: Ahead) -> dict[str, float]:
    """Of the next three months; direction of the next one against the last, where the change is beyond `BAND`.

    `coverage_error` is the worst over the lengths of history.
    """
    inside, length = (y >= told.low) & (y <= told.high), length_of(X)
    covered = {LENGTHS[each]: float(inside[length == each].mean()) for each in np.unique(length)}
    return {
        "wape": float(np.abs(y - told.expected).sum() / max(np.abs(y).sum(), 1e-9)),
        "direction_accuracy": _directions(X, y, told),
        "coverage_error": max((abs(share - COVERED) for share in covered.values()), default=0.0),
        **{f"coverage_of_{months}_months": share for months, share in covered.items()},
        "range_width": float((told.high - told.low).mean()) if len(y) else 0.0,
    }


def _directions(X: Floats, y: Floats, told: Ahead) -> float:
    last = X[:, LAGS.index("last_month")]
    changed: Flags = np.abs(y[:, 0] - last) > BAND
    right = (told.expected[:, 0] > last) == (y[:, 0] > last)
    return float(right[changed].mean()) if changed.any() else 0.0


def _pinball(y: Floats, told: Ahead) -> Floats:
    """Mean over both ends and the median, and over the months ahead."""
    out = (1.0 - COVERED) / 2.0
    parts = [_missed(y - told.low, out), _missed(y - told.expected, 0.5), _missed(y - told.high, 1.0 - out)]
    return np.asarray(np.mean(parts, axis=(0, 2)))


def _missed(apart: Floats, level: float) -> Floats:
    return np.maximum(level * apart, (level - 1.0) * apart)


def _weights(forecaster: Forecaster, X: Floats) -> dict[str, float]:
    """By feature: how far a usual deviation of it moves the median, as a share of all."""
    moved = dict.fromkeys(LAGS, 0.0)
    for ahead in range(AHEAD_MONTHS):
        by_name = np.abs(forecaster.median[ahead].weights[1:]) * columns(X, ahead).std(axis=0)
        for name, value in zip(names(ahead), by_name, strict=True):
            moved[name] += float(value)
    whole = max(sum(moved.values()), 1e-12)
    return {name: round(value / whole, 10) for name, value in moved.items()}
