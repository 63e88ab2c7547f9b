"""People as an artifact keeps them, and the nearest of them: no names, no ids, nothing exact."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.facts import Flags, Floats, Positions
from engine.peers.index import NOBODY, Index, recall
from engine.peers.scaling import Coarse, Scaling, Units
from engine.peers.traits import Bits

CHUNK = 500
SPARE = 16
"""More neighbours than asked for are fetched, then ordered exactly."""
PLACES = 6
"""Of a similarity, by which neighbours are ordered; then by their row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One row a person, in an order that says nothing of who they are."""

    coarse: Coarse
    currency: NDArray[np.int16]
    age_band: NDArray[np.int8]
    income_band: NDArray[np.int8]
    traits: Bits
    mark: NDArray[np.uint8]
    """A few bits of a hash of the user's id, so that nobody is shown to itself; at least 20 people share each."""

    def __len__(self) -> int:
        return len(self.mark)


def joined(parts: Sequence[People]) -> People:
    """All of them, one part after another."""
    return People(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(People)}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose neighbours are looked for: one row a question."""

    coarse: Coarse
    currency: Positions
    mark: Positions

    def take(self, rows: Positions | Flags) -> "Asked":
        return Asked(coarse=self.coarse[rows], currency=self.currency[rows], mark=self.mark[rows])


class Crowd:
    """People of several currencies and an index of each; it never changes, so that threads may share it."""

    def __init__(self, scaling: Scaling, people: People, mark_bits: int) -> None:
        self.people = people
        self._scaling, self._kept = scaling, 1.0 - 0.5**mark_bits
        self._units: Units = scaling.units(people.coarse)
        self._groups = {int(number): self._group(number) for number in np.unique(people.currency)}

    def nearest(self, asked: Asked, count: int) -> tuple[Positions, Floats]:
        """Rows of `people` and their cosine similarity, the nearest first; `NOBODY` and 0 where there are fewer."""
        rows = np.full((len(asked.coarse), count), NOBODY, dtype=np.int64)
        similarity = np.zeros(rows.shape)
        for number, (members, index) in self._groups.items():
            own = np.flatnonzero(asked.currency == number)
            for start in range(0, len(own), CHUNK):
                part = own[start : start + CHUNK]
                rows[part], similarity[part] = self._among(members, index, asked.take(part), count)
        return rows, similarity

    def recall(self, asked: Asked, count: int) -> float:
        """Share of the truly nearest that are found, with nobody passed over."""
        rows, similarity = self.nearest(replace(asked, mark=np.full(len(asked.mark), NOBODY)), count)
        told, units = np.where(rows == NOBODY, -np.inf, similarity), self._scaling.units(asked.coarse)
        found = [
            recall(told[asked.currency == number], self._units[members], units[asked.currency == number])
            for number, (members, _) in self._groups.items()
        ]
        return float(np.concatenate(found).mean()) if len(units) else 1.0

    def _group(self, number: int) -> tuple[Positions, Index]:
        members = np.flatnonzero(self.people.currency == number)
        return members, Index(self._units[members])

    def _among(self, members: Positions, index: Index, asked: Asked, count: int) -> tuple[Positions, Floats]:
        units = self._scaling.units(asked.coarse)
        fetched = min(int(np.ceil((count + SPARE) / max(self._kept, 0.5))) + SPARE, len(index))
        found = index.search(units, fetched)
        rows = np.where(found == NOBODY, NOBODY, members[found])
        exact = np.einsum("qd,qkd->qk", units.astype(np.float64), self._units[rows].astype(np.float64))
        is_self = self.people.mark[rows] == asked.mark[:, None]
        exact = np.where((rows == NOBODY) | is_self, -np.inf, np.round(exact, PLACES))
        return ordered(rows, exact, count)


def ordered(rows: Positions, similarity: Floats, count: int) -> tuple[Positions, Floats]:
    """So many of each row's candidates, the nearest first; minus infinity stands for nobody."""
    order = np.lexsort((rows, -similarity), axis=1)[:, :count]
    near, told = np.take_along_axis(rows, order, axis=1), np.take_along_axis(similarity, order, axis=1)
    missing = np.isinf(told)
    return _padded(np.where(missing, NOBODY, near), count, NOBODY), _padded(np.where(missing, 0.0, told), count, 0.0)


def _padded(values: NDArray[Any], count: int, nothing: float) -> NDArray[Any]:
    return np.pad(values, ((0, 0), (0, count - values.shape[1])), constant_values=nothing)
