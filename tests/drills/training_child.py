"""The child of the drills: the real training, of models that are learned in a moment, never, or at the cost of all."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from typing_extensions import override

from engine.learning.trainer import Sample, Trainer
from tests.waiting import pause
from tests.workers.slopes import TRAINERS, Slope, SlopeTrainer
from workers.attempt import attempt
from workers.training import train

FOREVER_SECONDS = 600


class Endless(SlopeTrainer):
    """Never done."""

    @override
    def fit(self, sample: Sample, seed: int) -> Slope:
        pause(FOREVER_SECONDS)
        return super().fit(sample, seed)


class Hungry(SlopeTrainer):
    """Takes all memory that there is."""

    @override
    def fit(self, sample: Sample, seed: int) -> Slope:
        held = []
        while True:
            held.append(bytearray(b"x" * 2**22))


ALL: Mapping[str, Trainer[Any]] = {**TRAINERS, "endless": Endless(), "hungry": Hungry()}

if __name__ == "__main__":
    attempt({"TRAINING": partial(train, trainers=ALL)})
