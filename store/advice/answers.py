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

from engine.advise import models_of
from engine.answers import Answer, Contribution
from engine.catalog import BY_NAME
from engine.taxes import TAX_YEAR
from store.advice import recommendations
from store.advice.recommendations import GivenRecommendation
from store.crypto import Cipher, Ciphers
from store.ids import derived
from store.ledger import entries
from store.models.shelf import Hand, Serving
from store.models.versions import Described, Version, name_of
from store.session import events_off, reach_of

TABLE = "answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An answer as it is shown; `model` is the version of the category's own model, None where rules answered."""

    user_id: UUID
    category: str
    answer: Answer
    generated_at: datetime
    valid_until: datetime
    model: Described | None
    recommendations: Sequence[GivenRecommendation]


def fresh(
    session: Session, ciphers: Ciphers, serving: Serving, categories: Collection[str], now: datetime
) -> dict[tuple[UUID, str], Advice]:
    """The kept answers that still hold: same data, same models, same basis, not past their date."""
    basis = {name: basis_version(session, name) for name in categories}
    hands = {user: serving.hand(serving.drawn(user)) for user in ciphers}
    parameters = {"users": list(ciphers), "categories": list(categories), "now": now}
    rows = [
        row
        for row in session.connection().execute(text(_FRESH), parameters)
        if row.basis_version == basis[row.category] + others_read(hands[row.user_id], row.category)
        and row.model_version == _number(version_of(hands[row.user_id], row.category))
    ]
    told = recommendations.current(session, ciphers, categories) if rows else {}
    opened = (
        _opened(ciphers[row.user_id], row, hands[row.user_id], told.get((row.user_id, row.category), []))
        for row in rows
    )
    return {(advice.user_id, advice.category): advice for advice in opened}


def keep(
    session: Session, ciphers: Ciphers, hand: Hand, versions: Mapping[UUID, int], given: Sequence[Advice]
) -> list[Advice]:
    """Encrypts and writes the answers of one category; returns them with their recommendations as they now stand."""
    if not given:
        return []
    category = given[0].category
    grounds = {
        "model_version": _number(version_of(hand, category)),
        "basis_version": basis_version(session, category) + others_read(hand, category),
    }
    rows = [
        _sealed(ciphers[advice.user_id], advice) | grounds | {"data_version": versions[advice.user_id]}
        for advice in given
    ]
    session.connection().execute(text(_KEEP), rows)
    _keep_recommendations(session, ciphers, given)
    entries.record(session, ciphers, given)
    told = recommendations.current(session, {advice.user_id: ciphers[advice.user_id] for advice in given}, [category])
    return [replace(advice, recommendations=told.get((advice.user_id, category), [])) for advice in given]


def shown(user_id: UUID, category: str, answer: Answer, now: datetime, model: Described | None) -> Advice:
    """An answer computed now; one of a model that was put in place without proof says so."""
    until = now + timedelta(days=BY_NAME[category].valid_days)
    name = name_of(category, model.version if model else None)
    return Advice(
        user_id=user_id,
        category=category,
        answer=answer if model is None or model.proven else _with_caveat(answer, model),
        generated_at=now,
        valid_until=until,
        model=model,
        recommendations=[
            recommendations.given_now(user_id, category, recommendation, place, model_name=name, now=now, until=until)
            for place, recommendation in enumerate(answer.recommendations)
        ],
    )


def version_of(hand: Hand, category: str) -> Described | None:
    """The version of the category's own model, where it reads it."""
    return hand[category].version if category in hand and category in BY_NAME[category].models else None


def others_read(hand: Hand, category: str) -> str:
    """The versions of other categories' models that its answers rest on, read by it or by what it needs."""
    read = sorted(models_of([category]) - {category}) if hand else []
    return "".join(f"/{hand[name].version.name}" for name in read if name in hand)


def basis_version(session: Session, category: str) -> str:
    """What an answer rests on besides the household's data and models: rules, tax year, prices, reach, silence.

    `store.advice.reach` reads the parts from the fourth on.
    """
    recommender = BY_NAME[category]
    priced = "holdings" in recommender.sources
    prices = session.connection().execute(text("SELECT max(date) FROM prices")).scalar() if priced else "none"
    return f"rules-{recommender.rules_version}/taxes-{TAX_YEAR}/prices-{prices}/{reach_of(session)}{_silence(session)}"


def _silence(session: Session) -> str:
    """Life events that are off."""
    return "".join(f"/no-{event.lower()}" for event in events_off(session))


def _number(version: Version | None) -> int | None:
    return None if version is None else version.version


def _with_caveat(answer: Answer, model: Version) -> Answer:
    sentence = (
        f"Version {model.version} of this model was put in place by hand: "
        "it has not been shown to do better than the rule."
    )
    caveat = Contribution(feature="model", value=None, effect=0.0, sentence=sentence)
    return replace(answer, explanation=(*answer.explanation, caveat))


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


def _opened(cipher: Cipher, row: Row[Any], hand: Hand, told: Sequence[GivenRecommendation]) -> Advice:
    payload = cipher.open(row.payload, table=TABLE, row=row.id, column="payload")
    return Advice(
        user_id=row.user_id,
        category=row.category,
        answer=_adapter(row.category).validate_json(payload),
        generated_at=row.generated_at,
        valid_until=row.valid_until,
        model=version_of(hand, row.category),
        recommendations=told,
    )


def _row_id(user_id: UUID, category: str) -> UUID:
    return derived(TABLE, str(user_id), category)


@cache
def _adapter(category: str) -> TypeAdapter[Any]:
    return TypeAdapter(BY_NAME[category].answer)


_FRESH = """
SELECT a.id, a.user_id, a.category, a.model_version, a.basis_version, a.generated_at, a.valid_until, a.payload
FROM answers AS a JOIN users AS u ON u.id = a.user_id
WHERE a.user_id = ANY(:users) AND a.category = ANY(:categories)
  AND a.data_version = u.data_version AND a.valid_until > :now
"""

_KEEP = """
INSERT INTO answers
    (id, user_id, category, data_version, model_version, basis_version, generated_at, valid_until, payload)
VALUES
    (:id, :user_id, :category, :data_version, :model_version, :basis_version, :generated_at, :valid_until, :payload)
ON CONFLICT (user_id, category) DO UPDATE SET
    data_version = excluded.data_version, model_version = excluded.model_version,
    basis_version = excluded.basis_version, payload = excluded.payload,
    generated_at = excluded.generated_at, valid_until = excluded.valid_until
"""
