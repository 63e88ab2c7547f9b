"""The one path from facts to advice, for GraphQL, the command line and workers.

Kept answers that are still fresh are read; what is missing or stale is computed at once for all users of the call whom
the same versions of the models answer, encrypted and kept. Answers to options other than the default (a what-if) are
computed and not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from engine import advise as engine_advise
from engine.answers import Answer
from engine.catalog import BY_NAME, without
from engine.facts import Facts
from engine.health import HEALTH_SOURCES, FinancialHealth
from engine.health import health as engine_health
from engine.recommender import Answers, Options
from store.advice import answers
from store.advice.answers import Advice
from store.crypto import Ciphers, Vault
from store.facts import load_facts
from store.models import newcomers
from store.models.shelf import Hand, Serving, Shelf
from store.session import events_off, reach_of

Outcome = Advice | Exception
"""Advice, or why there is none: an `EngineError` is for the user to read, any other is a fault."""


@dataclass(frozen=True, slots=True)
class Key:
    """One category of one user, with the arguments of its field."""

    user_id: UUID
    category: str
    options: Options

    @property
    def is_default(self) -> bool:
        return self.options == BY_NAME[self.category].options()


def default_keys(users: Iterable[UUID], categories: Iterable[str]) -> list[Key]:
    """The keys whose answers are kept."""
    names = tuple(categories)
    return [Key(user, name, BY_NAME[name].options()) for user in users for name in names]


def advise(session: Session, vault: Vault, shelf: Shelf, keys: Sequence[Key], now: datetime) -> list[Outcome]:
    """Advice in the order of the keys, computed where none is kept that is still fresh."""
    ciphers = vault.ciphers(session, {key.user_id for key in keys})
    serving = _serving(session, shelf, keys)
    kept = answers.fresh(session, ciphers, serving, {key.category for key in keys if key.is_default}, now)
    given: dict[Key, Outcome] = {
        key: kept[key.user_id, key.category] for key in keys if key.is_default and (key.user_id, key.category) in kept
    }
    given |= _compute(session, ciphers, serving, [key for key in keys if key not in given], now)
    return [given[key] for key in keys]


def refresh(session: Session, vault: Vault, shelf: Shelf, keys: Sequence[Key], now: datetime) -> list[Outcome]:
    """Computes anew even what is still fresh."""
    ciphers = vault.ciphers(session, {key.user_id for key in keys})
    computed = _compute(session, ciphers, _serving(session, shelf, keys), keys, now)
    return [computed[key] for key in keys]


def score(session: Session, vault: Vault, shelf: Shelf, users: Sequence[UUID], now: datetime) -> list[Outcome]:
    """Brings every category of the users up to date."""
    return advise(session, vault, shelf, default_keys(users, BY_NAME), now)


def health(session: Session, users: Sequence[UUID], today: date) -> dict[UUID, FinancialHealth]:
    """The financial health of each user."""
    facts = load_facts(session, users, HEALTH_SOURCES, today)
    return dict(zip(users, engine_health(facts), strict=True))


def _serving(session: Session, shelf: Shelf, keys: Iterable[Key]) -> Serving:
    return shelf.serving(session, engine_advise.models_of({key.category for key in keys}))


def _compute(
    session: Session, ciphers: Ciphers, serving: Serving, keys: Sequence[Key], now: datetime
) -> dict[Key, Outcome]:
    """Users for whom the same challengers were drawn are computed together.

    Rows are written in one order whatever was asked, so that requests at the same time wait for each other at most.
    """
    parts: dict[frozenset[str], list[Key]] = {}
    for key in sorted(keys, key=lambda each: (each.category, each.user_id)):
        parts.setdefault(serving.drawn(key.user_id), []).append(key)
    computed: dict[Key, Outcome] = {}
    for drawn, part in parts.items():
        batch = _Batch(session, ciphers, serving.hand(drawn), part, now)
        for category, options in dict.fromkeys((key.category, key.options) for key in part):
            computed |= batch.category([key for key in part if (key.category, key.options) == (category, options)])
    return computed


class _Batch:
    """The facts of users whom the same models answer, read once, and their categories one by one."""

    def __init__(self, session: Session, ciphers: Ciphers, hand: Hand, keys: Sequence[Key], now: datetime) -> None:
        self._session, self._ciphers, self._hand, self._now = session, ciphers, hand, now
        self._models = {name: served.model for name, served in hand.items()}
        newcomers.meet(session, hand)
        users = sorted({key.user_id for key in keys})
        # Versions before facts: what changes in between makes the answer stale, never wrongly fresh.
        rows = session.connection().execute(text(_VERSIONS), {"users": users})
        self._versions: Mapping[UUID, int] = {row.id: row.data_version for row in rows}
        sources = engine_advise.sources_of({key.category for key in keys})
        self._facts: Facts = load_facts(session, users, sources, now.date())
        self._recommenders = without(events_off(session))
        self._known: dict[str, Answers] = {}

    def category(self, keys: Sequence[Key]) -> dict[Key, Outcome]:
        """One category under a savepoint: where it fails, the others stand."""
        try:
            with self._session.begin_nested():
                return self._answered(keys)
        except Exception as error:  # noqa: BLE001 - whatever fails is this category's outcome, told at the edge
            return dict.fromkeys(keys, error)

    def _answered(self, keys: Sequence[Key]) -> dict[Key, Outcome]:
        category = keys[0].category
        found = self._found(keys[0])
        reach = reach_of(self._session)
        said = [BY_NAME[category].limited(one, reach) if isinstance(one, Answer) else one for one in found]
        by_user = dict(zip(self._facts.users, said, strict=True))
        version = answers.version_of(self._hand, category)
        advice = [
            answers.shown(key.user_id, category, answer, self._now, version)
            for key in keys
            if isinstance(answer := by_user[key.user_id], Answer)
        ]
        if keys[0].is_default:
            advice = answers.keep(self._session, self._ciphers, self._hand, self._versions, advice)
            if category == newcomers.CATEGORY:
                newcomers.announce(self._session, self._hand, self._ciphers, self._facts)
        given: dict[UUID, Outcome] = by_user | {one.user_id: one for one in advice}
        return {key: given[key.user_id] for key in keys}

    def _found(self, key: Key) -> Answers:
        """The engine's answers; what several categories need is computed once, a what-if is not remembered."""
        if key.is_default:
            self._known = engine_advise.advise(
                self._facts,
                [key.category],
                known=self._known,
                models=self._models,
                recommenders=self._recommenders,
            )
            return self._known[key.category]
        known = {name: given for name, given in self._known.items() if name != key.category}
        options = {key.category: key.options}
        computed = engine_advise.advise(
            self._facts, [key.category], options, known, self._models, recommenders=self._recommenders
        )
        return computed[key.category]


_VERSIONS = "SELECT id, data_version FROM users WHERE id = ANY(:users)"
