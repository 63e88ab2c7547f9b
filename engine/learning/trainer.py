"""How a category learns: what it reads, the rows it learns from, how it is fitted, and by what it is judged."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

import numpy as np

from engine.facts import Facts, Floats, Objects, Source
from engine.learning.model import Model

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows to learn from and to be judged on; a user may have several.

    `X` is rows x features, `y` rows x targets; both are what the trainer says they are. `groups` names by row the age
    band, income band, sex and marital status, within which no challenger may be much worse.
    """

    users: Objects
    X: Floats
    y: Floats
    groups: Mapping[str, Objects]

    def __len__(self) -> int:
        return len(self.users)

    def take(self, rows: np.ndarray) -> "Sample":
        """Some of the rows, by position or by flag."""
        groups = {name: labels[rows] for name, labels in self.groups.items()}
        return Sample(users=self.users[rows], X=self.X[rows], y=self.y[rows], groups=groups)


def joined(samples: Sequence[Sample]) -> Sample:
    """The rows of several chunks of users."""
    return Sample(
        users=np.concatenate([each.users for each in samples]),
        X=np.concatenate([each.X for each in samples]),
        y=np.concatenate([each.y for each in samples]),
        groups={name: np.concatenate([each.groups[name] for each in samples]) for name in samples[0].groups},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How well a model, or the rule, did on rows that it was not fitted on.

    `loss` has one entry a row, smaller is better: what a promotion compares, person by person. `metrics` are by the
    names of `engine.learning.metrics`.
    """

    metrics: Mapping[str, float]
    loss: Floats


class Trainer(ABC, Generic[M]):
    """One category's way of learning; named by its recommender, run by `engine.learning.training`."""

    model: ClassVar[type[Model]]
    features: ClassVar[tuple[str, ...]]
    sources: ClassVar[frozenset[Source]]
    fresh_days: ClassVar[int]
    """A champion is not trained again before: 7 for active models, 30 for stable ones."""
    bars: ClassVar[Mapping[str, float]] = {}
    """What a metric must reach, by its name."""

    @abstractmethod
    def columns(self, facts: Facts) -> Floats:
        """What the model is asked with today: users x `features`; drift is watched on these."""

    @abstractmethod
    def sample(self, facts: Facts) -> Sample:
        """The rows of these users that can be learned from: their target is known."""

    @abstractmethod
    def fit(self, sample: Sample, seed: int) -> M:
        """From rows of people who are not held out; the same rows and seed give the same files."""

    @abstractmethod
    def judge(self, model: M | None, sample: Sample) -> Judged:
        """Of the model on people that it has not seen; of the rule or base rate where it is None."""

    @abstractmethod
    def cross_validated(self, sample: Sample, model: M, seed: int) -> Mapping[str, float]:
        """Metrics over five folds of people of the rows that the model was fitted on.

        An estimator that has such folds of its own tells theirs, another is fitted five times (`training.five_fold`).
        """
