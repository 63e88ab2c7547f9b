"""The people whom the insights compare with, and what was learned of them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from hashlib import blake2b
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.enums import UNKNOWN, GoalKind
from engine.facts import Floats, Positions
from engine.learning.arrays import read, written
from engine.learning.model import Model
from engine.peers.bands import AGES, INCOMES
from engine.peers.cohort import Cohort, Spread
from engine.peers.crowd import Asked, Crowd, People, joined, ordered
from engine.peers.features import FEATURES
from engine.peers.habits import Habit
from engine.peers.index import NOBODY
from engine.peers.patterns import Pattern
from engine.peers.products import Calibration
from engine.peers.scaling import Scaling
from engine.peers.traits import has


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The nearest of each who asked: rows of `people`, `NOBODY` where there are fewer."""

    rows: Positions
    similarity: Floats
    people: People


class PeerModel(Model):
    """Nearest neighbours by the cosine of robustly scaled, weighed columns, within one currency.

    Learned from the households of an installation: scale and weight of each column (so that the nearest 100 foretell
    best which accounts a household holds), quantiles by age and income, and what those did who reached their goals.
    Held beside it: people in steps of an eighth of a spread, with bands that at least twenty share. Limits: likeness in
    money is no likeness in character, and a habit of the successful need not be its cause.
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
        self._crowd = Crowd(scaling, people, mark_bits)
        self._late: tuple[Crowd, People] | None = None
        """Who came since, and everybody."""

    def cohorts_of(self, currency: int, age_band: int, income_band: int) -> tuple[Cohort, ...]:
        """Those that there are, the narrowest first."""
        keys = ((age_band, income_band), (age_band, UNKNOWN), (UNKNOWN, UNKNOWN))
        return tuple(self.cohorts[currency, *key] for key in keys if (currency, *key) in self.cohorts)

    @cached_property
    def sharing(self) -> Mapping[tuple[int, int, int], int]:
        """How many people there are of each currency, band of age, and band of income."""
        held = self.people
        base = len(AGES) + len(INCOMES) + 1  # more than either has bands, with those not told
        numbers = (held.currency.astype(np.int64) * base + held.age_band + 1) * base + held.income_band + 1
        cells, counts = np.unique(numbers, return_counts=True)
        told = zip(cells.tolist(), counts.tolist(), strict=True)
        return {(cell // base**2, cell // base % base - 1, cell % base - 1): count for cell, count in told}

    def marks(self, users: NDArray[np.object_]) -> Positions:
        """What `People.mark` would be of these users."""
        return np.array([mark(user, self.mark_bits) for user in users], dtype=np.int64)

    def join(self, newcomers: People) -> None:
        """Lets people in who came after the training, in place of those let in before; the artifact stays as it is."""
        late = Crowd(self.scaling, newcomers, self.mark_bits)
        self._late = (late, joined([self.people, newcomers])) if len(newcomers) else None

    def nearest(self, asked: Asked, count: int) -> Near:
        """Of all who are in it, and whom it let in."""
        late = self._late
        rows, similarity = self._crowd.nearest(asked, count)
        if late is None:
            return Near(rows=rows, similarity=similarity, people=self.people)
        more, likeness = late[0].nearest(asked, count)
        both = np.hstack([rows, np.where(more == NOBODY, NOBODY, more + len(self.people))])
        told = np.where(both == NOBODY, -np.inf, np.hstack([similarity, likeness]))
        rows, similarity = ordered(both, told, count)
        return Near(rows=rows, similarity=similarity, people=late[1])

    def recall(self, asked: Asked, count: int) -> float:
        """Share of the truly nearest that are found."""
        return self._crowd.recall(asked, count)

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


def _cohort(row: Mapping[str, Any]) -> tuple[tuple[int, int, int], Cohort]:
    spreads = {name: Spread(levels=tuple(s["levels"]), values=tuple(s["values"])) for name, s in row["spreads"].items()}
    made = Cohort(size=row["size"], spreads=spreads, age_band=row["age_band"], income_band=row["income_band"])
    return (row["currency"], row["age_band"], row["income_band"]), made


def _pattern(row: Mapping[str, Any]) -> Pattern:
    return Pattern(**{**row, "kind": GoalKind(row["kind"]), "habit": Habit(row["habit"])})
