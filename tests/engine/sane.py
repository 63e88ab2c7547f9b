"""What is true of any answer, and answers for comparison."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum

from engine.answers import Answer
from engine.errors import EngineError

MOST_MONEY = Decimal("1e12")


def assert_sane(answer: Answer) -> None:
    keys = [recommendation.key for recommendation in answer.recommendations]
    assert len(keys) == len(set(keys))
    assert answer.confidence is None or 0 <= answer.confidence <= 1
    effects = [abs(entry.effect) for entry in answer.explanation]
    assert effects == sorted(effects, reverse=True)
    for name, value in values(answer, type(answer).__name__):
        assert_sane_value(name, value)


def assert_sane_value(name: str, value: object) -> None:
    if isinstance(value, float):
        assert math.isfinite(value), name
    if isinstance(value, Decimal):
        assert value.is_finite(), name
        assert abs(value) < MOST_MONEY, name
        assert value.as_tuple().exponent == -2, name
        assert not (value == 0 and value.is_signed()), name
    if isinstance(value, str) and not isinstance(value, StrEnum):
        assert value.strip(), name
        assert "nan" not in value.lower().split(), name
    if name.endswith(("probability", "share")):
        assert isinstance(value, float), name
        assert 0 <= value <= 1, name


def values(node: object, name: str) -> Iterator[tuple[str, object]]:
    """Every leaf of an answer with the path to it."""
    if is_dataclass(node):
        for field in fields(node):
            yield from values(getattr(node, field.name), f"{name}.{field.name}")
    elif isinstance(node, tuple):
        for position, item in enumerate(node):
            yield from values(item, f"{name}[{position}]")
    else:
        yield name, node


def shown(answer: Answer | EngineError) -> object:
    """An answer for comparison; errors compare by what they say."""
    return (type(answer), str(answer)) if isinstance(answer, EngineError) else answer
