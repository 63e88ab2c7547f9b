"""The ledger: every promise that was shown, the day on which it can be judged, and what came of it.

What was said and what came are encrypted with the user's key. The same promise of the same version of a model is kept
once, as it was said first: a later one knows more and would flatter the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

from engine.answers import Answer
from engine.catalog import BY_NAME
from engine.ledger.promises import Promise, PromiseKind
from store.crypto import Cipher, Ciphers, Vault
from store.errors import Undecipherable
from store.ids import uuid7
from store.models.versions import Version, name_of

TABLE = "forecasts"
FIGURES = ("probability", "expected", "low", "high", "before", "amount")


class Shown(Protocol):
    """An answer as a user is shown it."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def category(self) -> str: ...
    @property
    def answer(self) -> Answer: ...
    @property
    def generated_at(self) -> datetime: ...
    @property
    def model(self) -> Version | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A promise as it stands in the ledger; None where its key is gone and nobody can read any more what was said."""

    id: UUID
    user_id: UUID
    category: str
    model_name: str
    said_on: date
    promise: Promise | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An entry and what came of it; None where that will not be known."""

    entry: Entry
    came: float | None


def record(session: Session, ciphers: Ciphers, given: Sequence[Shown]) -> None:
    """Writes down what these answers promise and was not promised before, in one statement.

    By user, so that two who answer the same users wait for each other and never in a circle.
    """
    rows = [
        _sealed(ciphers[shown.user_id], shown, promise)
        for shown in sorted(given, key=lambda each: each.user_id)
        for promise in BY_NAME[shown.category].promises(shown.answer, shown.generated_at.date())
    ]
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        session.connection().execute(text(_RECORD), columns)


def users_due(session: Session, today: date, after: UUID | None, size: int) -> list[UUID]:
    """At most `size` users behind `after` to whom something was promised that is due and not judged."""
    values = {"today": today, "after": after, "size": size}
    return list(session.connection().execute(text(_USERS_DUE), values).scalars())


def count_due(session: Session, today: date, after: UUID | None) -> int:
    """How many users there are behind `after` to whom something was promised that is due and not judged."""
    values = {"today": today, "after": after}
    return int(session.connection().execute(text(_COUNT_DUE), values).scalar_one())


def due(session: Session, ciphers: Ciphers, today: date) -> list[Entry]:
    """What was promised to these users, is due and is not judged."""
    rows = session.connection().execute(text(_DUE), {"users": list(ciphers), "today": today})
    return [_entry(ciphers[row.user_id], row) for row in rows]


def judge(session: Session, ciphers: Ciphers, judged: Sequence[Judgement]) -> list[Judgement]:
    """Writes down what came; returns what nobody had judged before."""
    sealed = [_outcome(ciphers[each.entry.user_id], each) for each in judged]
    values = {"ids": [each.entry.id for each in judged], "outcomes": sealed}
    written = set(session.connection().execute(text(_JUDGE), values).scalars())
    return [each for each in judged if each.entry.id in written]


def judged_since(
    session: Session, vault: Vault, users: Sequence[UUID], category: str, since: datetime
) -> list[Judgement]:
    """What was promised to these users for the first time since then and was judged, whoever said it.

    What any version had promised the user before is left out, so that two versions are compared on the same promises.
    """
    values = {"users": list(users), "category": category, "since": since}
    rows = session.connection().execute(text(_SINCE), values).all()
    ciphers = vault.ciphers(session, {row.user_id for row in rows})
    return [_judgement(ciphers[row.user_id], row) for row in rows]


def _sealed(cipher: Cipher, shown: Shown, promise: Promise) -> dict[str, Any]:
    row = uuid7()
    said = {name: figure for name in FIGURES if (figure := getattr(promise, name)) is not None}
    return {
        "ids": row,
        "users": shown.user_id,
        "categories": shown.category,
        "kinds": promise.kind.value,
        "subjects": promise.subject,
        "models": name_of(shown.category, shown.model.version if shown.model else None),
        "times": shown.generated_at,
        "dues": promise.due,
        "said": cipher.seal(orjson.dumps(said), table=TABLE, row=row, column="said"),
    }


def _entry(cipher: Cipher, row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        user_id=row.user_id,
        category=row.category,
        model_name=row.model_name,
        said_on=row.shown_at.date(),
        promise=_promise(cipher, row),
    )


def _promise(cipher: Cipher, row: Row[Any]) -> Promise | None:
    try:
        said: dict[str, float] = orjson.loads(cipher.open(row.said, table=TABLE, row=row.id, column="said"))
    except Undecipherable:
        return None
    return Promise(kind=PromiseKind(row.kind), subject=row.subject, due=row.due, **said)


def _judgement(cipher: Cipher, row: Row[Any]) -> Judgement:
    entry = _entry(cipher, row)
    if entry.promise is None:
        return Judgement(entry=entry, came=None)
    return Judgement(
        entry=entry, came=orjson.loads(cipher.open(row.outcome, table=TABLE, row=row.id, column="outcome"))
    )


def _outcome(cipher: Cipher, judgement: Judgement) -> bytes:
    return cipher.seal(orjson.dumps(judgement.came), table=TABLE, row=judgement.entry.id, column="outcome")


_RECORD = """
INSERT INTO forecasts (id, user_id, category, kind, subject, model_name, shown_at, due, said)
SELECT * FROM unnest(
    CAST(:ids AS uuid[]), CAST(:users AS uuid[]), CAST(:categories AS text[]), CAST(:kinds AS text[]),
    CAST(:subjects AS text[]), CAST(:models AS text[]), CAST(:times AS timestamptz[]), CAST(:dues AS date[]),
    CAST(:said AS bytea[])
)
ON CONFLICT (user_id, category, kind, subject, due, model_name) DO NOTHING
"""

_OPEN = """
FROM forecasts WHERE judged_at IS NULL AND due <= :today AND (CAST(:after AS uuid) IS NULL OR user_id > :after)
"""

_USERS_DUE = f"SELECT DISTINCT user_id {_OPEN} ORDER BY user_id LIMIT :size"

_COUNT_DUE = f"SELECT count(DISTINCT user_id) {_OPEN}"

_DUE = """
SELECT id, user_id, category, kind, subject, model_name, shown_at, due, said FROM forecasts
WHERE user_id = ANY(:users) AND judged_at IS NULL AND due <= :today
ORDER BY user_id, due, id
"""

_JUDGE = """
UPDATE forecasts AS f SET judged_at = clock_timestamp(), outcome = came.outcome
FROM unnest(CAST(:ids AS uuid[]), CAST(:outcomes AS bytea[])) AS came (id, outcome)
WHERE f.id = came.id AND f.judged_at IS NULL
RETURNING f.id
"""

_SINCE = """
SELECT f.* FROM forecasts AS f
WHERE f.user_id = ANY(:users) AND f.category = :category AND f.judged_at IS NOT NULL AND f.shown_at >= :since
  AND NOT EXISTS (
      SELECT FROM forecasts AS e
      WHERE e.user_id = f.user_id AND e.category = f.category AND e.kind = f.kind AND e.subject = f.subject
        AND e.due = f.due AND e.shown_at < :since
  )
"""
