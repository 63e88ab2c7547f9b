"""The shape of a recommender: scikit-learn's, over columns of users."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from engine.answers import Answer
from engine.errors import EngineError
from engine.facts import Facts, Source
from engine.learning.model import Models
from engine.learning.trainer import Trainer
from engine.ledger.promises import Promise

A = TypeVar("A", bound=Answer)
Answers = Sequence[Answer | EngineError]


class Reach(StrEnum):
    """How far advice may go, by the law and licence of whoever runs it (`FINREC_ADVICE`)."""

    EDUCATION = "education"
    """What a household like this usually holds; nothing to do."""
    GUIDANCE = "guidance"
    """Asset classes and amounts."""
    PERSONAL = "personal"
    """Orders by account and lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Arguments of a category's GraphQL field; the defaults are what is computed, kept and scored."""


class Recommender(ABC, Generic[A]):
    """One category: what it reads, how long its answer holds, and how it is computed.

    A subclass is its module's only recommender and is listed in `engine.catalog`. Its docstring is the model card:
    assumptions, inputs, limits. `name` is the category's one word, from database to GraphQL field to artifact folder.
    """

    name: ClassVar[str]
    answer: ClassVar[type[Answer]]
    options: ClassVar[type[Options]] = Options
    sources: ClassVar[frozenset[Source]]
    needs: ClassVar[frozenset[str]] = frozenset()
    models: ClassVar[frozenset[str]] = frozenset()
    """The categories whose models it reads, its own among them, where they have one."""
    trainer: ClassVar[Trainer[Any] | None] = None
    """How its own model is made; None where there is nothing to learn."""
    valid_days: ClassVar[int]
    rules_version: ClassVar[int] = 1
    """Raised when the rules change, so that answers kept under the old ones are no longer fresh."""

    @abstractmethod
    def predict(
        self, facts: Facts, needed: Mapping[str, Answers], options: Options, models: Models
    ) -> Sequence[A | EngineError]:
        """One answer a user, in the order of `facts.users`.

        `needed` holds the answers of the categories in `needs`, `models` those of `models` that are in place. A user
        for whom nothing can be said gets an `EngineError` as a value, so that the others still get theirs.
        """

    def limited(self, answer: A, reach: Reach) -> A:  # noqa: ARG002 - most categories say the same however far it goes
        """The answer without what goes further than advice may; computed before it is kept or shown."""
        return answer

    def promises(self, answer: A, today: date) -> Sequence[Promise]:  # noqa: ARG002 - most that is said is no promise
        """What the answer says that will be judged one day."""
        return ()
