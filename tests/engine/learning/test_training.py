"""A training judges on people it has not learned from, beside the rule and the champion."""

import json
from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
import pytest
from typing_extensions import override

from engine.errors import InsufficientData
from engine.facts import Facts, Floats, Source
from engine.learning.metrics import of_amount
from engine.learning.model import Model
from engine.learning.trainer import Judged, Sample, Trainer, joined
from engine.learning.training import evaluated, five_fold, held_out, trained


class Slope(Model):
    """y = slope * x."""

    def __init__(self, slope: float) -> None:
        self.slope = slope

    @override
    def files(self) -> dict[str, bytes]:
        return {"slope.json": json.dumps(self.slope).encode()}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        return cls(json.loads(files["slope.json"]))

    @override
    def importance(self) -> Mapping[str, float]:
        return {"x": 1.0}


class SlopeTrainer(Trainer[Slope]):
    """Least squares through the origin; the rule says nought."""

    model = Slope
    features = ("x",)
    sources: ClassVar[frozenset[Source]] = frozenset({"profile"})
    fresh_days = 7
    bars: ClassVar[Mapping[str, float]] = {"rmse": 0.5}

    @override
    def columns(self, facts: Facts) -> Floats:
        return facts.profile.age[:, None]

    @override
    def sample(self, facts: Facts) -> Sample:
        raise NotImplementedError

    @override
    def fit(self, sample: Sample, seed: int) -> Slope:
        x = sample.X[:, 0]
        return Slope(float(x @ sample.y / (x @ x)))

    @override
    def judge(self, model: Slope | None, sample: Sample) -> Judged:
        told = np.zeros(len(sample)) if model is None else model.slope * sample.X[:, 0]
        return Judged(metrics=of_amount(sample.y, told), loss=(told - sample.y) ** 2)

    @override
    def cross_validated(self, sample: Sample, model: Slope, seed: int) -> Mapping[str, float]:
        return five_fold(self, sample, seed)


def drawn(users: int, slope: float, seed: int = 0) -> Sample:
    random = np.random.default_rng(seed)
    x = random.normal(size=users)
    names = np.array([f"user {number}" for number in range(users)], dtype=np.object_)
    groups = {"sex": np.full(users, "unknown", dtype=np.object_)}
    return Sample(users=names, X=x[:, None], y=slope * x + random.normal(scale=0.3, size=users), groups=groups)


def quiet(progress: float, stage: str) -> None:
    assert 0.0 <= progress <= 1.0


def test_a_model_with_skill_is_proven_and_promotes() -> None:
    outcome = trained(SlopeTrainer(), drawn(500, 1.0), None, quiet)
    assert outcome.proven
    assert outcome.promotes
    figures = {metric.name: metric for metric in outcome.metrics}
    assert figures["rmse"].value == pytest.approx(0.3, abs=0.05)
    assert figures["rmse"].baseline == pytest.approx(1.04, abs=0.15)
    assert figures["rmse"].meets_bar
    assert figures["cv_rmse"].value == pytest.approx(0.3, abs=0.05)


def test_noise_proves_nothing() -> None:
    outcome = trained(SlopeTrainer(), drawn(500, 0.0), None, quiet)
    assert not outcome.proven
    assert not outcome.promotes


def test_a_challenger_that_is_no_better_than_the_champion_stays_one() -> None:
    outcome = trained(SlopeTrainer(), drawn(500, 1.0), Slope(1.0), quiet)
    assert outcome.proven
    assert not outcome.promotes
    assert "than the version in place" in outcome.reason


def test_nobody_who_is_held_out_is_learned_from() -> None:
    sample = drawn(1_000, 1.0)
    held = held_out(sample.users)
    wrong = Sample(users=sample.users, X=sample.X, y=np.where(held, 1e6, sample.y), groups=sample.groups)
    outcome = trained(SlopeTrainer(), wrong, None, quiet)
    assert outcome.model.importance() == {"x": 1.0}
    assert isinstance(outcome.model, Slope)
    assert outcome.model.slope == pytest.approx(1.0, abs=0.05)


def test_one_person_in_five_is_held_out_and_always_the_same() -> None:
    users = drawn(5_000, 1.0).users
    held = held_out(users)
    assert 0.18 < held.mean() < 0.22
    np.testing.assert_array_equal(held_out(users[::-1]), held[::-1])


def test_fewer_than_a_hundred_people_are_too_few() -> None:
    with pytest.raises(InsufficientData) as refused:
        trained(SlopeTrainer(), drawn(99, 1.0), None, quiet)
    assert (refused.value.required, refused.value.available) == (100, 99)
    assert trained(SlopeTrainer(), drawn(100, 1.0), None, quiet).users == 100


def test_rows_of_one_person_count_once() -> None:
    sample = drawn(60, 1.0)
    with pytest.raises(InsufficientData):
        trained(SlopeTrainer(), joined([sample, sample]), None, quiet)


def test_a_standing_model_is_judged_on_the_same_people_again() -> None:
    sample = drawn(500, 1.0)
    outcome = trained(SlopeTrainer(), sample, None, quiet)
    assert isinstance(outcome.model, Slope)
    again = evaluated(SlopeTrainer(), outcome.model, sample)
    assert again == tuple(metric for metric in outcome.metrics if not metric.name.startswith("cv_"))
