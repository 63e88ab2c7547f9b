"""How well peers foretell what a household holds: its accounts hidden one at a time, and ranked by what peers hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from engine.facts import Flags, Floats, Positions
from engine.learning.platt import scaling as fitted
from engine.peers.features import PRODUCT_COLUMNS, PRODUCTS
from engine.peers.scaling import Coarse, Scaling

NEIGHBOURS = 100
STEADYING = 5.0
"""Neighbours' worth of the share among all."""
LEAST_CASES = 10
"""Of holders and of others, to calibrate a product by."""
SURE = 1e-3

Nearest = Callable[[Coarse, Positions], Floats]
"""Coarse rows of these people, to the share of each product among their nearest neighbours, themselves left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One row an account that was taken away."""

    person: Positions
    product: Positions
    coarse: Coarse
    """The household as it would be without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """From the share among neighbours to the chance of holding, product by product."""

    slope: Floats
    intercept: Floats

    def scores(self, shares: Floats) -> Floats:
        """Log odds."""
        return np.asarray(self.slope * _log_odds(shares) + self.intercept, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One row a hidden account: its person, and its place among all that the person does not visibly hold."""

    person: Positions
    rank: Positions


def hide(scaling: Scaling, coarse: Coarse, held: Flags) -> Hidden:
    """Every account of everybody, one at a time."""
    person, product = np.nonzero(held)
    without = coarse[person].copy()
    columns = PRODUCT_COLUMNS[product]
    without[np.arange(len(person)), columns] = nothing(scaling)[columns]
    return Hidden(person=person, product=product, coarse=without)


def nothing(scaling: Scaling) -> Coarse:
    """What the columns of a household are that has nothing."""
    return np.asarray(scaling.coarse(np.zeros((1, len(scaling.centre))))[0], dtype=np.int8)


def shares(held: Flags, near: Positions, similarity: Floats, popularity: Floats) -> Floats:
    """Of each product among neighbours (rows of `held`), drawn to what is usual."""
    weight = np.maximum(similarity, 0.0)
    found = np.einsum("qk,qkp->qp", weight, held[near])
    return np.asarray(
        (found + STEADYING * popularity) / (weight.sum(axis=1, keepdims=True) + STEADYING), dtype=np.float64
    )


def calibrated(coarse: Coarse, held: Flags, hidden: Hidden, nearest: Nearest) -> Calibration:
    """Holders with the account hidden against those who do not have it; neighbours never count the person itself."""
    seen = _log_odds(nearest(coarse, np.arange(len(coarse))))
    unseen = _log_odds(nearest(hidden.coarse, hidden.person))
    found = np.array([_fit(seen, unseen, held, hidden, product) for product in range(len(PRODUCTS))])
    return Calibration(slope=found[:, 0], intercept=found[:, 1])


def ranked(scores: Floats, held: Flags, hidden: Hidden) -> Ranked:
    """A tie counts against the one that was hidden."""
    rows = np.arange(len(hidden.person))
    own = scores[rows, hidden.product]
    candidate = ~held[hidden.person]
    ahead = candidate & (scores >= own[:, None])
    return Ranked(person=hidden.person, rank=1 + ahead.sum(axis=1))


def figures(found: Ranked) -> Mapping[str, float]:
    """Over all hidden accounts."""
    if not len(found.rank):
        return {"hit_rate_at_1": 0.0, "hit_rate_at_3": 0.0, "mrr": 0.0}
    return {
        "hit_rate_at_1": float((found.rank == 1).mean()),
        "hit_rate_at_3": float((found.rank <= 3).mean()),
        "mrr": float((1.0 / found.rank).mean()),
    }


def losses(found: Ranked, people: int) -> Floats:
    """One less the mean reciprocal rank, by person; 0 for who holds nothing."""
    count = np.bincount(found.person, minlength=people)
    summed = np.bincount(found.person, weights=1.0 - 1.0 / found.rank, minlength=people)
    return np.asarray(summed / np.maximum(count, 1), dtype=np.float64)


def _fit(seen: Floats, unseen: Floats, held: Flags, hidden: Hidden, product: int) -> NDArray[np.float64]:
    holders, others = unseen[hidden.product == product, product], seen[~held[:, product], product]
    if min(len(holders), len(others)) < LEAST_CASES:
        return np.array([1.0, 0.0])
    outcome = np.repeat([True, False], [len(holders), len(others)])
    return fitted(np.concatenate([holders, others]), outcome)


def _log_odds(shares: Floats) -> Floats:
    return np.asarray(logit(np.clip(shares, SURE, 1.0 - SURE)), dtype=np.float64)
