"""Who vouches for an artifact: Ed25519 keys, of which the first signs and all verify."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.errors import Misconfigured


class Keyring:
    """The keys of FINREC_SIGNING_KEYS, 32 bytes each."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys:
            raise Misconfigured("FINREC_SIGNING_KEYS is not set: base64 of 32 random bytes, the newest first")
        self._keys = [Ed25519PrivateKey.from_private_bytes(key) for key in keys]

    def sign(self, said: bytes) -> bytes:
        return self._keys[0].sign(said)

    def verifies(self, signature: bytes, said: bytes) -> bool:
        """Whether one of the keys signed this."""
        return any(_verifies(key, signature, said) for key in self._keys)


def _verifies(key: Ed25519PrivateKey, signature: bytes, said: bytes) -> bool:
    try:
        key.public_key().verify(signature, said)
    except InvalidSignature:
        return False
    return True
