"""What a household will put aside over the following year, as a share of last year's income: boosted trees.

Model card
  Learns     the mean of `share_kept`, and the chance that any given share is reached, which gives the median and a
             promise that four of five keep. Rows are households, columns are `features.NAMES`, all before the year.
  Chosen     by five folds of people, for each of the two: the specified parameters (100 trees of depth 6) or shallow
             trees stopped early. Every person is also predicted by trees that have not seen that person; on these the
             promise is made to hold (`conformal`). The folds' boosters together answer for new people.
  Use        the recommended contribution is the smaller of the solver's and the promise. Never for credit or insurance.
  Limits     at least 100 households with a year of transactions after the one that is learned from; years unlike those
             it saw; households that never put anything aside are promised nothing, whatever they could do.
  Figures    `docs/sustainable-contribution.md`, from `python -m benchmarks.sustain` (synthetic households).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost

from engine.errors import InsufficientData
from engine.facts import Floats, Positions
from engine.sustain.asking import asked, directions, drawn_shares
from engine.sustain.conformal import SHARES, is_promised, kept_level, reached_level, share_at
from engine.sustain.features import RECORDS

LEAST_PEOPLE = 100
FOLDS = 5
MEDIAN = 0.5
BROKEN = 0.2
"""Share of people who may fall short of their promise."""
MEAN = {"objective": "reg:squarederror", "eval_metric": "rmse"}
CHANCE = {"objective": "binary:logistic", "eval_metric": "logloss"}

Loss = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Parameters and the most trees; exactly so many unless they are stopped early."""

    parameters: Mapping[str, float]
    trees: int
    stops_early: bool


