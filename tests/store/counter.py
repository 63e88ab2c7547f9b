"""A category that counts how often it was computed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from engine.answers import Answer, Recommendation
from engine.enums import AnswerBasis, Priority
from engine.errors import InsufficientData
from engine.facts import Facts
from engine.recommender import Options, Recommender


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Answer):
    """How often the category was computed."""

    times: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOptions(Options):
    """A what-if."""

    extra: int = 0


class Counter(Recommender[Counted]):
    """A category that counts its computations and can be told what to recommend, and to fail."""

    name: ClassVar[str] = "counter"
    answer = Counted
    options = CountOptions
    sources = frozenset({"profile"})
    valid_days = 7

    def __init__(self) -> None:
        self.times = 0
        self.keys = ["save_more", "spend_less"]
        self.failure: Exception | None = None

    def predict(
        self, facts: Facts, needed: object, options: Options, models: object
    ) -> list[Counted | InsufficientData]:
        self.times += 1
        if isinstance(self.failure, InsufficientData):
            return [self.failure] * len(facts)
        if self.failure:
            raise self.failure
        assert isinstance(options, CountOptions)
        given = tuple(
            Recommendation(key=key, title=f"Title {key}", description="Why it pays", priority=Priority.HIGH)
            for key in self.keys
        )
        counted = Counted(
            basis=AnswerBasis.RULE,
            confidence=None,
            recommendations=given,
            explanation=(),
            times=self.times + options.extra,
            amount=Decimal("1000.00"),
        )
        return [counted] * len(facts)
