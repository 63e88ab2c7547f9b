"""Encryption at rest: AES-256-GCM under a data key for each user, itself wrapped by a key-encryption key."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text
from sqlmodel import Session

from store.errors import Misconfigured, Undecipherable
from store.ids import uuid7

NONCE_BYTES = 12
KEY_BITS = 256
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Cipher:
    """One user's data key; a ciphertext opens only in the table, row and column that it was sealed for."""

    user_id: UUID
    key_id: UUID
    key: bytes = field(repr=False)

    def seal(self, plain: bytes, *, table: str, row: UUID, column: str) -> bytes:
        return _seal(self.key, plain, self._place(table, row, column))

    def open(self, sealed: bytes, *, table: str, row: UUID, column: str) -> bytes:
        return _open(self.key, sealed, self._place(table, row, column))

    def _place(self, table: str, row: UUID, column: str) -> bytes:
        return SEPARATOR.join((str(self.user_id), table, str(row), column, str(self.key_id))).encode()


Ciphers = Mapping[UUID, Cipher]
"""The data keys of some users."""


class Vault:
    """The key-encryption keys: the first wraps, all unwrap."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys:
            raise Misconfigured("FINREC_ENCRYPTION_KEYS is not set: base64 of 32 random bytes, the newest first")
        self._keys = {sha256(key).hexdigest()[:16]: key for key in keys}
        self._first = next(iter(self._keys))

    def ciphers(self, session: Session, users: Iterable[UUID]) -> dict[UUID, Cipher]:
        """The data keys of the users, made where they are missing."""
        wanted = list(users)
        found = self._read(session, wanted)
        missing = [user for user in wanted if user not in found]
        if missing:
            self._make(session, missing)
            found |= self._read(session, missing)
        return found

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Encrypts what belongs to no single user, under a key-encryption key."""
        return self._first.encode() + _seal(self._keys[self._first], plain, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        name, rest = sealed[: len(self._first)].decode(), sealed[len(self._first) :]
        return _open(self._key(name), rest, place.encode())

    def _read(self, session: Session, users: list[UUID]) -> dict[UUID, Cipher]:
        rows = session.connection().execute(text(_READ), {"users": users})
        return {row.user_id: self._unwrap(row.user_id, row.key_id, row.wrapped_by, row.wrapped) for row in rows}

    def _make(self, session: Session, users: list[UUID]) -> None:
        session.connection().execute(text(_MAKE), [self._wrapped(user) for user in users])

    def _wrapped(self, user: UUID) -> dict[str, object]:
        cipher = Cipher(user, uuid7(), secrets.token_bytes(KEY_BITS // 8))
        sealed = _seal(self._keys[self._first], cipher.key, _wrapping(user, cipher.key_id))
        return {"user_id": user, "key_id": cipher.key_id, "wrapped_by": self._first, "wrapped": sealed}

    def _unwrap(self, user: UUID, key_id: UUID, wrapped_by: str, wrapped: bytes) -> Cipher:
        return Cipher(user, key_id, _open(self._key(wrapped_by), wrapped, _wrapping(user, key_id)))

    def _key(self, name: str) -> bytes:
        if name not in self._keys:
            raise Undecipherable(f"the key {name} is not in FINREC_ENCRYPTION_KEYS: add it back behind the first")
        return self._keys[name]


def _wrapping(user: UUID, key_id: UUID) -> bytes:
    return SEPARATOR.join((str(user), "user_keys", str(key_id))).encode()


def _seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except InvalidTag as error:
        raise Undecipherable("a ciphertext does not open where it stands: it was moved or changed") from error


_READ = "SELECT user_id, key_id, wrapped_by, wrapped FROM user_keys WHERE user_id = ANY(:users)"

_MAKE = """
INSERT INTO user_keys (user_id, key_id, wrapped_by, wrapped, created_at)
VALUES (:user_id, :key_id, :wrapped_by, :wrapped, now())
ON CONFLICT (user_id) DO NOTHING
"""
