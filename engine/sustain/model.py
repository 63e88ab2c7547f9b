"""What a household will put aside over the following year, as a share of last year's income.

Model card
  Learns     the mean of `share_kept` by boosted trees, and beside it the chance of any share (`chances`), which gives
             the promise. Rows are households, columns are `features.NAMES`, all from before the year.
  Chosen     as `chances`: five folds of people choose between the specified parameters and shallow trees.
  Use        the recommended contribution is the smaller of the solver's and the promise. Never for credit or insurance.
  Limits     as `chances`.
  Figures    `docs/sustainable-contribution.md`, from `python -m benchmarks.sustain` (synthetic households).
"""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from typing_extensions import override

from engine.facts import Floats, Positions
from engine.learning.boosters import as_bytes, from_bytes
from engine.learning.model import Model
from engine.sustain.chances import Chances, known_rows
from engine.sustain.features import NAMES, RECORDS
from engine.sustain.trees import (
    SHALLOW,
    SPECIFIED,
    Candidate,
    Rows,
    folds,
    gains,
    on_all,
    predicted,
    preferred,
    tried,
)

MEAN = {"objective": "reg:squarederror", "eval_metric": "rmse"}
BOOSTER = "mean.ubj"


class SustainableContribution(Model):
    """Rows of `features` and of `share_kept`, one a person (else `people` numbers them); `records` as in `asking`."""

    def __init__(
        self,
        *,
        candidates: Sequence[Candidate] = (SPECIFIED, SHALLOW),
        records: Sequence[int] = RECORDS,
        names: Sequence[str] = NAMES,
        random_state: int = 42,
    ) -> None:
        self.candidates = candidates
        self.names = names
        self.random_state = random_state
        self.chances = Chances(candidates=candidates, records=records, names=names, random_state=random_state)

    def fit(self, X: Floats, y: Floats, people: Positions | None = None) -> Self:
        """Rows whose target is not known are left out."""
        X, y, people = known_rows(X, y, people)
        rows = Rows(X=X, y=y, fold=folds(people, self.random_state))
        self.tried_ = tuple(tried(each, MEAN, rows, self.random_state) for each in self.candidates)
        self.mean_ = on_all(preferred(self.tried_), MEAN, rows, self.random_state)
        self.chances.fit(X, y, people)
        return self

    def predict(self, X: Floats) -> Floats:
        """The mean."""
        return np.clip(predicted(self.mean_, X), 0.0, 1.0)

    def promise(self, X: Floats) -> Floats:
        """What four of five of those who are promised anything keep."""
        return self.chances.promise(X)

    @override
    def files(self) -> dict[str, bytes]:
        return {BOOSTER: as_bytes(self.mean_), **self.chances.files()}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        chances = Chances.from_files(files)
        model = cls(records=chances.records, names=chances.names)
        model.mean_ = from_bytes(files[BOOSTER])
        model.chances = chances
        return model

    @override
    def importance(self) -> Mapping[str, float]:
        """Of the mean."""
        return gains(self.mean_, self.names)
