"""What is learned of spending: months to come and how far they scatter, which amounts are rare, kinds of spenders."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from typing_extensions import override

from engine.behavior.anomalies import Tail
from engine.behavior.forecast import Forecaster
from engine.behavior.lad import Line
from engine.behavior.segments import Segment, Segmentation
from engine.facts import Floats
from engine.learning.model import Model

FILE = "behavior.json"
DIGITS = 10
"""That are kept: more than any figure needs, few enough to be the same on every machine."""


@dataclass(frozen=True, slots=True)
class BehaviorModel(Model):
    """Model card.

    Learns    for each of the next three months a line of the median and one of the error, by least absolute
              deviations, from shares of the household's usual month; the ends of the range that nine of ten months
              fell in, for 3, 6, 12 and 24 months of history (conformal, people left out); which amounts are rare
              among ordinary purchases; kinds of spenders by k-means.
    Rows      households at three past moments and with shortened histories; the last three months are kept back to
              judge by.
    Use       insight for the household itself. Never for credit, insurance or employment.
    Limits    a move of house, a new child or a lost job is not foreseen; the population it was fitted on should be
              that of its users; purchases at night stand out only where whoever brought them knows the hour.
    Figures   `docs/behavioral-insights.md`, from `make bench ARGS=behavior`.
    """

    forecaster: Forecaster
    tail: Tail
    segmentation: Segmentation
    weights: Mapping[str, float]
    """Share of each feature in what the lines tell."""

    @override
    def files(self) -> dict[str, bytes]:
        told = {
            "median": [_listed(line.weights) for line in self.forecaster.median],
            "error": [_listed(line.weights) for line in self.forecaster.error],
            "ends": _listed(self.forecaster.ends),
            "tail": asdict(self.tail),
            "segments": [asdict(each) for each in self.segmentation.segments],
            "scaling": [_listed(self.segmentation.middle), _listed(self.segmentation.spread)],
            "centres": _listed(self.segmentation.centres),
            "weights": dict(self.weights),
        }
        return {FILE: json.dumps(told, sort_keys=True).encode()}

    @classmethod
    @override
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        told: dict[str, Any] = json.loads(files[FILE])
        middle, spread = (np.array(each) for each in told["scaling"])
        return cls(
            forecaster=Forecaster(
                median=_lines(told["median"]), error=_lines(told["error"]), ends=np.array(told["ends"])
            ),
            tail=Tail(**told["tail"]),
            segmentation=Segmentation(
                middle=middle,
                spread=spread,
                centres=np.array(told["centres"]),
                segments=tuple(Segment(**each) for each in told["segments"]),
            ),
            weights=told["weights"],
        )

    @override
    def importance(self) -> Mapping[str, float]:
        return dict(sorted(self.weights.items(), key=lambda item: -item[1]))


def _lines(rows: list[list[float]]) -> tuple[Line, ...]:
    return tuple(Line(weights=np.array(row)) for row in rows)


def _listed(values: Floats) -> Any:
    return values.round(DIGITS).tolist()
