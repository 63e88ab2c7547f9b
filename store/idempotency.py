"""Answers to mutations that carried an `Idempotency-Key`: the same key gets the same answer, and nothing runs twice."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from store.crypto import Vault
from store.errors import Conflict
from store.retention import RESPONSE_HOURS

KEPT = timedelta(hours=RESPONSE_HOURS)


def claim(session: Session, viewer: str, key: str) -> None:
    """Takes the key until this transaction ends; raises `Conflict` where another request has it."""
    claimed = session.connection().execute(text(_CLAIM), {"name": _place(viewer, key)}).scalar()
    if not claimed:
        raise Conflict("A request with this Idempotency-Key is still running: repeat it when that has ended.")


def find(session: Session, vault: Vault, viewer: str, key: str, fingerprint: bytes) -> bytes | None:
    """The answer that was given under this key; raises `Conflict` where the key stood for another request."""
    row = session.connection().execute(text(_FIND), {"viewer": viewer, "key": key, "kept": KEPT}).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for another request: take a new key.")
    return vault.open(row.response, place=_place(viewer, key))


def keep(session: Session, vault: Vault, viewer: str, key: str, fingerprint: bytes, response: bytes) -> None:
    """Keeps the answer, encrypted, for whoever repeats the request."""
    sealed = vault.seal(response, place=_place(viewer, key))
    values = {"viewer": viewer, "key": key, "fingerprint": fingerprint, "response": sealed}
    session.connection().execute(text(_KEEP), values)


def _place(viewer: str, key: str) -> str:
    return f"idempotent_responses\x1f{viewer}\x1f{key}"


_CLAIM = "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"

_FIND = """
SELECT fingerprint, response FROM idempotent_responses
WHERE viewer = :viewer AND key = :key AND created_at > now() - :kept
"""

_KEEP = """
INSERT INTO idempotent_responses (viewer, key, fingerprint, response, created_at)
VALUES (:viewer, :key, :fingerprint, :response, now())
ON CONFLICT (viewer, key) DO UPDATE
SET fingerprint = excluded.fingerprint, response = excluded.response, created_at = excluded.created_at
"""