SPECIFIED = Candidate(parameters={"max_depth": 6, "learning_rate": 0.1, "subsample": 0.8}, trees=100, stops_early=False)
SHALLOW = Candidate(
    parameters={"max_depth": 3, "learning_rate": 0.1, "subsample": 0.8, "colsample_bytree": 0.5, "min_child_weight": 5},
    trees=300,
    stops_early=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate over all folds: its trees, their loss for people left out, and a booster a fold."""

    candidate: Candidate
    trees: int
    loss: float
    boosters: tuple[xgboost.Booster, ...]


class SustainableContribution:
    """Rows of `features` and of `share_kept`, one a person (else `people` numbers them); `records` as in `asking`."""

    def __init__(
        self,
        *,
        candidates: Sequence[Candidate] = (SPECIFIED, SHALLOW),
        records: Sequence[int] = RECORDS,
        random_state: int = 42,
        threads: int = 1,
    ) -> None:
        self.candidates = candidates
        self.records = records
        self.random_state = random_state
        self.threads = threads

    def fit(self, X: Floats, y: Floats, people: Positions | None = None) -> "SustainableContribution":
        """Rows whose target is not known are left out."""
        known = ~np.isnan(y)
        people = np.arange(len(y))[known] if people is None else people[known]
        _require(len(np.unique(people)))
        X, y, fold = X[known], y[known], _folds(people, self.random_state)
        self.mean_tried_ = self._try_all(MEAN, X, y, fold)
        self.mean_ = self._best(MEAN, self.mean_tried_, X, y)
        shares = drawn_shares(np.nan_to_num(X[:, self.records[0]]), self.random_state)
        questions = asked(np.tile(X, (len(shares), 1)), shares.ravel(), self.records)
        answers = (y >= shares).ravel().astype(np.float64)
        loss = {**CHANCE, "monotone_constraints": str(directions(X.shape[1], self.records))}
        self.chance_tried_ = self._try_all(loss, questions, answers, np.tile(fold, len(shares)))
        self.chance_ = preferred(self.chance_tried_)
        self.kept_level_ = self._kept_level(X, y, fold)
        return self

    def predict(self, X: Floats) -> Floats:
        """The mean."""
        return np.clip(self._predicted(self.mean_, X), 0.0, 1.0)

    def predict_median(self, X: Floats) -> Floats:
        """As likely more as less."""
        return share_at(self.below(X), MEDIAN)

    def promise(self, X: Floats) -> Floats:
        """What four of five of those who are promised anything keep; never more than the median."""
        below = self.below(X)
        return np.where(is_promised(below, BROKEN), share_at(below, min(self.kept_level_, MEDIAN)), 0.0)

    def chance(self, X: Floats, share: Floats) -> Floats:
        """That so much of income or more is put aside; never rises with the share, 1 for nothing."""
        questions = asked(X, share, self.records)
        return np.where(share <= 0, 1.0, self._averaged(questions))

    def below(self, X: Floats) -> Floats:
        """Chances of less than each of `SHARES`."""
        return 1.0 - self._averaged(self._questions(X)).reshape(len(X), len(SHARES))

    def importance(self, names: Sequence[str]) -> dict[str, float]:
        """Share of the mean's fit that each column brought, the greatest first."""
        found = self.mean_.get_score(importance_type="total_gain")
        gain = {names[int(key[1:])]: float(np.sum(value)) for key, value in found.items()}
        return {name: value / sum(gain.values()) for name, value in sorted(gain.items(), key=lambda item: -item[1])}

    def _try_all(self, loss: Loss, X: Floats, y: Floats, fold: Positions) -> tuple[Tried, ...]:
        return tuple(self._tried(candidate, loss, X, y, fold) for candidate in self.candidates)

    def _tried(self, candidate: Candidate, loss: Loss, X: Floats, y: Floats, fold: Positions) -> Tried:
        """The number of trees is the best over all folds together: one number, so that nobody's own row chooses it."""
        boosters, curve = [], np.zeros(candidate.trees)
        for each in range(FOLDS):
            left = fold == each
            booster, losses = self._watched(candidate, loss, (X[~left], y[~left]), (X[left], y[left]))
            boosters.append(booster)
            curve += left.mean() * losses
        trees = int(np.argmin(curve)) + 1 if candidate.stops_early else candidate.trees
        return Tried(candidate=candidate, trees=trees, loss=float(curve[trees - 1]), boosters=tuple(boosters))

    def _watched(
        self, candidate: Candidate, loss: Loss, train: tuple[Floats, Floats], left: tuple[Floats, Floats]
    ) -> tuple[xgboost.Booster, Floats]:
        """A booster and its loss after each tree for people left out."""
        found: dict[str, dict[str, list[float]]] = {}
        booster = xgboost.train(
            self._parameters(candidate, loss),
            self._matrix(*train),
            candidate.trees,
            evals=[(self._matrix(*left), "left")],
            evals_result=found,
            verbose_eval=False,
        )
        return booster, np.array(found["left"][str(loss["eval_metric"])])

    def _best(self, loss: Loss, tried: tuple[Tried, ...], X: Floats, y: Floats) -> xgboost.Booster:
        """The candidate with the least loss, on all people."""
        best = preferred(tried)
        return xgboost.train(self._parameters(best.candidate, loss), self._matrix(X, y), best.trees)

    def _kept_level(self, X: Floats, y: Floats, fold: Positions) -> float:
        below = np.zeros((len(X), len(SHARES)))
        for each, booster in enumerate(self.chance_.boosters):
            left = fold == each
            chances = self._predicted(booster, self._questions(X[left]), self.chance_.trees)
            below[left] = 1.0 - chances.reshape(-1, len(SHARES))
        return kept_level(reached_level(below, y)[is_promised(below, BROKEN)], BROKEN)

    def _questions(self, X: Floats) -> Floats:
        """Every share of `SHARES` of each household."""
        return asked(np.repeat(X, len(SHARES), axis=0), np.tile(SHARES, len(X)), self.records)

    def _averaged(self, questions: Floats) -> Floats:
        """Mean of the folds' boosters: what was calibrated is what predicts, and never surer than they are."""
        rows, trees = self._matrix(questions), (0, self.chance_.trees)
        parts = [booster.predict(rows, iteration_range=trees) for booster in self.chance_.boosters]
        return np.asarray(np.mean(parts, axis=0), dtype=np.float64)

    def _predicted(self, booster: xgboost.Booster, X: Floats, trees: int | None = None) -> Floats:
        predicted = booster.predict(self._matrix(X), iteration_range=(0, trees or 0))
        return np.asarray(predicted, dtype=np.float64)

    def _parameters(self, candidate: Candidate, loss: Loss) -> dict[str, object]:
        own = {"tree_method": "hist", "seed": self.random_state, "nthread": self.threads}
        return {**candidate.parameters, **loss, **own}

    def _matrix(self, X: Floats, y: Floats | None = None) -> xgboost.DMatrix:
        return xgboost.DMatrix(X, label=y, nthread=self.threads)


def preferred(tried: Sequence[Tried]) -> Tried:
    """The candidate that people left out prefer."""
    return min(tried, key=lambda each: each.loss)


def _folds(people: Positions, seed: int) -> Positions:
    """A number 0 to 4 for each row, the same for all rows of a person."""
    names, member = np.unique(people, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    return np.asarray((order % FOLDS)[member], dtype=np.int64)


def _require(people: int) -> None:
    if people < LEAST_PEOPLE:
        message = f"Learning what households keep up takes a year of {LEAST_PEOPLE} of them; {people} are known."
        raise InsufficientData(message, required=LEAST_PEOPLE, available=people)
