"""A category that answers with the step of its model, 0 by its rule."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from engine.answers import Answer, Recommendation
from engine.enums import AnswerBasis, Priority
from engine.errors import EngineError
from engine.facts import Facts, Floats
from engine.learning.model import Model, Models
from engine.learning.trainer import Judged, Sample, Trainer
from engine.recommender import Answers, Options, Recommender


@dataclass(frozen=True, slots=True)
class Step(Model):
    """One number."""

    step: int

    def files(self) -> dict[str, bytes]:
        return {"step.json": json.dumps({"step": self.step}).encode()}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        return cls(json.loads(files["step.json"])["step"])

    def importance(self) -> Mapping[str, float]:
        return {"income": 1.0}


class StepTrainer(Trainer[Step]):
    """Learns nothing: tests write the steps themselves."""

    model = Step
    features: ClassVar[tuple[str, ...]] = ("income",)
    sources = frozenset({"profile"})
    fresh_days = 7

    def columns(self, facts: Facts) -> Floats:
        return np.zeros((len(facts), 1))

    def sample(self, facts: Facts) -> Sample:
        return Sample(users=facts.users, X=self.columns(facts), y=np.zeros((len(facts), 1)), groups={})

    def fit(self, sample: Sample, seed: int) -> Step:
        return Step(seed)

    def judge(self, model: Step | None, sample: Sample) -> Judged:
        return Judged(metrics={}, loss=np.zeros(len(sample)))

    def cross_validated(self, sample: Sample, model: Step, seed: int) -> Mapping[str, float]:
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped(Answer):
    """The step of the model that answered."""

    step: int


class Learner(Recommender[Stepped]):
    """Answers with its model's step; `times` counts how often, for how many users each time."""

    name: ClassVar[str] = "counter"
    answer = Stepped
    sources = frozenset({"profile"})
    models = frozenset({"counter"})
    trainer: ClassVar[Trainer[Any] | None] = StepTrainer()
    valid_days = 7

    def __init__(self) -> None:
        self.times: list[int] = []

    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[Stepped | EngineError]:
        self.times.append(len(facts))
        model = models.get("counter")
        step = model.step if isinstance(model, Step) else 0
        given = Recommendation(key="save", title="Save", description="Why", priority=Priority.HIGH)
        basis = AnswerBasis.MODEL if step else AnswerBasis.RULE
        stepped = Stepped(basis=basis, confidence=None, recommendations=(given,), explanation=(), step=step)
        return [stepped] * len(facts)


class Follower(Learner):
    """A category that builds on the learner and has no model of its own."""

    name: ClassVar[str] = "follower"
    needs = frozenset({"counter"})
    models = frozenset()
    trainer = None

    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[Stepped | EngineError]:
        assert not models
        self.times.append(len(facts))
        return [one for one in needed["counter"] if isinstance(one, Stepped)]
