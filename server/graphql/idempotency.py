"""The header `Idempotency-Key`: a mutation that is sent again gets the first answer and changes nothing."""

import re
from dataclasses import dataclass
from hashlib import sha256

import orjson
from sqlmodel import Session

from schema.viewer import Viewer
from server.graphql.operations import Operation
from server.graphql.refusals import Refused
from store import idempotency
from store.crypto import Vault

HEADER = "idempotency-key"
KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One request that is to take effect once: whose it is, its key, and the digest of what it asks."""

    viewer: str
    key: str
    fingerprint: bytes

    def replay(self, session: Session, vault: Vault) -> bytes | None:
        """The answer that was given before; None for the first time, and nobody else may try meanwhile."""
        idempotency.claim(session, self.viewer, self.key)
        return idempotency.find(session, vault, self.viewer, self.key, self.fingerprint)

    def keep(self, session: Session, vault: Vault, response: bytes) -> None:
        idempotency.keep(session, vault, self.viewer, self.key, self.fingerprint, response)


def once(header: str | None, viewer: Viewer | None, operation: Operation) -> Once | None:
    """What the header asks for; None without it, or where nobody is named to whom an answer could be given again."""
    if header is None or viewer is None:
        return None
    if not KEY.fullmatch(header):
        message = "Idempotency-Key must be 1 to 200 visible ASCII characters."
        raise Refused("BAD_USER_INPUT", message, field="Idempotency-Key")
    role = "admin" if viewer.is_admin else "user"  # what an administrator was told is not for the same name's user
    return Once(viewer=f"{role}:{viewer.subject}", key=header, fingerprint=_fingerprint(operation))


def _fingerprint(operation: Operation) -> bytes:
    asked = [operation.text, operation.name, operation.variables]
    return sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).digest()
