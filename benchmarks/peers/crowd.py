"""Synthetic people for the benchmark of peers, and ways to find the nearest of them: `benchmarks.peers` runs them."""

from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from engine.facts import Floats, Positions
from engine.peers.crowd import Asked, People
from engine.peers.features import FEATURES, PRODUCTS
from engine.peers.products import Calibration
from engine.peers.scaling import Scaling, Units, fit_scaling
from engine.peers.weights import even
from engine.recommenders.peer_insights.model import PeerModel

SEED, FACTORS, COUNT = 7, 8, 10
MARK_BITS = 8
STRANGER = -1
"""The mark of who is nobody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One row a person: what the product keeps, and the unit vector that it makes of it."""

    scaling: Scaling
    people: People
    mark: Positions
    units: Units

    def __len__(self) -> int:
        return len(self.units)

    def take(self, rows: slice) -> "Drawn":
        people = People(**{name: getattr(self.people, name)[rows] for name in People.__slots__})
        return replace(self, people=people, mark=self.mark[rows], units=self.units[rows])

    def strangers(self) -> "Drawn":
        """Who is passed over for nobody."""
        return replace(self, mark=np.full(len(self), STRANGER))


def drawn(people: int) -> Drawn:
    """So many, of eight latent factors and noise."""
    random = np.random.default_rng(SEED)
    mix = random.standard_normal((FACTORS, len(FEATURES)))
    return kept(random.standard_normal((people, FACTORS)) @ mix + random.standard_normal((people, len(FEATURES))))


def kept(columns: Floats) -> Drawn:
    """People of one currency with these columns; what is told of them does not matter here."""
    scaling = replace(fit_scaling(columns), weights=even())
    coarse, mark = scaling.coarse(columns), np.random.default_rng(SEED).integers(0, 2**MARK_BITS, len(columns))
    nothing = np.zeros(len(columns), dtype=np.int8)
    told = People(
        coarse=coarse,
        currency=nothing.astype(np.int16),
        age_band=nothing,
        income_band=nothing,
        traits=nothing.astype(np.uint32),
        mark=mark.astype(np.uint8),
    )
    return Drawn(scaling=scaling, people=told, mark=mark, units=scaling.units(coarse))


class Exact:
    """A product with all rows and a partial sort."""

    def __init__(self, held: Drawn) -> None:
        self.units = held.units

    def search(self, asked: Drawn, count: int) -> NDArray[np.int64]:
        return np.array([_nearest(self.units @ query, count) for query in asked.units])


class Flat:
    """faiss, exact."""

    def __init__(self, held: Drawn) -> None:
        self.index: Any = faiss.IndexFlatIP(held.units.shape[1])
        self.index.add(held.units)

    def search(self, asked: Drawn, count: int) -> NDArray[np.int64]:
        return np.asarray(self.index.search(asked.units, count)[1])


class Lists(Flat):
    """faiss, 1024 inverted lists, however few people there are."""

    def __init__(self, held: Drawn, probed: int) -> None:
        self.index = faiss.index_factory(held.units.shape[1], "IVF1024,Flat", faiss.METRIC_INNER_PRODUCT)
        self.index.nprobe = probed
        self.index.train(held.units)
        self.index.add(held.units)


class Served:
    """The model as it answers: nobody is shown to who shares its mark, and the nearest are ordered exactly."""

    def __init__(self, held: Drawn) -> None:
        flat = Calibration(slope=np.ones(len(PRODUCTS)), intercept=np.zeros(len(PRODUCTS)))
        self.model = PeerModel(
            scaling=held.scaling,
            people=held.people,
            mark_bits=MARK_BITS,
            popularity=np.zeros(len(PRODUCTS)),
            calibration=flat,
            cohorts={},
            patterns=(),
        )

    def search(self, asked: Drawn, count: int) -> NDArray[np.int64]:
        people = asked.people
        question = Asked(coarse=people.coarse, currency=people.currency.astype(np.int64), mark=asked.mark)
        return self.model.nearest(question, count).rows


def _nearest(similarity: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    near = np.argpartition(-similarity, count)[:count]
    return np.asarray(near[np.argsort(-similarity[near])])
