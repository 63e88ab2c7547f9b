"""People who came after a model of peers was trained: written without their names, let in twenty at a time.

Twenty at a time, because who knows that somebody has just joined would otherwise see which peer is new. Each process
asks for them anew after some seconds; the next version takes their place.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import text
from sqlmodel import Session

from engine.facts import Facts
from engine.learning.training import held_out
from engine.peers.cohort import LEAST_PEERS
from engine.peers.index import FLAT_BELOW
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.newcomers import described, packed, unpacked
from store.crypto import Cipher, Ciphers
from store.models.shelf import Hand
from store.models.versions import Version

CATEGORY = "peer_insights"
ASK_AGAIN_SECONDS = 20.0
NOBODY = (0, None)

MOST = FLAT_BELOW - 1
"""The last to be released; others wait for the next training. So many need no index to be built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """When this process asked last, by its own clock, and how many had been released until when."""

    at: float
    released: tuple[Any, ...]


_ASKED: WeakKeyDictionary[PeerModel, Asked] = WeakKeyDictionary()


def meet(session: Session, hand: Hand) -> None:
    """Lets those who were released since into this process's model of peers, where there is one."""
    served = hand.get(CATEGORY)
    if served is None or not isinstance(served.model, PeerModel):
        return
    last, now = _ASKED.get(served.model), time.monotonic()
    if last is not None and now - last.at < ASK_AGAIN_SECONDS:
        return
    connection, values = session.connection(), {"checksum": served.version.checksum, "most": MOST}
    released = tuple(connection.execute(text(_COUNT), values).one())
    _ASKED[served.model] = Asked(at=now, released=released)
    if released != (last.released if last else NOBODY):
        served.model.join(unpacked(connection.execute(text(_RELEASED), values).scalars().all()))


def announce(session: Session, hand: Hand, ciphers: Ciphers, facts: Facts) -> None:
    """Writes those of the users whom the version in place has not learned from, and releases who has waited."""
    served = hand.get(CATEGORY)
    if served is None or not isinstance(served.model, PeerModel):
        return
    rows = _unknown(session, served.version, facts)
    if not rows:
        return
    told = packed(described(served.model, facts))
    known = sorted((person(ciphers[facts.users[row]]), told[row]) for row in rows)
    checksum = served.version.checksum
    values = [{"person": name, "checksum": checksum, "described": row} for name, row in known]
    connection = session.connection()
    connection.execute(text(_WRITE), values)
    connection.execute(text(_RELEASE), {"checksum": checksum, "least": LEAST_PEERS})


def forget_newcomers(session: Session, now: datetime) -> int:  # noqa: ARG001 - what is pruned has a moment, as a rule
    """Deletes those of versions that answer nobody any more; how many."""
    return session.connection().execute(text(_FORGET)).rowcount


def person(cipher: Cipher) -> bytes:
    """One person's row: nobody's without the user's key."""
    return blake2b(cipher.user_id.bytes, key=cipher.key, digest_size=16, person=b"peer newcomer").digest()


def _unknown(session: Session, version: Version, facts: Facts) -> Sequence[int]:
    """Rows of users who came later, or were held out to judge the version."""
    values = {"users": facts.users.tolist(), "trained_at": version.trained_at}
    late = set(session.connection().execute(text(_LATE), values).scalars())
    is_late = np.array([user in late for user in facts.users], dtype=np.bool_)
    found: list[int] = np.flatnonzero(is_late | held_out(facts.users)).tolist()
    return found


_LATE = "SELECT id FROM users WHERE id = ANY(:users) AND created_at > :trained_at"

_COUNT = "SELECT count(*), max(released_at) FROM peer_newcomers WHERE checksum = :checksum AND released_at IS NOT NULL"

_RELEASED = """
SELECT described FROM peer_newcomers WHERE checksum = :checksum AND released_at IS NOT NULL
ORDER BY released_at DESC, person LIMIT :most
"""

_WRITE = """
INSERT INTO peer_newcomers AS kept (person, checksum, described) VALUES (:person, :checksum, :described)
ON CONFLICT (person) DO UPDATE SET
    checksum = excluded.checksum, described = excluded.described,
    released_at = CASE WHEN kept.checksum = excluded.checksum THEN kept.released_at END
WHERE (kept.checksum, kept.described) IS DISTINCT FROM (excluded.checksum, excluded.described)
"""

_RELEASE = """
WITH waiting AS (
    SELECT person FROM peer_newcomers WHERE checksum = :checksum AND released_at IS NULL ORDER BY person
    FOR UPDATE SKIP LOCKED
)
UPDATE peer_newcomers SET released_at = clock_timestamp()
WHERE person IN (SELECT person FROM waiting) AND (SELECT count(*) FROM waiting) >= :least
"""

_FORGET = """
DELETE FROM peer_newcomers
WHERE checksum NOT IN (SELECT checksum FROM model_versions WHERE category = 'peer_insights' AND stage <> 'RETIRED')
"""
