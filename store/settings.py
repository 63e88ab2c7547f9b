"""One frozen `Settings`, read at the entry points and handed down."""

import fcntl
import os
import secrets
import tomllib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomli_w
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from engine.enums import LifeEvent
from store.errors import Misconfigured

SECRETS_FILE = "secrets.toml"
SECRETS = {"jwt_secret", "encryption_keys", "signing_keys"}
KEY_BYTES = 32
KEY_HINT = "base64 of 32 bytes; `openssl rand -base64 32` makes one"
SECRET_CHARACTERS = 32
UNPREFIXED = ("DATABASE_URL", "REDIS_URL")


class Settings(BaseSettings):
    """What can be set from the environment; the table in docs/deployment.md says what each is for."""

    model_config = SettingsConfigDict(env_prefix="FINREC_", frozen=True, populate_by_name=True, extra="ignore")

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    cache_url: str | None = None
    data_dir: Path = Path(".finrec")
    artifacts_url: str | None = None
    encryption_keys: Annotated[tuple[bytes, ...], NoDecode] = ()
    signing_keys: Annotated[tuple[bytes, ...], NoDecode] = ()
    jwt_secret: str | None = Field(default=None, min_length=SECRET_CHARACTERS)
    jwt_issuer: str = "finrec"
    jwt_audience: str = "finrec"
    jwt_jwks_url: str | None = None
    advice: Literal["education", "guidance", "personal"] = "personal"
    dask_scheduler: str | None = None
    alert_urls: Annotated[tuple[str, ...], NoDecode] = ()
    life_events_off: Annotated[tuple[LifeEvent, ...], NoDecode] = ()
    environment: Literal["development", "production"] = "development"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("encryption_keys", "signing_keys", mode="before")
    @classmethod
    def _decode_keys(cls, value: Any) -> Any:
        texts = value.replace(",", " ").split() if isinstance(value, str) else value
        return tuple(_decode_key(text) if isinstance(text, str) else text for text in texts)

    @field_validator("life_events_off", mode="before")
    @classmethod
    def _split_events(cls, value: Any) -> Any:
        return tuple(value.upper().replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("alert_urls", mode="before")
    @classmethod
    def _split_urls(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _production_has_no_development_secrets(self) -> Self:
        given = {
            f"FINREC_ENCRYPTION_KEYS must be set in production: {KEY_HINT}": self.encryption_keys,
            f"FINREC_SIGNING_KEYS must be set in production: {KEY_HINT}": self.signing_keys,
            "FINREC_JWT_JWKS_URL (or FINREC_JWT_SECRET) must be set in production": self.jwt_jwks_url
            or self.jwt_secret,
        }
        if self.environment == "production" and (missing := [told for told, value in given.items() if not value]):
            raise ValueError("; ".join(missing))
        return self


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment; in development what is secret and unset comes from the data folder.

    Raises `Misconfigured` with one sentence a wrong value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)
        if settings.environment == "production":
            return settings
        return Settings(**given, **_missing_secrets(settings))
    except ValidationError as error:
        raise Misconfigured("; ".join(_sentence(detail) for detail in error.errors())) from error


def _missing_secrets(settings: Settings) -> dict[str, Any]:
    kept = _development_secrets(settings.data_dir)
    return {name: value for name, value in kept.items() if not getattr(settings, name)}


def _development_secrets(data_dir: Path) -> dict[str, Any]:
    path = data_dir / SECRETS_FILE
    try:
        kept = _read_secrets(path)
        return kept if kept.keys() >= SECRETS else _completed(path)
    except OSError as error:
        raise Misconfigured(f"the data folder {data_dir} cannot be written: {error.strerror}") from error


def _completed(path: Path) -> dict[str, Any]:
    """Makes what is missing; of two processes that start at once, the first one's secrets stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        values = _new_secrets() | _read_secrets(path)
        draft = path.with_name(f"{path.name}.new")
        draft.touch(mode=0o600)
        draft.write_text(tomli_w.dumps(values))
        draft.replace(path)
    return values


def _new_secrets() -> dict[str, Any]:
    return {
        "jwt_secret": secrets.token_urlsafe(KEY_BYTES),
        "encryption_keys": [b64encode(secrets.token_bytes(KEY_BYTES)).decode()],
        "signing_keys": [b64encode(secrets.token_bytes(KEY_BYTES)).decode()],
    }


def _read_secrets(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text()) if path.exists() else {}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _decode_key(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"each key must be {KEY_HINT}")
    return key


def _sentence(detail: Any) -> str:
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not detail["loc"]:
        return message
    name = str(detail["loc"][0]).upper()
    return f"{name if name in UNPREFIXED else f'FINREC_{name}'}: {message}"
