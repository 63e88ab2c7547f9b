"""Settings come from the environment; what is wrong with them is said in a sentence."""

import stat
import tomllib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tomli_w

from engine.enums import LifeEvent
from store.errors import Misconfigured
from store.settings import load_settings

KEY = b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = ("FINREC_ENCRYPTION_KEYS", "FINREC_SIGNING_KEYS", "FINREC_JWT_SECRET", "FINREC_ENVIRONMENT")
    for name in (*ours, "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FINREC_DATA_DIR", str(tmp_path / "data"))


def test_development_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first, second = load_settings(), load_settings()
    assert first.encryption_keys == second.encryption_keys
    assert first.signing_keys == second.signing_keys
    assert first.jwt_secret == second.jwt_secret
    assert stat.S_IMODE((tmp_path / "data" / "secrets.toml").stat().st_mode) == 0o600


def test_a_secret_that_an_older_version_did_not_have_is_added_to_the_others(tmp_path: Path) -> None:
    before = load_settings()
    kept = tmp_path / "data" / "secrets.toml"
    values = tomllib.loads(kept.read_text())
    kept.write_text(tomli_w.dumps({name: value for name, value in values.items() if name != "signing_keys"}))
    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(lambda _: load_settings(), range(8)))
    assert {one.encryption_keys for one in seen} == {before.encryption_keys}
    assert len({one.signing_keys for one in seen}) == 1
    assert seen[0].signing_keys != before.signing_keys
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_environment_wins_over_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    load_settings()
    monkeypatch.setenv("FINREC_ENCRYPTION_KEYS", f"{KEY},{KEY}")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/finrec")
    settings = load_settings()
    assert settings.encryption_keys == (bytes(32), bytes(32))
    assert settings.database_url == "postgresql://somewhere/finrec"


def test_production_refuses_to_start_on_development_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load_settings()
    monkeypatch.setenv("FINREC_ENVIRONMENT", "production")
    with pytest.raises(
        Misconfigured, match=r"FINREC_ENCRYPTION_KEYS must.*; FINREC_SIGNING_KEYS must.*; FINREC_JWT_JWKS"
    ):
        load_settings()
    monkeypatch.setenv("FINREC_ENCRYPTION_KEYS", KEY)
    with pytest.raises(Misconfigured, match="FINREC_SIGNING_KEYS must be set"):
        load_settings()
    monkeypatch.setenv("FINREC_SIGNING_KEYS", KEY)
    with pytest.raises(Misconfigured, match="FINREC_JWT_JWKS_URL"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FINREC_ENCRYPTION_KEYS", "short"),
        ("FINREC_ENCRYPTION_KEYS", b64encode(b"short").decode()),
        ("FINREC_SIGNING_KEYS", "short"),
        ("FINREC_JWT_SECRET", "short"),
        ("FINREC_ENVIRONMENT", "staging"),
        ("FINREC_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=name):
        load_settings()


def test_a_data_folder_that_cannot_be_written_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FINREC_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(Misconfigured, match="cannot be written"):
        load_settings()


def test_life_events_are_turned_off_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINREC_LIFE_EVENTS_OFF", "child, marriage")
    assert load_settings().life_events_off == (LifeEvent.CHILD, LifeEvent.MARRIAGE)
    monkeypatch.setenv("FINREC_LIFE_EVENTS_OFF", "divorce")
    with pytest.raises(Misconfigured, match=r"^FINREC_LIFE_EVENTS_OFF: Input should be 'MARRIAGE'"):
        load_settings()
