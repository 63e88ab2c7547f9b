"""The people whom the insights compare with, as an artifact keeps them: no names, no ids, nothing exact."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.arrays import read, written
from engine.enums import UNKNOWN, GoalKind
from engine.facts import Flags, Floats, Positions
from engine.model import Model
from engine.peers.cohort import Cohort, Spread
from engine.peers.features import FEATURES
from engine.peers.habits import Habit
from engine.peers.index import NOBODY, Index, recall
from engine.peers.patterns import Pattern
from engine.peers.products import Calibration
from engine.peers.scaling import Coarse, Scaling, Units
from engine.peers.traits import Bits, has

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose neighbours are looked for: one row a question."""

    coarse: Coarse
    currency: Positions
    mark: Positions

    def take(self, rows: Positions | Flags) -> "Asked":
        return Asked(coarse=self.coarse[rows], currency=self.currency[rows], mark=self.mark[rows])


class PeerModel(Model):
    """Nearest neighbours by the cosine of robustly scaled, weighed columns, within one currency.

    Learned from the households of an installation: scale and weight of each column (so that the nearest 100 foretell
    best which accounts a household holds), quantiles by age and income, and what those did who reached their goals.
    Held beside it: who is in a cell of age, income and currency with at least twenty people, in steps of an eighth of a
    spread. Limits: likeness in money is no likeness in character, and a habit of the successful need not be its cause.
    """

    def __init__(
        self,
        *,
        scaling: Scaling,
        people: People,
        mark_bits: int,
        popularity: Floats,
        calibration: Calibration,
        cohorts: Mapping[tuple[int, int, int], Cohort],
        patterns: tuple[Pattern, ...],
    ) -> None:
        self.scaling, self.people, self.mark_bits = scaling, people, mark_bits
        self.popularity, self.calibration = popularity, calibration
        self.cohorts, self.patterns = cohorts, patterns
        self.rarest: Positions = np.argsort(has(people.traits).sum(axis=0), kind="stable")
        self.key = blake2b(people.coarse.tobytes(), digest_size=16).digest()
        """What pseudonyms are made with; another model makes others."""
        self._units: Units = scaling.units(people.coarse)
        self._groups = {int(number): _group(self._units, people, number) for number in np.unique(people.currency)}

    def cohort(self, currency: int, age_band: int, income_band: int) -> Cohort | None:
        """The narrowest that there is."""
        keys = ((age_band, income_band), (age_band, UNKNOWN), (UNKNOWN, UNKNOWN))
        return next((self.cohorts[currency, *key] for key in keys if (currency, *key) in self.cohorts), None)

    def recall(self, asked: Asked, count: int) -> float:
        """Share of the truly nearest that the index finds."""
        units = self.scaling.units(asked.coarse)
        found = [
            recall(index, self._units[members], units[asked.currency == number], count)
            for number, (members, index) in self._groups.items()
        ]
        return float(np.concatenate(found).mean()) if len(units) else 1.0

    def marks(self, users: NDArray[np.object_]) -> Positions:
        """What `People.mark` would be of these users."""
        return np.array([mark(user, self.mark_bits) for user in users], dtype=np.int64)

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

    def _among(self, members: Positions, index: Index, asked: Asked, count: int) -> tuple[Positions, Floats]:
        units = self.scaling.units(asked.coarse)
        kept = 1.0 - 0.5**self.mark_bits
        fetched = min(int(np.ceil((count + SPARE) / max(kept, 0.5))) + SPARE, len(index))
        found = index.search(units, fetched)
        rows = np.where(found == NOBODY, NOBODY, members[found])
        exact = np.einsum("qd,qkd->qk", units.astype(np.float64), self._units[rows].astype(np.float64))
        is_self = self.people.mark[rows] == asked.mark[:, None]
        exact = np.where((rows == NOBODY) | is_self, -np.inf, np.round(exact, PLACES))
        order = np.lexsort((rows, -exact), axis=1)[:, :count]
        near, similarity = np.take_along_axis(rows, order, axis=1), np.take_along_axis(exact, order, axis=1)
        missing = np.isinf(similarity)
        return _padded(np.where(missing, NOBODY, near), count, NOBODY), _padded(
            np.where(missing, 0.0, similarity), count, 0.0
        )

    @override
    def importance(self) -> Mapping[str, float]:
        """What each column adds to the length of a household's row, on average."""
        spread = ((self.people.coarse * self.scaling.weights) ** 2).mean(axis=0)
        share = spread / max(float(spread.sum()), 1e-12)
        return {FEATURES[column]: float(share[column]) for column in np.argsort(-share, kind="stable")}

    @override
    def files(self) -> dict[str, bytes]:
        parts = {
            "scaling": np.array([self.scaling.centre, self.scaling.scale, self.scaling.weights]),
            "products": np.array([self.popularity, self.calibration.slope, self.calibration.intercept]),
            **{field.name: getattr(self.people, field.name) for field in fields(People)},
        }
        told = {
            "features": FEATURES,
            "mark_bits": self.mark_bits,
            "patterns": [asdict(each) for each in self.patterns],
            "cohorts": [{"currency": key[0], **asdict(each)} for key, each in sorted(self.cohorts.items())],
        }
        return {f"{name}.npy": written(array) for name, array in parts.items()} | {
            "peers.json": json.dumps(told, indent=1).encode()
        }

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        told = json.loads(files["peers.json"])
        centre, scale, weights = read(files["scaling.npy"])
        popularity, slope, intercept = read(files["products.npy"])
        return cls(
            scaling=Scaling(centre=centre, scale=scale, weights=weights),
            people=People(**{field.name: read(files[f"{field.name}.npy"]) for field in fields(People)}),
            mark_bits=told["mark_bits"],
            popularity=popularity,
            calibration=Calibration(slope=slope, intercept=intercept),
            cohorts=dict(map(_cohort, told["cohorts"])),
            patterns=tuple(map(_pattern, told["patterns"])),
        )


def mark(user: object, bits: int) -> int:
    """Some bits of a hash of the user's id."""
    digest = blake2b(str(user).encode(), digest_size=1, person=b"peer mark").digest()
    return digest[0] >> 8 - bits


def _group(units: Units, people: People, number: int) -> tuple[Positions, Index]:
    members = np.flatnonzero(people.currency == number)
    return members, Index(units[members])


def _padded(values: NDArray[Any], count: int, nothing: float) -> NDArray[Any]:
    return np.pad(values, ((0, 0), (0, count - values.shape[1])), constant_values=nothing)


def _cohort(row: Mapping[str, Any]) -> tuple[tuple[int, int, int], Cohort]:
    spreads = {name: Spread(levels=tuple(s["levels"]), values=tuple(s["values"])) for name, s in row["spreads"].items()}
    made = Cohort(size=row["size"], spreads=spreads, age_band=row["age_band"], income_band=row["income_band"])
    return (row["currency"], row["age_band"], row["income_band"]), made


def _pattern(row: Mapping[str, Any]) -> Pattern:
    return Pattern(**{**row, "kind": GoalKind(row["kind"]), "habit": Habit(row["habit"])})
