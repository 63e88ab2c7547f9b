"""Who asks: a signed token becomes a `Viewer`.

Without a token a request is answered as far as it needs none (the schema, `__typename`); what needs one is null with
the error UNAUTHENTICATED. A token that cannot be taken is refused as a whole with HTTP 401, since a client that sends
one wants to know that it has to get another.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Literal, Protocol
from uuid import UUID

import jwt

from schema.viewer import Viewer
from server.graphql.refusals import Refused
from server.recent import Recent
from store.errors import Misconfigured
from store.settings import Settings

Role = Literal["user", "admin"]

CLAIMS = ("sub", "role", "iss", "aud", "iat", "exp")
OWN_ALGORITHM = "HS256"
PROVIDER_ALGORITHMS = ("RS256", "ES256", "EdDSA")
TOKEN_CHARACTERS = 8_192
KEPT_TOKENS = 10_000
LEEWAY_SECONDS = 5
PROVIDER_SECONDS = 5

FAULTS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "The token has expired: get a new one."),
    (jwt.ImmatureSignatureError, "The token is not valid yet: its iat or nbf lies ahead."),
    (jwt.InvalidAudienceError, "The token was made for another service: its aud is not ours."),
    (jwt.InvalidIssuerError, "The token was made by an issuer that is not trusted here: see its iss."),
    (jwt.InvalidSignatureError, "The signature of the token is wrong: it was made with another key, or changed."),
    (jwt.InvalidAlgorithmError, "The token is not signed in an accepted way: see its alg."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a good token says."""

    subject: str
    role: Role
    expires: float


def issue_token(settings: Settings, subject: str, role: Role, hours: float) -> str:
    """A token signed with our own secret."""
    if settings.jwt_jwks_url:
        raise Misconfigured("FINREC_JWT_JWKS_URL is set: tokens come from that identity provider.")
    now = datetime.now(UTC)
    claims = {
        "sub": subject,
        "role": role,
        "iss": settings.jwt_issuer,
        "aud": settings.jwt_audience,
        "iat": now,
        "exp": now + timedelta(hours=hours),
    }
    return jwt.encode(claims, _secret(settings), algorithm=OWN_ALGORITHM)


class Authenticator:
    """Turns the header Authorization into a viewer; `find` looks up the user whom a subject names."""

    def __init__(self, settings: Settings, find: Callable[[str], Awaitable[UUID | None]]) -> None:
        self._find = find
        self._verify: Verifier = ProviderKeys(settings) if settings.jwt_jwks_url else OwnKey(settings)
        self._kept: Recent[bytes, tuple[Viewer, float]] = Recent(KEPT_TOKENS)

    async def viewer(self, authorization: str | None) -> Viewer | None:
        """Who asks; None without a token. Raises `Refused` for a token that cannot be taken."""
        return None if authorization is None else (await self.signed_in(authorization))[0]

    async def signed_in(self, authorization: str) -> tuple[Viewer, float]:
        """Who asks, and when the token expires, in seconds since 1970."""
        token = _bearer(authorization)
        digest = sha256(token.encode()).digest()
        kept = self._kept.get(digest)
        if kept and time.time() < kept[1]:
            return kept
        claims = await self._verify(token)
        known = await self._identify(claims), claims.expires
        self._kept.put(digest, known)
        return known

    async def _identify(self, claims: Claims) -> Viewer:
        user_id = await self._find(claims.subject)
        is_admin = claims.role == "admin"
        if user_id is None and not is_admin:
            raise unauthenticated(
                "The token is good, but nobody here is known by its sub: createUser makes a user of an externalId."
            )
        return Viewer(subject=claims.subject, is_admin=is_admin, user_id=user_id)


class Verifier(Protocol):
    """Reads a token and raises `Refused` where it is not good."""

    async def __call__(self, token: str) -> Claims: ...


class OwnKey:
    """Tokens signed with our own secret."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secret = _secret(settings)

    async def __call__(self, token: str) -> Claims:
        return _decode(token, self._secret, (OWN_ALGORITHM,), self._settings)


class ProviderKeys:
    """Tokens of an identity provider; its keys are fetched in a thread of their own and kept for some minutes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = jwt.PyJWKClient(settings.jwt_jwks_url or "", timeout=PROVIDER_SECONDS)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jwks")

    async def __call__(self, token: str) -> Claims:
        key = await asyncio.get_running_loop().run_in_executor(self._thread, self._key, token)
        if key.algorithm_name not in PROVIDER_ALGORITHMS:
            raise unauthenticated("The token is not signed in an accepted way: see its alg.")
        return _decode(token, key, (key.algorithm_name,), self._settings)

    def _key(self, token: str) -> jwt.PyJWK:
        try:
            return self._client.get_signing_key(jwt.get_unverified_header(token).get("kid", ""))
        except jwt.PyJWKClientConnectionError as error:
            message = "The identity provider does not answer: try again in a moment."
            raise Refused("UNAVAILABLE", message, status=HTTPStatus.SERVICE_UNAVAILABLE) from error
        except jwt.DecodeError as error:
            raise unauthenticated(_sentence(error)) from error
        except jwt.PyJWTError as error:
            raise unauthenticated("The token is signed with a key that the identity provider does not know.") from error


def unauthenticated(sentence: str) -> Refused:
    challenge = f'Bearer realm="finrec", error="invalid_token", error_description="{sentence}"'
    return Refused("UNAUTHENTICATED", sentence, status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": challenge})


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise unauthenticated("Write the header as Authorization: Bearer <token>.")
    if len(token) > TOKEN_CHARACTERS:
        raise unauthenticated(f"The token has more than {TOKEN_CHARACTERS:,} characters.")
    return token


def _decode(token: str, key: Any, algorithms: tuple[str, ...], settings: Settings) -> Claims:
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=list(algorithms),
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            leeway=LEEWAY_SECONDS,
            options={"require": list(CLAIMS)},
        )
    except jwt.PyJWTError as error:
        raise unauthenticated(_sentence(error)) from error
    if claims["role"] not in ("user", "admin") or not claims["sub"] or "\0" in claims["sub"]:
        raise unauthenticated("The token needs a subject, and a role that is user or admin.")
    return Claims(subject=claims["sub"], role=claims["role"], expires=float(claims["exp"]))


def _sentence(error: jwt.PyJWTError) -> str:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"The token lacks the claim {error.claim}."
    return next((text for kind, text in FAULTS if isinstance(error, kind)), "The token is no JSON Web Token.")


def _secret(settings: Settings) -> str:
    if not settings.jwt_secret:
        raise Misconfigured("FINREC_JWT_SECRET is not set (nor FINREC_JWT_JWKS_URL): nobody could sign in.")
    return settings.jwt_secret
