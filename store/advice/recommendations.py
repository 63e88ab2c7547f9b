"""Recommendations as they were given: encrypted rows with an id and a status that outlive their computation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlmodel import Session

from engine.answers import ActionableItem, Recommendation
from engine.enums import Priority, RecommendationStatus, code
from engine.overview.actions import once, place
from store.advice.reach import WITHIN_REACH, within_reach
from store.crypto import Cipher, Ciphers, Vault
from store.errors import NotFound
from store.ids import derived

TABLE = "ml_recommendations"
IMPACT, PLACE = "annual_impact", "place"

Position = tuple[float, int, float, str, str]
"""What the list is ordered by: newest first (seconds, below zero), then as `engine.overview.actions.place` has it."""

ITEMS = TypeAdapter(tuple[ActionableItem, ...])
DATA = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which of a user's recommendations; without categories all, without statuses all that have not expired."""

    categories: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecommendation:
    """A recommendation as the user sees it."""

    id: UUID
    user_id: UUID
    category: str
    key: str
    title: str
    description: str
    priority: Priority
    status: RecommendationStatus
    model_name: str
    confidence_score: float | None
    actionable_items: tuple[ActionableItem, ...]
    annual_impact: Decimal | None
    data: Mapping[str, str]
    place: int
    """In its answer, from 0."""
    created_at: datetime
    valid_until: datetime


def given_now(
    user_id: UUID,
    category: str,
    advice: Recommendation,
    place: int,
    *,
    model_name: str,
    now: datetime,
    until: datetime,
) -> GivenRecommendation:
    """A recommendation computed now; its id follows from user, category and key, so it stays the same."""
    return GivenRecommendation(
        id=derived(TABLE, str(user_id), category, advice.key),
        user_id=user_id,
        category=category,
        key=advice.key,
        title=advice.title,
        description=advice.description,
        priority=advice.priority,
        status=RecommendationStatus.ACTIVE,
        model_name=model_name,
        confidence_score=advice.confidence_score,
        actionable_items=advice.actionable_items,
        annual_impact=advice.annual_impact,
        data=advice.data,
        place=place,
        created_at=now,
        valid_until=until,
    )


def keep(
    session: Session, ciphers: Ciphers, answers: Mapping[UUID, UUID], given: Sequence[GivenRecommendation]
) -> None:
    """Writes what is given now, by user and the answer that it belongs to.

    What was dismissed stays dismissed, what had expired is active again.
    """
    rows = [_sealed(ciphers[one.user_id], answers[one.user_id], one) for one in given]
    if rows:
        session.connection().execute(text(_KEEP), rows)


def withdraw(session: Session, category: str, given: Mapping[UUID, Sequence[str]], now: datetime) -> None:
    """Ends what the users were told in this category before and are not told any more: all but the keys given now."""
    rows = [{"user": user, "category": category, "keys": list(keys), "now": now} for user, keys in given.items()]
    session.connection().execute(text(_WITHDRAW), rows)


def current(
    session: Session, ciphers: Ciphers, categories: Iterable[str]
) -> dict[tuple[UUID, str], list[GivenRecommendation]]:
    """What the live answers recommend, by user and category: the most urgent first, of those as the answer has them."""
    found = session.connection().execute(text(_CURRENT), {"users": list(ciphers), "categories": list(categories)})
    grouped: dict[tuple[UUID, str], list[GivenRecommendation]] = {}
    for row in found:
        grouped.setdefault((row.user_id, row.recommendation_type), []).append(_opened(ciphers[row.user_id], row))
    return {answer: sorted(given, key=_order) for answer, given in grouped.items()}


def _order(given: GivenRecommendation) -> tuple[int, int]:
    return code(given.priority), given.place


def find(session: Session, vault: Vault, recommendation_id: UUID) -> GivenRecommendation:
    """One recommendation; raises `NotFound` where this transaction may not see it."""
    row = session.connection().execute(text(_FIND), {"id": recommendation_id} | within_reach(session)).one_or_none()
    if row is None:
        raise NotFound("There is no recommendation of this id.")
    return _opened(vault.ciphers(session, [row.user_id])[row.user_id], row)


def listed(
    session: Session, users: Sequence[UUID], *, vault: Vault, which: Which, now: datetime
) -> dict[UUID, list[GivenRecommendation]]:
    """What each user was recommended, newest first, without what another of the categories tells in full.

    All of a user's rows are read, since neither doubles nor worth show in one that is sealed; there are some dozens.
    """
    found = session.connection().execute(text(_LISTED), _wanted(session, users, which, now)).all()
    ciphers = vault.ciphers(session, {row.user_id for row in found})
    rows: dict[UUID, list[GivenRecommendation]] = {user: [] for user in users}
    for row in found:
        rows[row.user_id].append(_opened(ciphers[row.user_id], row))
    return {
        user: sorted((one for one in _once(given) if _is_asked_for(one, which)), key=position)
        for user, given in rows.items()
    }


def position(given: GivenRecommendation) -> Position:
    """Of a row in the list of its user."""
    return -given.created_at.timestamp(), *place(given)


def _once(given: Sequence[GivenRecommendation]) -> list[GivenRecommendation]:
    """What has expired tells nothing any more: it takes the place of nothing that holds."""
    over = [one for one in given if one.status is RecommendationStatus.EXPIRED]
    return once([one for one in given if one.status is not RecommendationStatus.EXPIRED]) + once(over)


