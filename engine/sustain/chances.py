"""The chance that a household puts a share of its income aside over the following year, or more: boosted trees.

Model card
  Learns     from households whose year is known, each asked about several shares: is so much reached? A larger share
             may only lower the chance, so the chances at all shares are one distribution: its median and a promise that
             four of five keep follow from it, and none contradicts another.
  Chosen     by five folds of people: the specified parameters (100 trees of depth 6) or shallow trees stopped early.
             The promise is made to hold (`conformal`) on what trees say of people whom they have not seen. One booster
             fitted on everybody then answers: the mean of the folds' boosters is surer than each of them is, so a level
             found for single ones would be kept too often (by 2 points; docs/sustainable-contribution.md).
  Use        `successProbability` of the savings strategy; with the mean beside it, the most that a plan asks of a
             household. Never for credit or insurance.
  Limits     at least 100 households with a year of transactions after the one that is learned from; years unlike those
             it saw; households that never put anything aside are promised nothing, whatever they could do.
  Figures    `docs/sustainable-contribution.md`, from `python -m benchmarks.sustain` (synthetic households).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from typing_extensions import override

from engine.errors import InsufficientData
from engine.facts import Floats, Positions
from engine.learning.boosters import as_bytes, from_bytes
from engine.learning.model import Model
from engine.sustain.asking import asked, asked_names, directions, drawn_shares
from engine.sustain.conformal import SHARES, is_promised, kept_level, reached_level, share_at
from engine.sustain.features import NAMES, RECORDS
from engine.sustain.trees import (
    SHALLOW,
    SPECIFIED,
    Candidate,
    Rows,
    Tried,
    folds,
    gains,
    left_out,
    on_all,
    predicted,
    preferred,
    tried,
)

LEAST_PEOPLE = 100
MEDIAN = 0.5
BROKEN = 0.2
"""Share of people who may fall short of their promise."""
CHANCE = {"objective": "binary:logistic", "eval_metric": "logloss"}
BOOSTER, TOLD = "chance.ubj", "chance.json"


class Chances(Model):
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
        self.records = records
        self.names = names
        self.random_state = random_state

    def fit(self, X: Floats, y: Floats, people: Positions | None = None) -> Self:
        """Rows whose target is not known are left out."""
        X, y, people = known_rows(X, y, people)
        fold = folds(people, self.random_state)
        shares = drawn_shares(np.nan_to_num(X[:, self.records[0]]), self.random_state)
        rows = Rows(
            X=asked(np.tile(X, (len(shares), 1)), shares.ravel(), self.records),
            y=(y >= shares).ravel().astype(np.float64),
            fold=np.tile(fold, len(shares)),
        )
        loss = {**CHANCE, "monotone_constraints": str(directions(X.shape[1], self.records))}
        self.tried_ = tuple(tried(each, loss, rows, self.random_state) for each in self.candidates)
        self.booster_ = on_all(preferred(self.tried_), loss, rows, self.random_state)
        self.kept_level_ = kept_level(self._reached(preferred(self.tried_), X, y, fold), BROKEN)
        return self

    def chance(self, X: Floats, share: Floats) -> Floats:
        """That so much of income or more is put aside; never rises with the share, 1 for nothing."""
        return np.where(share <= 0, 1.0, predicted(self.booster_, asked(X, share, self.records)))

    def below(self, X: Floats) -> Floats:
        """Chances of less than each of `SHARES`."""
        return 1.0 - predicted(self.booster_, self._questions(X)).reshape(len(X), len(SHARES))

    def promise(self, X: Floats) -> Floats:
        """What four of five of those who are promised anything keep; never more than the median."""
        below = self.below(X)
        return np.where(is_promised(below, BROKEN), share_at(below, min(self.kept_level_, MEDIAN)), 0.0)

    def predict_median(self, X: Floats) -> Floats:
        """As likely more as less."""
        return share_at(self.below(X), MEDIAN)

    @override
    def files(self) -> dict[str, bytes]:
        told = {"kept_level": self.kept_level_, "names": list(self.names), "records": list(self.records)}
        return {BOOSTER: as_bytes(self.booster_), TOLD: json.dumps(told).encode()}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        told = json.loads(files[TOLD])
        model = cls(records=told["records"], names=told["names"])
        model.booster_ = from_bytes(files[BOOSTER])
        model.kept_level_ = float(told["kept_level"])
        return model

    @override
    def importance(self) -> Mapping[str, float]:
        return gains(self.booster_, asked_names(self.names, self.records))

    def _reached(self, best: Tried, X: Floats, y: Floats, fold: Positions) -> Floats:
        """The levels that people reached, each by the fold's booster that has not seen them; of the promised alone."""
        told = left_out(best, self._questions(X), np.repeat(fold, len(SHARES)))
        below = 1.0 - told.reshape(len(X), len(SHARES))
        return reached_level(below, y)[is_promised(below, BROKEN)]

    def _questions(self, X: Floats) -> Floats:
        """Every share of `SHARES` of each household."""
        return asked(np.repeat(X, len(SHARES), axis=0), np.tile(SHARES, len(X)), self.records)


def known_rows(X: Floats, y: Floats, people: Positions | None) -> tuple[Floats, Floats, Positions]:
    """Rows whose target is known, and whose they are; raises `InsufficientData` below 100 people."""
    known = ~np.isnan(y)
    people = np.arange(len(y))[known] if people is None else people[known]
    _require(len(np.unique(people)))
    return X[known], y[known], people


def _require(people: int) -> None:
    if people < LEAST_PEOPLE:
        message = f"Learning what households keep up takes a year of {LEAST_PEOPLE} of them; {people} are known."
        raise InsufficientData(message, required=LEAST_PEOPLE, available=people)
