"""A ciphertext opens only where it was sealed, and only with its key."""

import secrets
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from store.crypto import Cipher, Vault
from store.errors import Undecipherable
from store.session import transaction
from store.tables import User

ROW = uuid4()


@pytest.fixture
def ciphers(engine: Engine, vault: Vault) -> tuple[Cipher, Cipher]:
    with transaction(engine, everyone=True) as session:
        users = User(), User()
        session.add_all(users)
        session.flush()
        made = vault.ciphers(session, [user.id for user in users])
        return made[users[0].id], made[users[1].id]


def _sealed(cipher: Cipher) -> bytes:
    return cipher.seal(b"raise your savings", table="answers", row=ROW, column="payload")


def test_what_was_sealed_opens_again(ciphers: tuple[Cipher, Cipher]) -> None:
    sealed = _sealed(ciphers[0])
    assert b"savings" not in sealed
    assert ciphers[0].open(sealed, table="answers", row=ROW, column="payload") == b"raise your savings"


@pytest.mark.parametrize(
    "place",
    [
        {"table": "ml_recommendations", "row": ROW, "column": "payload"},
        {"table": "answers", "row": uuid4(), "column": "payload"},
        {"table": "answers", "row": ROW, "column": "title"},
    ],
)
def test_a_ciphertext_moved_to_another_place_does_not_open(
    ciphers: tuple[Cipher, Cipher], place: dict[str, str | UUID]
) -> None:
    with pytest.raises(Undecipherable):
        ciphers[0].open(_sealed(ciphers[0]), **place)  # type: ignore[arg-type]


def test_a_ciphertext_moved_to_another_user_does_not_open(ciphers: tuple[Cipher, Cipher]) -> None:
    one, two = ciphers
    impostor = Cipher(two.user_id, one.key_id, one.key)
    for thief in (two, impostor):
        with pytest.raises(Undecipherable):
            thief.open(_sealed(one), table="answers", row=ROW, column="payload")


def test_a_changed_ciphertext_does_not_open(ciphers: tuple[Cipher, Cipher]) -> None:
    sealed = bytearray(_sealed(ciphers[0]))
    sealed[-1] ^= 1
    with pytest.raises(Undecipherable):
        ciphers[0].open(bytes(sealed), table="answers", row=ROW, column="payload")


def test_a_user_keeps_its_data_key(engine: Engine, vault: Vault, ciphers: tuple[Cipher, Cipher]) -> None:
    with transaction(engine, users=[ciphers[0].user_id]) as session:
        assert vault.ciphers(session, [ciphers[0].user_id])[ciphers[0].user_id].key == ciphers[0].key


def test_an_older_key_still_unwraps_and_a_missing_one_is_named(engine: Engine, ciphers: tuple[Cipher, Cipher]) -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    sealed = Vault((old,)).seal(b"x", place="here")
    assert Vault((new, old)).open(sealed, place="here") == b"x"
    with pytest.raises(Undecipherable, match="FINREC_ENCRYPTION_KEYS"):
        Vault((new,)).open(sealed, place="here")
