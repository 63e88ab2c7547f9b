"""Kept answers: one live row for each user and category, encrypted, with the versions on which its freshness rests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, text
from sqlmodel import Session

from engine.answers import Answer
from engine.catalog import BY_NAME
from engine.taxes import TAX_YEAR
from store import recommendations
from store.crypto import Cipher
from store.ids import derived
from store.recommendations import GivenRecommendation
from store.session import reach_of

TABLE = "answers"

Ciphers = Mapping[UUID, Cipher]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An answer as it is shown; `model` is None where no trained model takes part."""

    user_id: UUID
    category: str
    answer: Answer
    generated_at: datetime
    valid_until: datetime
    model: None = None
    recommendations: Sequence[GivenRecommendation]


def fresh(
    session: Session, ciphers: Ciphers, categories: Collection[str], now: datetime
) -> dict[tuple[UUID, str], Advice]:
    """The kept answers that still hold: same data, same model, same basis, not past their date."""
    basis = {name: basis_version(session, name) for name in categories}
    parameters = {"users": list(ciphers), "categories": list(categories), "now": now}
    rows = [
        row
        for row in session.connection().execute(text(_FRESH), parameters)
        if row.basis_version == basis[row.category]
    ]
    told = recommendations.current(session, ciphers, categories) if rows else {}
    opened = (_opened(ciphers[row.user_id], row, told.get((row.user_id, row.category), [])) for row in rows)
    return {(advice.user_id, advice.category): advice for advice in opened}


def keep(session: Session, ciphers: Ciphers, versions: Mapping[UUID, int], given: Sequence[Advice]) -> list[Advice]:
    """Encrypts and writes the answers of one category; returns them with their recommendations as they now stand."""
    if not given:
        return []
    category = given[0].category
    basis = basis_version(session, category)
    rows = [
        _sealed(ciphers[advice.user_id], advice) | {"basis_version": basis, "data_version": versions[advice.user_id]}
        for advice in given
    ]
    session.connection().execute(text(_KEEP), rows)
    _keep_recommendations(session, ciphers, given)
    told = recommendations.current(session, {advice.user_id: ciphers[advice.user_id] for advice in given}, [category])
    return [replace(advice, recommendations=told.get((advice.user_id, category), [])) for advice in given]


def shown(user_id: UUID, category: str, answer: Answer, now: datetime) -> Advice:
    """An answer computed now."""
    until = now + timedelta(days=BY_NAME[category].valid_days)
    return Advice(
        user_id=user_id,
        category=category,
        answer=answer,
        generated_at=now,
        valid_until=until,
        recommendations=[
            recommendations.given_now(user_id, category, recommendation, place, now=now, until=until)
            for place, recommendation in enumerate(answer.recommendations)
        ],
    )


def basis_version(session: Session, category: str) -> str:
    """What an answer rests on besides the household's data and the model: rules, tax year, prices, reach."""
    recommender = BY_NAME[category]
    priced = "holdings" in recommender.sources
    prices = session.connection().execute(text("SELECT max(date) FROM prices")).scalar() if priced else "none"
    return f"rules-{recommender.rules_version}/taxes-{TAX_YEAR}/prices-{prices}/{reach_of(session)}"


def _keep_recommendations(session: Session, ciphers: Ciphers, given: Sequence[Advice]) -> None:
    category = given[0].category
    rows = {advice.user_id: _row_id(advice.user_id, category) for advice in given}
    recommendations.keep(session, ciphers, rows, [one for advice in given for one in advice.recommendations])
    keys = {advice.user_id: [one.key for one in advice.recommendations] for advice in given}
    recommendations.withdraw(session, category, keys, given[0].generated_at)


def _sealed(cipher: Cipher, advice: Advice) -> dict[str, Any]:
    row = _row_id(advice.user_id, advice.category)
    payload = _adapter(advice.category).dump_json(replace(advice.answer, recommendations=()))
    return {
        "id": row,
        "user_id": advice.user_id,
        "category": advice.category,
        "generated_at": advice.generated_at,
        "valid_until": advice.valid_until,
        "payload": cipher.seal(payload, table=TABLE, row=row, column="payload"),
    }


def _opened(cipher: Cipher, row: Row[Any], told: Sequence[GivenRecommendation]) -> Advice:
    payload = cipher.open(row.payload, table=TABLE, row=row.id, column="payload")
    return Advice(
        user_id=row.user_id,
        category=row.category,
        answer=_adapter(row.category).validate_json(payload),
        generated_at=row.generated_at,
        valid_until=row.valid_until,
        recommendations=told,
    )


def _row_id(user_id: UUID, category: str) -> UUID:
    return derived(TABLE, str(user_id), category)


@cache
def _adapter(category: str) -> TypeAdapter[Any]:
    return TypeAdapter(BY_NAME[category].answer)


_FRESH = """
SELECT a.id, a.user_id, a.category, a.basis_version, a.generated_at, a.valid_until, a.payload
FROM answers AS a JOIN users AS u ON u.id = a.user_id
WHERE a.user_id = ANY(:users) AND a.category = ANY(:categories)
  AND a.data_version = u.data_version AND a.model_version IS NULL AND a.valid_until > :now
"""

_KEEP = """
INSERT INTO answers (id, user_id, category, data_version, basis_version, generated_at, valid_until, payload)
VALUES (:id, :user_id, :category, :data_version, :basis_version, :generated_at, :valid_until, :payload)
ON CONFLICT (user_id, category) DO UPDATE SET
    data_version = excluded.data_version, model_version = NULL, basis_version = excluded.basis_version,
    generated_at = excluded.generated_at, valid_until = excluded.valid_until, payload = excluded.payload
"""
