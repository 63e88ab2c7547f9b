"""A category that promises whatever a test wants it to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from engine import catalog
from engine.answers import Answer
from engine.enums import AnswerBasis
from engine.ledger.promises import Promise
from engine.recommender import Recommender
from store.models.versions import Version
from store.session import transaction
from tests.households import NOW, add_household


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Answer):
    """An answer that is nothing but its promises."""

    said: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A told answer."""

    user_id: UUID
    answer: Told
    generated_at: datetime = NOW
    category: str = "oracle"
    model: Version | None = None


class Oracle(Recommender[Told]):
    """Promises what its answer says."""

    name = "oracle"
    answer = Told
    sources = frozenset()
    valid_days = 1

    def predict(self, *arguments: Any) -> Sequence[Told]:
        return ()

    def promises(self, answer: Told, today: date) -> Sequence[Promise]:
        return answer.said


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a category like the others."""
    monkeypatch.setitem(catalog.BY_NAME, "oracle", Oracle())


@pytest.fixture
def users(engine: Engine) -> list[UUID]:
    """Three households to promise something to."""
    with transaction(engine, everyone=True) as session:
        return sorted(add_household(session) for _ in range(3))


def shown(user: UUID, *said: Promise, at: datetime = NOW, model: Version | None = None) -> Shown:
    """What a user is promised."""
    answer = Told(basis=AnswerBasis.RULE, confidence=None, recommendations=(), explanation=(), said=said)
    return Shown(user_id=user, answer=answer, generated_at=at, model=model)
