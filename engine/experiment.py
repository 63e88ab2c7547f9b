"""Comparing two versions on users: who is answered by the challenger."""

from hashlib import blake2b
from uuid import UUID

HASH_BYTES = 8
HASHES = float(2 ** (8 * HASH_BYTES))


def arm(experiment_id: UUID, user_id: UUID, share: float) -> bool:
    """Whether the challenger answers this user: the same in every process and for as long as the experiment runs.

    Users of one experiment fall anew in the next, since its id is hashed with theirs.
    """
    digest = blake2b(experiment_id.bytes + user_id.bytes, digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest, "big") < share * HASHES
