"""A ninth category, as somebody would add it: this file, and a line in the catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from engine.answers import Answer, Recommendation
from engine.enums import AnswerBasis, Priority
from engine.errors import EngineError, InsufficientData
from engine.facts import Facts
from engine.learning.model import Models
from engine.recommender import Answers, Options, Recommender

KNOWN_DAYS = 5


class Sky(StrEnum):
    """What is above."""

    BLUE = "BLUE"
    GREY = "GREY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day ahead."""

    ahead: int
    sky: Sky
    umbrella: Decimal | None
    """What to put aside for an umbrella."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherOutlook(Answer):
    """What the sky will look like."""

    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherOptions(Options):
    """How far to look."""

    days: int = 2


class WeatherProphet(Recommender[WeatherOutlook]):
    """Blue and grey take turns."""

    name: ClassVar[str] = "weather_outlook"
    answer = WeatherOutlook
    options = WeatherOptions
    sources = frozenset({"profile"})
    valid_days: ClassVar[int] = 1

    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[WeatherOutlook | EngineError]:
        assert isinstance(options, WeatherOptions)
        if options.days > KNOWN_DAYS:
            failed = InsufficientData("nobody sees so far", required=options.days, available=KNOWN_DAYS)
            return [failed for _ in facts.users]
        return [_outlook(options.days) for _ in facts.users]


def _outlook(days: int) -> WeatherOutlook:
    buy = Recommendation(key="umbrella", title="Buy an umbrella", description="It may rain.", priority=Priority.LOW)
    return WeatherOutlook(
        basis=AnswerBasis.RULE,
        confidence=None,
        recommendations=(buy,),
        explanation=(),
        days=tuple(
            Day(ahead=ahead, sky=(Sky.BLUE, Sky.GREY)[ahead % 2], umbrella=Decimal(1000) if ahead % 2 else None)
            for ahead in range(days)
        ),
    )