def _is_asked_for(given: GivenRecommendation, which: Which) -> bool:
    if which.statuses is None:
        return given.status is not RecommendationStatus.EXPIRED
    return given.status in which.statuses


def record_interaction(
    session: Session, vault: Vault, recommendation_id: UUID, interaction: RecommendationStatus
) -> GivenRecommendation:
    """Notes what the user did, for the same advice of another category too.

    A view does not undo an acceptance, a dismissal or a completion.
    """
    session.connection().execute(text(_INTERACT), {"id": recommendation_id, "status": interaction.value})
    return find(session, vault, recommendation_id)


def _wanted(session: Session, users: Sequence[UUID], which: Which, now: datetime) -> dict[str, Any]:
    return {
        "users": list(users),
        "categories": None if which.categories is None else list(which.categories),
        "expired": RecommendationStatus.EXPIRED in (which.statuses or ()),
        "now": now,
    } | within_reach(session)


def _sealed(cipher: Cipher, answer_id: UUID, given: GivenRecommendation) -> dict[str, Any]:
    impact = {} if given.annual_impact is None else {IMPACT: str(given.annual_impact)}
    plain = {
        "title": given.title.encode(),
        "description": given.description.encode(),
        "recommendation_data": DATA.dump_json({**given.data, **impact, PLACE: str(given.place)}),
        "actionable_items": ITEMS.dump_json(given.actionable_items),
    }
    return {
        "id": given.id,
        "user_id": given.user_id,
        "answer_id": answer_id,
        "category": given.category,
        "key": given.key,
        "priority": given.priority.value,
        "model_name": given.model_name,
        "confidence_score": given.confidence_score,
        "created_at": given.created_at,
        "valid_until": given.valid_until,
    } | {name: cipher.seal(value, table=TABLE, row=given.id, column=name) for name, value in plain.items()}


def _opened(cipher: Cipher, row: Row[Any]) -> GivenRecommendation:
    def plain(column: str) -> bytes:
        return cipher.open(getattr(row, column), table=TABLE, row=row.id, column=column)

    data = DATA.validate_json(plain("recommendation_data"))
    impact, place = data.pop(IMPACT, None), data.pop(PLACE, "0")
    return GivenRecommendation(
        id=row.id,
        user_id=row.user_id,
        category=row.recommendation_type,
        key=row.key,
        title=plain("title").decode(),
        description=plain("description").decode(),
        priority=Priority(row.priority),
        status=RecommendationStatus(row.status),
        model_name=row.model_name,
        confidence_score=None if row.confidence_score is None else float(row.confidence_score),
        actionable_items=ITEMS.validate_json(plain("actionable_items")),
        annual_impact=None if impact is None else Decimal(impact),
        data=data,
        place=int(place),
        created_at=row.created_at,
        valid_until=row.valid_until,
    )


_KEEP = """
INSERT INTO ml_recommendations AS kept (
    id, user_id, answer_id, recommendation_type, key, title, description, priority, status, model_name,
    confidence_score, recommendation_data, actionable_items, created_at, valid_until
) VALUES (
    :id, :user_id, :answer_id, :category, :key, :title, :description, :priority, 'ACTIVE', :model_name,
    :confidence_score, :recommendation_data, :actionable_items, :created_at, :valid_until
)
ON CONFLICT (user_id, recommendation_type, key) DO UPDATE SET
    answer_id = excluded.answer_id, title = excluded.title, description = excluded.description,
    priority = excluded.priority, model_name = excluded.model_name, confidence_score = excluded.confidence_score,
    recommendation_data = excluded.recommendation_data, actionable_items = excluded.actionable_items,
    valid_until = excluded.valid_until,
    status = CASE kept.status WHEN 'EXPIRED' THEN 'ACTIVE' ELSE kept.status END,
    created_at = CASE kept.status WHEN 'EXPIRED' THEN excluded.created_at ELSE kept.created_at END
"""

_WITHDRAW = """
UPDATE ml_recommendations SET
    answer_id = NULL,
    valid_until = least(valid_until, :now),
    status = CASE WHEN status IN ('ACTIVE', 'VIEWED') THEN 'EXPIRED' ELSE status END
WHERE user_id = :user AND recommendation_type = :category AND answer_id IS NOT NULL AND key <> ALL(:keys)
"""

_CURRENT = """
SELECT * FROM ml_recommendations
WHERE user_id = ANY(:users) AND recommendation_type = ANY(:categories) AND answer_id IS NOT NULL
ORDER BY user_id, key
"""

_FIND = f"SELECT * FROM ml_recommendations AS r WHERE r.id = :id AND {WITHIN_REACH}"  # noqa: S608 - of our own constant

_LISTED = f"""
SELECT r.* FROM ml_recommendations AS r
WHERE r.user_id = ANY(:users)
  AND (CAST(:categories AS text[]) IS NULL OR r.recommendation_type = ANY(:categories))
  AND (r.valid_until > :now OR :expired) AND {WITHIN_REACH}
"""  # noqa: S608 - of our own constant

_INTERACT = """
UPDATE ml_recommendations SET status = :status
WHERE (user_id, key) = (SELECT user_id, key FROM ml_recommendations WHERE id = :id)
  AND NOT (:status = 'VIEWED' AND status IN ('ACCEPTED', 'DISMISSED', 'COMPLETED', 'EXPIRED'))
"""
