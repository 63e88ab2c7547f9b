"""What is expected of a person's tolerance for risk: ordered levels from what others like it say."""

import json
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import xgboost
from typing_extensions import override

from engine.enums import RiskLevel
from engine.facts import Floats, Objects, Positions
from engine.learning.arrays import read, written
from engine.learning.boosters import as_bytes, from_bytes
from engine.learning.folds import dealt
from engine.learning.model import Model
from engine.learning.platt import Platt
from engine.risk.additive import Curves
from engine.risk.features import NAMES
from engine.risk.ordinal import FOLDS, OrdinalClassifier, Trees

FIGURES = "figures.json"
CUT = len(NAMES)
"""The column after the features, in which the trees of all cuts together read the cut."""


class ToleranceModel(Model):
    """Boosted trees and additive curves over ordered levels, of what other people say of their own tolerance.

    Reads    thirty figures of what a household has and did; never the stated answer, sex, marriage or region.
    Learns   from the stated answers of everybody else: people are dealt to five folds by a hash of their id, and
             everyone, whether it was learned from or not, is answered by the trees of its own fold, which have never
             seen its answer. Platt scaling and the interval rest on the same trees, so what is promised is what is
             served.
    Limits   levels that nobody stated are never expected (a survey of three levels gives three); two questions on risk
             put to the same person correlate about 0.6, which bounds every such model; not for credit or insurance.
    Figures  `docs/risk-assessment.md`.
    """

    def __init__(self, *, classifier: OrdinalClassifier, occurring: tuple[int, ...], reach: float) -> None:
        self.classifier = classifier
        self.occurring = occurring
        """The levels that were stated, ascending: positions in `RiskLevel`."""
        self.reach = reach
        """Of the interval (`engine.risk.interval`)."""

    def chances(self, X: Floats, users: Objects) -> Floats:
        """Users x levels, by trees that have not seen the user."""
        return self.spread(self.classifier.predict_left_out(X, folds_of(users)))

    def spread(self, chances: Floats) -> Floats:
        """Chances of the levels that occur as chances of all five."""
        whole = np.zeros((len(chances), len(RiskLevel)))
        whole[:, self.occurring] = chances
        return whole

    @override
    def files(self) -> dict[str, bytes]:
        trees = {f"fold{fold}": trees for fold, trees in enumerate(self.classifier.trees_)}
        boosters = {f"{name}_{part}.ubj": booster for name, of in trees.items() for part, booster in _parts(of).items()}
        platt = self.classifier.platt_
        figures = {
            "occurring": list(self.occurring),
            "reach": self.reach,
            "slope": platt.slope.tolist(),
            "intercept": platt.intercept.tolist(),
        }
        curves = {
            f"{name}_{part}.npy": written(table) for name, of in trees.items() for part, table in _tables(of).items()
        }
        return {
            FIGURES: json.dumps(figures, sort_keys=True).encode(),
            **{name: as_bytes(booster) for name, booster in boosters.items()},
            **curves,
        }

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        figures: dict[str, Any] = json.loads(files[FIGURES])
        cuts = len(figures["slope"])
        classifier = OrdinalClassifier(levels=cuts + 1)
        classifier.platt_ = Platt(slope=np.array(figures["slope"]), intercept=np.array(figures["intercept"]))
        classifier.trees_ = [
            Trees(
                together=from_bytes(files[f"fold{fold}_together.ubj"]),
                apart=tuple(from_bytes(files[f"fold{fold}_cut{cut}.ubj"]) for cut in range(cuts)),
                curves=Curves(
                    quantiles=read(files[f"fold{fold}_quantiles.npy"]),
                    weights=read(files[f"fold{fold}_weights.npy"]),
                ),
            )
            for fold in range(FOLDS)
        ]
        return cls(classifier=classifier, occurring=tuple(figures["occurring"]), reach=figures["reach"])

    @override
    def importance(self) -> Mapping[str, float]:
        """Shares of the trees' gain in fit; the cut that a row asks about is no feature."""
        gain = np.zeros(CUT + 1)
        for trees in self.classifier.trees_:
            for booster in _parts(trees).values():
                for column, value in booster.get_score(importance_type="total_gain").items():
                    gain[int(column[1:])] += float(np.sum(value))
        shares = gain[:CUT] / max(float(gain[:CUT].sum()), np.finfo(np.float64).tiny)
        return {NAMES[column]: float(shares[column]) for column in np.argsort(-shares, kind="stable")}


def folds_of(users: Objects) -> Positions:
    """The fold whose trees have never seen the user."""
    return dealt(users, FOLDS, b"risk fold")


def _parts(trees: Trees) -> dict[str, xgboost.Booster]:
    return {"together": trees.together, **{f"cut{cut}": booster for cut, booster in enumerate(trees.apart)}}


def _tables(trees: Trees) -> dict[str, Floats]:
    return {"quantiles": trees.curves.quantiles, "weights": trees.curves.weights} if trees.curves else {}
