"""How far the users of today are from those that a model was trained on: feature by feature, and pair by pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.enums import Severity
from engine.facts import Floats, Positions
from engine.monitoring.bins import BINS, EDGES, Singles, counts_of, edges_of
from engine.monitoring.pairs import Pairs, moves, names_of, pairs_of
from engine.monitoring.shares import debiased_psi, p_values, scores

LEVELS = ((0.25, Severity.CRITICAL), (0.10, Severity.WARNING), (0.05, Severity.INFO))
FEATURES_LEVEL, PAIRS_LEVEL = 4e-4, 1e-4
"""How often a check finds something where nothing has changed: together once in 2,000, all features and pairs in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The users of the training day: counts by bin of each feature, and how features move together."""

    features: tuple[str, ...]
    rows: int
    edges: Singles
    counts: Positions
    pairs: Pairs

    @property
    def missing(self) -> Mapping[str, float]:
        """The share of users of whom a feature was not known."""
        return dict(zip(self.features, (self.counts[:, -1] / max(self.rows, 1)).tolist(), strict=True))

    def as_dict(self) -> dict[str, Any]:
        """For the manifest: JSON, without NaN."""
        return {
            "features": list(self.features),
            "rows": self.rows,
            "edges": [row[~np.isnan(row)].tolist() for row in self.edges],
            "counts": self.counts.tolist(),
            "pairs": {
                "rows": self.pairs.rows,
                "correlation": self.pairs.correlation.round(6).tolist(),
                "spread": self.pairs.spread.round(6).tolist(),
            },
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Reference":
        """What `as_dict` told."""
        edges = np.full((len(told["features"]), EDGES), np.nan, dtype=np.float32)
        for row, known in zip(edges, told["edges"], strict=True):
            row[: len(known)] = known
        pairs = told["pairs"]
        return cls(
            features=tuple(told["features"]),
            rows=told["rows"],
            edges=edges,
            counts=np.array(told["counts"], dtype=np.int64).reshape(-1, BINS),
            pairs=Pairs(
                rows=pairs["rows"], correlation=np.array(pairs["correlation"]), spread=np.array(pairs["spread"])
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDrift:
    """How far a feature, or the way that two of them move together, has gone.

    `psi` is debiased; `sure` says that chance does not explain it. The severity is NONE where it may.
    """

    feature: str
    psi: float
    sure: bool
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A check. `score` is the largest PSI that is sure, 0 where none is; `pairs` are the sure ones alone."""

    score: float
    severity: Severity
    features: tuple[FeatureDrift, ...]
    pairs: tuple[FeatureDrift, ...]
    reference_rows: int
    current_rows: int

    @property
    def found(self) -> tuple[FeatureDrift, ...]:
        """What has changed for sure, the farthest first."""
        return tuple(sorted((each for each in (*self.features, *self.pairs) if each.sure), key=lambda each: -each.psi))


def reference(names: Sequence[str], columns: Floats | Singles) -> Reference:
    """Of the columns on the training day, users x features."""
    singles = _singles(columns)
    edges = edges_of(singles)
    counts = counts_of(singles, edges)
    return Reference(
        features=tuple(names),
        rows=len(singles),
        edges=edges,
        counts=counts,
        pairs=pairs_of(singles, edges, scores(counts)),
    )


def compare(before: Reference, columns: Floats | Singles) -> Drift:
    """The columns of today with those of the training day; without users on either side nothing is found."""
    singles = _singles(columns)
    if not len(singles) or not before.rows:
        return _drift(before, 0, (), ())
    counts = counts_of(singles, before.edges)
    psi = debiased_psi(before.counts, counts)
    sure = p_values(before.counts, counts) < FEATURES_LEVEL / len(psi)
    moved = moves(before.pairs, pairs_of(singles, before.edges, scores(before.counts)))
    certain = moved.p < PAIRS_LEVEL / max(len(moved.p), 1)
    return _drift(
        before,
        len(singles),
        _told(before.features, psi, sure),
        tuple(each for each in _told(names_of(before.features), moved.psi, certain) if each.sure),
    )


def _singles(columns: Floats | Singles) -> Singles:
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(columns, dtype=np.float32)


def _told(names: Sequence[str], psi: Floats, sure: np.ndarray) -> tuple[FeatureDrift, ...]:
    return tuple(
        FeatureDrift(feature=name, psi=float(far), sure=bool(certain), severity=_severity(far, certain))
        for name, far, certain in zip(names, psi, sure, strict=True)
    )


def _severity(psi: float, sure: bool) -> Severity:
    return next((level for least, level in LEVELS if sure and psi > least), Severity.NONE)


def _drift(before: Reference, rows: int, features: tuple[FeatureDrift, ...], pairs: tuple[FeatureDrift, ...]) -> Drift:
    score = max((each.psi for each in (*features, *pairs) if each.sure), default=0.0)
    return Drift(
        score=score,
        severity=_severity(score, sure=True),
        features=features,
        pairs=pairs,
        reference_rows=before.rows,
        current_rows=rows,
    )
