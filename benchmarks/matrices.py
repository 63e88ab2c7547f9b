"""What XGBoost's QuantileDMatrix would save of a training beside the DMatrix that it uses.

    python -m benchmarks.matrices [PEOPLE]

Generated columns (synthetic) in the shapes in which the categories hand their rows over: one row a person, four (one a
cut of the ordered levels), five (one a year). Each fit is 100 trees of depth 3, watched on a fifth of the people, in a
process of its own: processor seconds, and the peak of memory above what the columns take. Both grow the same trees.
"""

import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import xgboost

from engine.facts import Flags, Floats
from store.models.learning import MOST_USERS

TREES = 100
PARAMETERS = {"max_depth": 3, "eta": 0.1, "subsample": 0.8, "tree_method": "hist", "seed": 42, "nthread": 1}
SEED = 7
KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Features of a person, and how many rows there are of each."""

    features: int
    rows: int


SHAPES = {
    "savings strategy": Shape(features=29, rows=1),
    "risk assessment": Shape(features=30, rows=4),
    "life planning": Shape(features=10, rows=5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Processor seconds, MiB at the most, and the trees."""

    seconds: float
    mib: float
    trees: str


def main(people: int) -> None:
    sys.stdout.write(f"{people:,} people\n{'shape':20} {'DMatrix':>16} {'QuantileDMatrix':>18} trees\n")
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name, shape in SHAPES.items():
            plain, quantile = (pool.apply(fitted, (shape, people, is_quantile)) for is_quantile in (False, True))
            same = "the same" if plain.trees == quantile.trees else "others"
            sys.stdout.write(f"{name:20} {_told(plain):>16} {_told(quantile):>18} {same}\n")
            sys.stdout.flush()


def fitted(shape: Shape, people: int, is_quantile: bool) -> Cost:
    """The cost of one fit."""
    random = np.random.default_rng(SEED)
    X = random.normal(size=(people, shape.features))
    y = (X[:, 0] + X[:, 1] * X[:, 2] + random.normal(size=people)) > 0.0
    watched = random.random(people) < 0.2
    before, began = _peak_mib(), time.process_time()
    learned = _matrix(X, y, ~watched, shape, is_quantile, None)
    judged = _matrix(X, y, watched, shape, is_quantile, learned)
    grown = xgboost.train(
        PARAMETERS | {"objective": "binary:logistic"}, learned, TREES, evals=[(judged, "watched")], verbose_eval=False
    )
    trees = sha256(bytes(grown.save_raw("json"))).hexdigest()
    return Cost(seconds=time.process_time() - began, mib=_peak_mib() - before, trees=trees)


def _matrix(
    X: Floats, y: Flags, chosen: Flags, shape: Shape, is_quantile: bool, like: xgboost.DMatrix | None
) -> xgboost.DMatrix:
    """As the models lay them out: all people once a row, with the number of the row as a column."""
    place = np.repeat(np.arange(shape.rows), chosen.sum())
    rows = np.column_stack([np.tile(X[chosen], (shape.rows, 1)), place])
    labels = np.tile(y[chosen], shape.rows)
    if is_quantile:
        return xgboost.QuantileDMatrix(rows, label=labels, nthread=1, ref=like)
    return xgboost.DMatrix(rows, label=labels, nthread=1)


def _told(cost: Cost) -> str:
    return f"{cost.seconds:.1f} s, {cost.mib:.0f} MiB"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MOST_USERS)
