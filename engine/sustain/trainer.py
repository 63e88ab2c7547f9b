"""What both trainers of what households put aside learn from: the same columns, rows and sources."""

from typing import ClassVar

from typing_extensions import override

from engine.facts import Facts, Floats, Source
from engine.learning.trainer import M, Sample, Trainer
from engine.sustain import sample as rows_of
from engine.sustain.features import NAMES, features


class SavingTrainer(Trainer[M]):
    """Rows are households with two years of transactions, the second of which is the target."""

    features = NAMES
    sources: ClassVar[frozenset[Source]] = frozenset({"profile", "cash_flows"})

    @override
    def columns(self, facts: Facts) -> Floats:
        return features(facts)

    @override
    def sample(self, facts: Facts) -> Sample:
        return rows_of.sample(facts)
