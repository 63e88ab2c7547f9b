"""How likely an event is within so many years: a discrete-time hazard by gradient boosting on person-years.

A person is a row for each year that it was watched; the label says whether the event came in that year; the year itself
is a feature. So people who were lost from view count for the years they were seen, and 1 - prod(1 - hazard) cannot fall
as the horizon grows. The base rate's hazard is where boosting starts: trees learn only how people differ from it, and
how far they are believed is scaled on people that they were not trained on. The folds answer together, by their mean;
or, where it is known which fold a person belongs to, by the trees of that fold, which have never seen that person.
"""

from dataclasses import dataclass

import numpy as np
import xgboost
from scipy.optimize import minimize
from scipy.special import expit, logit

from engine.facts import Flags, Floats, Positions
from engine.learning.folds import group_folds, share_of_groups
from engine.learning.platt import STEADYING, scaling

FOLDS = 5
MOST_TREES = 600
PATIENCE = 30
VALIDATION_SHARE = 0.15
LEAST_HAZARD = 1e-5
SCALE_BOUNDS = ((0.0, None), (None, None))
"""Of slope and intercept: what the trees say may count for nothing, never for its contrary."""
PARAMETERS = {
    "objective": "binary:logistic",
    "eval_metric": "logloss",
    "max_depth": 3,
    "eta": 0.05,
    "subsample": 0.8,
    "colsample_bytree": 0.9,
    "min_child_weight": 5.0,
    "lambda": 5.0,
    "tree_method": "hist",
    "base_score": 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonYears:
    """One row a person and year in which the event could come; `label` where it did."""

    person: Positions
    year: Positions
    label: Flags


class HazardModel:
    """Curves for horizons up to `years`; `base` in `fit` and `predict` is people x years, the base rate's hazards."""

    def __init__(self, *, years: int, seed: int = 0, threads: int = 1) -> None:
        self.years = years
        self.seed = seed
        self.threads = threads

    def fit(
        self,
        X: Floats,
        until: Floats,
        seen: Floats,
        groups: Positions,
        base: Floats,
        fold: Positions | None = None,
    ) -> "HazardModel":
        """`until`: years to the event (infinite: none seen); `seen`: years watched.

        `fold` numbers each row's fold, 0 to 4; without it `groups` are dealt out by chance.
        """
        rows = person_years(until, seen, self.years)
        learned, self.boosters_ = np.zeros(len(rows.person)), []
        dealt = (_dealt(groups, self.seed) if fold is None else fold)[rows.person]
        watched = share_of_groups(groups, VALIDATION_SHARE, self.seed + 1)[rows.person]
        for number in range(FOLDS):
            left = dealt == number
            booster = self._stopped(X, rows, (~left & ~watched, ~left & watched), base)
            learned[left] = _learned(booster, X, rows.person[left], rows.year[left], base)
            self.boosters_.append(booster)
        found = scaling(learned, rows.label, _start(rows.person, rows.year, base))
        self.slope_, self.intercept_ = (float(value) for value in found)
        return self

    def recalibrate(
        self, X: Floats, watched: Positions, came: Flags, base: Floats, fold: Positions | None = None
    ) -> "HazardModel":
        """Scales what the trees say anew, on whether the event came within the years that each row was watched.

        For rows of later years than were learned from: rates rise and fall while the differences between people last.
        """
        start, learned = self._margins(X, base, fold)
        inside = np.arange(self.years) < watched[:, None]

        def loss(parameters: Floats) -> float:
            margin = start + parameters[0] * learned + parameters[1]
            survived = -(np.logaddexp(0.0, margin) * inside).sum(axis=1)  # its logarithm
            event = np.log(np.maximum(-np.expm1(survived), LEAST_HAZARD))
            return float(-np.mean(np.where(came, event, survived)) + STEADYING * (parameters[0] - 1.0) ** 2)

        found = minimize(loss, np.array([self.slope_, self.intercept_]), method="L-BFGS-B", bounds=SCALE_BOUNDS)
        self.slope_, self.intercept_ = (float(value) for value in found.x)
        return self

    def predict(self, X: Floats, base: Floats, fold: Positions | None = None) -> Floats:
        """Chance of the event within 1 to `years` years: people x years, never falling."""
        start, learned = self._margins(X, base, fold)
        hazard = expit(start + self.slope_ * learned + self.intercept_)
        return np.asarray(1.0 - np.cumprod(1.0 - hazard, axis=1), dtype=np.float64)

    def _margins(self, X: Floats, base: Floats, fold: Positions | None) -> tuple[Floats, Floats]:
        """Log odds of the base rate's hazards, and what the trees add to them: people x years."""
        person, year = np.divmod(np.arange(len(X) * self.years), self.years)
        if fold is None:
            learned = np.mean([_learned(booster, X, person, year, base) for booster in self.boosters_], axis=0)
        else:
            learned = self._left_out(X, person, year, base, fold)
        shape = (len(X), self.years)
        return _start(person, year, base).reshape(shape), np.asarray(learned).reshape(shape)

    def _left_out(self, X: Floats, person: Positions, year: Positions, base: Floats, fold: Positions) -> Floats:
        """By the trees that were fitted without the person's fold."""
        learned = np.zeros(len(person))
        for number, booster in enumerate(self.boosters_):
            rows = fold[person] == number
            if rows.any():
                learned[rows] = _learned(booster, X, person[rows], year[rows], base)
        return learned

    def _stopped(self, X: Floats, rows: PersonYears, sides: tuple[Flags, Flags], base: Floats) -> xgboost.Booster:
        """Grown on some, stopped on others; on neither side is anybody of the fold that is left out."""
        both = []
        for chosen in sides:
            person, year = rows.person[chosen], rows.year[chosen]
            both.append(_matrix(X, person, year, base, rows.label[chosen]))
        parameters = {**PARAMETERS, "seed": self.seed, "nthread": self.threads}
        watched = [(both[1], "watched")]
        grown = xgboost.train(
            parameters, both[0], MOST_TREES, evals=watched, early_stopping_rounds=PATIENCE, verbose_eval=False
        )
        return grown[: grown.best_iteration + 1]


def person_years(until: Floats, seen: Floats, years: int) -> PersonYears:
    """Only years watched to their end: a part of one would count for those who had the event and for no others."""
    whole = np.clip(np.floor(seen), 0, years)
    came_in = np.ceil(until)
    count = np.minimum(whole, came_in).astype(np.int64)
    person = np.repeat(np.arange(len(until)), count)
    year = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    return PersonYears(person=person, year=year, label=np.asarray(year + 1 == came_in[person], dtype=np.bool_))


def hazards(within: Floats) -> Floats:
    """The hazard of each year of chances within 1, 2, ... years: people x years."""
    before = np.concatenate([np.zeros((len(within), 1)), within[:, :-1]], axis=1)
    hazard = (within - before) / np.maximum(1.0 - before, LEAST_HAZARD)
    return np.asarray(np.clip(hazard, LEAST_HAZARD, 1.0 - LEAST_HAZARD), dtype=np.float64)


def _dealt(groups: Positions, seed: int) -> Positions:
    """A fold for each row; a group is never torn apart."""
    fold = np.zeros(len(groups), dtype=np.int64)
    for number, (_, left_out) in enumerate(group_folds(groups, FOLDS, seed)):
        fold[left_out] = number
    return fold


def _matrix(X: Floats, person: Positions, year: Positions, base: Floats, label: Flags | None = None) -> xgboost.DMatrix:
    columns = np.column_stack([X[person], year])
    return xgboost.DMatrix(columns, label=label, base_margin=_start(person, year, base))


def _learned(booster: xgboost.Booster, X: Floats, person: Positions, year: Positions, base: Floats) -> Floats:
    """What the trees add to the base rate's log odds."""
    margin = booster.predict(_matrix(X, person, year, base), output_margin=True)
    return np.asarray(margin, dtype=np.float64) - _start(person, year, base)


def _start(person: Positions, year: Positions, base: Floats) -> Floats:
    """Log odds of the base rate's hazard."""
    return np.asarray(logit(np.clip(base[person, year], LEAST_HAZARD, 1.0 - LEAST_HAZARD)), dtype=np.float64)
