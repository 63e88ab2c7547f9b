"""Boosted trees whose number, and whose parameters among candidates, five folds of people choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xgboost

from engine.facts import Flags, Floats, Positions

FOLDS = 5

Loss = Mapping[str, object]
"""An objective and the metric that is to be least, as XGBoost names them."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows to learn from; all rows of a person are in one fold."""

    X: Floats
    y: Floats
    fold: Positions


def folds(people: Positions, seed: int) -> Positions:
    """A number 0 to 4 for each row, the same for all rows of a person."""
    names, member = np.unique(people, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    return np.asarray((order % FOLDS)[member], dtype=np.int64)


def tried(candidate: Candidate, loss: Loss, rows: Rows, seed: int) -> Tried:
    """The number of trees is the best over all folds together: one number, so that nobody's own row chooses it."""
    boosters, curve = [], np.zeros(candidate.trees)
    for each in range(FOLDS):
        left = rows.fold == each
        booster, losses = _watched(candidate, loss, rows, left, seed)
        boosters.append(booster)
        curve += left.mean() * losses
    trees = int(np.argmin(curve)) + 1 if candidate.stops_early else candidate.trees
    return Tried(candidate=candidate, trees=trees, loss=float(curve[trees - 1]), boosters=tuple(boosters))


def preferred(candidates: Sequence[Tried]) -> Tried:
    """The candidate that people left out prefer."""
    return min(candidates, key=lambda each: each.loss)


def on_all(best: Tried, loss: Loss, rows: Rows, seed: int) -> xgboost.Booster:
    """The candidate with the least loss, on all people."""
    return xgboost.train(_parameters(best.candidate, loss, seed), matrix(rows.X, rows.y), best.trees)


def left_out(found: Tried, X: Floats, fold: Positions) -> Floats:
    """Of each row, by the fold's booster that has not seen its person."""
    told = np.zeros(len(X))
    for each, booster in enumerate(found.boosters):
        told[fold == each] = predicted(booster, X[fold == each], found.trees)
    return told


def predicted(booster: xgboost.Booster, X: Floats, trees: int = 0) -> Floats:
    """With so many trees, all where it is 0."""
    return np.asarray(booster.predict(matrix(X), iteration_range=(0, trees)), dtype=np.float64)


def gains(booster: xgboost.Booster, names: Sequence[str]) -> dict[str, float]:
    """Share of the fit that each column brought, the greatest first; columns that brought none are left out."""
    found = booster.get_score(importance_type="total_gain")
    gain = {names[int(key[1:])]: float(np.sum(value)) for key, value in found.items()}
    return {name: value / sum(gain.values()) for name, value in sorted(gain.items(), key=lambda item: -item[1])}


def matrix(X: Floats, y: Floats | None = None) -> xgboost.DMatrix:
    """One thread: batches are small, and sums in one order give the same trees everywhere."""
    return xgboost.DMatrix(X, label=y, nthread=1)


def _watched(candidate: Candidate, loss: Loss, rows: Rows, left: Flags, seed: int) -> tuple[xgboost.Booster, Floats]:
    """A booster and its loss after each tree for people left out."""
    found: dict[str, dict[str, list[float]]] = {}
    booster = xgboost.train(
        _parameters(candidate, loss, seed),
        matrix(rows.X[~left], rows.y[~left]),
        candidate.trees,
        evals=[(matrix(rows.X[left], rows.y[left]), "left")],
        evals_result=found,
        verbose_eval=False,
    )
    return booster, np.array(found["left"][str(loss["eval_metric"])])


def _parameters(candidate: Candidate, loss: Loss, seed: int) -> dict[str, object]:
    return {**candidate.parameters, **loss, "tree_method": "hist", "seed": seed, "nthread": 1}
