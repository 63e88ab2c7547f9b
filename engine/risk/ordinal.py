"""Ordered levels by gradient boosting and curves: binary models of "above this cut", together and apart.

Together, every person is a row for each cut, and the cut is a feature in which the score may only fall (a monotone
constraint): neighbouring levels share their trees. Apart, each cut has trees of its own; trees score by the mean of the
two. Beside them additive curves (`engine.risk.additive`) score: trees of few leaves draw slopes in steps. Scores become
chances by Platt scaling on people that they were not fitted on, which tells for each cut how far trees and curves are
believed, and are put in order, so that the chance of being above a cut never rises from cut to cut. The folds answer
together, by their mean scores; or, where it is known which fold a person belongs to, by the trees and curves of that
fold, which have never seen that person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import xgboost

from engine.facts import Floats, Positions
from engine.learning.folds import group_folds, share_of_groups
from engine.learning.platt import fit_platt
from engine.risk.additive import Curves, fit_curves

FOLDS = 5
MOST_TREES = 800
PATIENCE = 30
VALIDATION_SHARE = 0.15
PARAMETERS = {
    "objective": "binary:logistic",
    "eval_metric": "logloss",
    "max_depth": 3,
    "eta": 0.08,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "min_child_weight": 10.0,
    "lambda": 5.0,
    "tree_method": "hist",
}


class OrdinalClassifier:
    """Levels 0 to `levels` - 1; `monotone` gives the direction (1, -1) of features by position.

    Without `curves` trees answer alone: for columns of codes, through which no curve can be drawn.
    """

    def __init__(
        self,
        *,
        levels: int,
        seed: int = 0,
        threads: int = 1,
        monotone: Mapping[int, int] | None = None,
        curves: bool = True,
    ) -> None:
        self.levels = levels
        self.seed = seed
        self.threads = threads
        self.monotone = dict(monotone or {})
        self.curves = curves

    def fit(self, X: Floats, y: Positions, groups: Positions, fold: Positions | None = None) -> "OrdinalClassifier":
        """One set of trees a fold, stopped early on some and scored on those left out; groups are never torn apart.

        `fold` numbers each row's fold, 0 to 4; without it groups are dealt out by chance.
        """
        scores, self.trees_ = self._no_scores(len(y)), []
        for train, test in group_folds(groups, FOLDS, self.seed) if fold is None else _folds(fold):
            kept = share_of_groups(groups[train], VALIDATION_SHARE, self.seed + 1)
            trees = self._trained(X, y, train[~kept], train[kept])
            scores[test] = trees.scores(X[test])
            self.trees_.append(trees)
        self.platt_ = fit_platt(scores, y)
        self.left_out_ = levels_of(self.platt_(scores))
        """Chances of the rows themselves, by trees that have not seen them: people x levels."""
        return self

    def predict_proba(self, X: Floats) -> Floats:
        """People x levels."""
        return levels_of(self.predict_above(X))

    def predict_above(self, X: Floats) -> Floats:
        """Chance of a level above each cut: people x cuts, never rising from cut to cut."""
        return self.platt_(np.mean([trees.scores(X) for trees in self.trees_], axis=0))

    def predict_left_out(self, X: Floats, fold: Positions) -> Floats:
        """People x levels, each by the trees that were fitted without that person's fold."""
        scores = self._no_scores(len(X))
        for number, trees in enumerate(self.trees_):
            rows = fold == number
            if rows.any():
                scores[rows] = trees.scores(X[rows])
        return levels_of(self.platt_(scores))

    def _no_scores(self, people: int) -> Floats:
        return np.zeros((people, self.levels - 1, 2 if self.curves else 1))

    def _trained(self, X: Floats, y: Positions, train: Positions, watched: Positions) -> "Trees":
        cuts = range(self.levels - 1)
        directions = [self.monotone.get(column, 0) for column in range(X.shape[1])]
        together = (_together(X[train], self.levels - 1, y[train]), _together(X[watched], self.levels - 1, y[watched]))
        apart = [tuple(xgboost.DMatrix(X[rows], label=y[rows] > cut) for rows in (train, watched)) for cut in cuts]
        return Trees(
            together=self._booster(together, [*directions, -1]),
            apart=tuple(self._booster((seen, kept), directions) for seen, kept in apart),
            curves=self._curves(X, y, np.concatenate([train, watched])),
        )

    def _curves(self, X: Floats, y: Positions, rows: Positions) -> Curves | None:
        return fit_curves(X[rows], y[rows], self.levels - 1, self.monotone) if self.curves else None

    def _booster(self, matrices: tuple[xgboost.DMatrix, xgboost.DMatrix], directions: list[int]) -> xgboost.Booster:
        """Cut to the trees that served best on those watched."""
        own = {"seed": self.seed, "nthread": self.threads, "monotone_constraints": str(tuple(directions))}
        grown = xgboost.train(
            {**PARAMETERS, **own},
            matrices[0],
            MOST_TREES,
            evals=[(matrices[1], "watched")],
            early_stopping_rounds=PATIENCE,
            verbose_eval=False,
        )
        return grown[: grown.best_iteration + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """What one fold has learned."""

    together: xgboost.Booster
    apart: tuple[xgboost.Booster, ...]
    curves: Curves | None

    def scores(self, X: Floats) -> Floats:
        """People x cuts x (trees, curves)."""
        shared = _margins(self.together, _together(X, len(self.apart))).reshape(len(self.apart), len(X)).T
        own = np.column_stack([_margins(booster, xgboost.DMatrix(X)) for booster in self.apart])
        parts = [(shared + own) / 2.0, *([] if self.curves is None else [self.curves.scores(X)])]
        return np.stack(parts, axis=2).astype(np.float64)


def _together(X: Floats, cuts: int, y: Positions | None = None) -> xgboost.DMatrix:
    """All people at the first cut, then all at the second, ..."""
    rows = np.column_stack([np.tile(X, (cuts, 1)), np.repeat(np.arange(cuts), len(X))])
    return xgboost.DMatrix(rows, label=None if y is None else np.concatenate([y > cut for cut in range(cuts)]))


def levels_of(above: Floats) -> Floats:
    """Chances of levels from those of being above each cut."""
    return np.asarray(-np.diff(above, axis=1, prepend=1.0, append=0.0), dtype=np.float64)


def _margins(booster: xgboost.Booster, matrix: xgboost.DMatrix) -> Floats:
    return np.asarray(booster.predict(matrix, output_margin=True), dtype=np.float64)


def _folds(fold: Positions) -> Iterator[tuple[Positions, Positions]]:
    for number in range(FOLDS):
        yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)
