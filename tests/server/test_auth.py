"""Only a token that we, or the identity provider that we trust, signed for us opens anything."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from server.auth import Authenticator, issue_token
from server.graphql.refusals import Refused
from store.errors import Misconfigured
from store.settings import Settings
from tests.server.conftest import SECRET, Ask, Token, codes

pytestmark = pytest.mark.anyio

KNOWN = uuid4()
DAY_SECONDS = 86_400  # tokens are made when tests are collected, and must outlive the slowest run
GOOD = {"sub": "ann", "role": "user", "iss": "finrec", "aud": "finrec"}


def claims(**changes: Any) -> dict[str, Any]:
    made = {**GOOD, "iat": int(time.time()), "exp": int(time.time()) + DAY_SECONDS, **changes}
    return {name: value for name, value in made.items() if value is not None}


def signed(key: Any = SECRET, algorithm: str = "HS256", headers: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def unsigned(**changes: Any) -> str:
    parts = {"alg": "none", "typ": "JWT"}, claims(**changes)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def tampered() -> str:
    head, _, signature = signed().split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims(role="admin")).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


BAD = {
    "expired": (signed(exp=int(time.time()) - 60), "The token has expired: get a new one."),
    "not yet valid": (
        signed(iat=int(time.time()) + DAY_SECONDS),
        "The token is not valid yet: its iat or nbf lies ahead.",
    ),
    "another service": (signed(aud="bank"), "The token was made for another service: its aud is not ours."),
    "another issuer": (signed(iss="eve"), "The token was made by an issuer that is not trusted here: see its iss."),
    "another secret": (
        signed("e" * 40),
        "The signature of the token is wrong: it was made with another key, or changed.",
    ),
    "tampered": (tampered(), "The signature of the token is wrong: it was made with another key, or changed."),
    "unsigned": (unsigned(role="admin"), "The token is not signed in an accepted way: see its alg."),
    "another algorithm": (signed(SECRET * 2, "HS512"), "The token is not signed in an accepted way: see its alg."),
    "without role": (signed(role=None), "The token lacks the claim role."),
    "without end": (signed(exp=None), "The token lacks the claim exp."),
    "without start": (signed(iat=None), "The token lacks the claim iat."),
    "without subject": (signed(sub=None), "The token lacks the claim sub."),
    "without issuer": (signed(iss=None), "The token lacks the claim iss."),
    "without audience": (signed(aud=None), "The token lacks the claim aud."),
    "empty subject": (signed(sub=""), "The token needs a subject, and a role that is user or admin."),
    "unknown role": (signed(role="root"), "The token needs a subject, and a role that is user or admin."),
    "role of another type": (signed(role=["admin"]), "The token needs a subject, and a role that is user or admin."),
    "unknown subject": (
        signed(sub="nobody"),
        "The token is good, but nobody here is known by its sub: createUser makes a user of an externalId.",
    ),
    "no token": ("hunter2", "The token is no JSON Web Token."),
    "long": ("a" * 10_000, "The token has more than 8,192 characters."),
    "nothing": ("", "Write the header as Authorization: Bearer <token>."),
}


async def known(subject: str) -> UUID | None:
    return KNOWN if subject == "ann" else None


@pytest.fixture
def own(tmp_path: Path) -> Authenticator:
    return Authenticator(Settings(data_dir=tmp_path, jwt_secret=SECRET), known)


async def refusal(authenticator: Authenticator, token: str) -> Refused:
    with pytest.raises(Refused) as caught:
        await authenticator.viewer(f"Bearer {token}")
    return caught.value


@pytest.mark.parametrize("fault", BAD)
async def test_a_bad_token_is_refused_with_its_fault(fault: str, own: Authenticator) -> None:
    token, sentence = BAD[fault]
    refused = await refusal(own, token)
    assert (refused.status, refused.codes, str(refused)) == (401, ("UNAUTHENTICATED",), sentence)


async def test_a_bad_token_is_answered_with_401_and_a_challenge(unconnected: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {BAD['expired'][0]}"}
    response = await unconnected.post("/graphql", json={"query": "{ greet }"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="finrec", error="invalid_token"')
    assert response.json() == {
        "errors": [
            {"message": "The token has expired: get a new one.", "extensions": {"code": "UNAUTHENTICATED"}},
        ]
    }


@pytest.mark.parametrize("header", ["Basic YW5uOmh1bnRlcjI=", "Bearer", "ann", ""])
async def test_another_scheme_is_refused(header: str, own: Authenticator) -> None:
    with pytest.raises(Refused, match="Authorization: Bearer"):
        await own.viewer(header)


async def test_no_header_is_nobody(own: Authenticator) -> None:
    assert await own.viewer(None) is None


async def test_an_issued_token_names_its_user(ask: Ask, token: Token, ann: UUID) -> None:
    by_id, by_name = token(ann), token("ann")
    for issued in (by_id, by_name):
        assert (await ask("{ viewer { id } }", token=issued)).json() == {"data": {"viewer": {"id": str(ann)}}}


async def test_an_administrator_need_not_be_a_user(ask: Ask, token: Token) -> None:
    response = await ask("{ viewer { id } users { edges { __typename } } }", token=token("operator", "admin"))
    assert response.json() == {"data": {"viewer": None, "users": {"edges": []}}}


async def test_a_users_token_opens_nothing_for_administrators(ask: Ask, token: Token, ann: UUID) -> None:
    response = await ask("{ users { edges { __typename } } }", token=token(ann))
    assert response.json()["data"] == {"users": None}
    assert codes(response) == ["FORBIDDEN"]


async def test_a_known_token_is_verified_once(own: Authenticator) -> None:
    token = f"Bearer {signed()}"
    assert await own.viewer(token) is await own.viewer(token)


async def test_what_is_known_of_a_token_ends_with_it(own: Authenticator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.auth.LEEWAY_SECONDS", DAY_SECONDS)  # for clocks that differ
    token = f"Bearer {signed(exp=int(time.time()) - 60)}"
    assert await own.viewer(token) is not await own.viewer(token)


def test_nobody_can_sign_in_without_a_secret(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="FINREC_JWT_SECRET"):
        Authenticator(Settings(data_dir=tmp_path), known)


# --- an identity provider --------------------------------------------------------------------------------------------

RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
STRANGER = ed25519.Ed25519PrivateKey.generate()


class Provider(ThreadingHTTPServer):
    """Publishes its keys, and counts how often it was asked for them."""

    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/keys"


class Keys(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked += 1  # type: ignore[attr-defined]
        keys = [
            {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"},
            {**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec", "alg": "ES256"},
            {**OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True), "kid": "ed", "alg": "EdDSA"},
            {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "shared", "alg": "HS256"},
        ]
        body = json.dumps({"keys": keys}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider(("127.0.0.1", 0), Keys) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def foreign(provider: Provider, tmp_path: Path) -> Authenticator:
    settings = Settings(data_dir=tmp_path, jwt_secret=SECRET, jwt_jwks_url=provider.url)
    return Authenticator(settings, known)


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA, "RS256", "rsa"), (EC, "ES256", "ec"), (ED, "EdDSA", "ed")])
async def test_a_token_of_the_identity_provider_is_taken(
    key: Any, algorithm: str, kid: str, foreign: Authenticator
) -> None:
    viewer = await foreign.viewer(f"Bearer {signed(key, algorithm, {'kid': kid})}")
    assert viewer is not None
    assert viewer.user_id == KNOWN


async def test_its_keys_are_fetched_once_even_for_tokens_with_unknown_keys(
    foreign: Authenticator, provider: Provider
) -> None:
    for number in range(5):
        await foreign.viewer(f"Bearer {signed(ED, 'EdDSA', {'kid': 'ed'}, exp=int(time.time()) + 100 + number)}")
        await refusal(foreign, signed(STRANGER, "EdDSA", {"kid": f"stranger{number}"}))
    assert provider.asked == 1


FORGED = {
    "signed by a stranger": signed(STRANGER, "EdDSA", {"kid": "ed"}),
    "signed with our own secret": signed(),
    "signed with a published key as a secret": signed("secret-secret-secret-secret-secret", "HS256", {"kid": "shared"}),
    "of another kind than its key": signed(ED, "EdDSA", {"kid": "rsa"}),
    "unsigned": unsigned(),
    "no token": "hunter2",
    "with a key id that is no text": signed(ED, "EdDSA", {"kid": "ed"}).replace("ey", "e", 1),
}


@pytest.mark.parametrize("fault", FORGED)
async def test_a_forged_token_is_refused_where_a_provider_signs(fault: str, foreign: Authenticator) -> None:
    assert (await refusal(foreign, FORGED[fault])).codes == ("UNAUTHENTICATED",)


async def test_a_provider_that_does_not_answer_makes_us_unavailable(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, jwt_jwks_url="http://127.0.0.1:1/keys")
    refused = await refusal(Authenticator(settings, known), signed(ED, "EdDSA", {"kid": "ed"}))
    assert (refused.status, refused.codes) == (503, ("UNAVAILABLE",))


def test_no_token_of_our_own_is_issued_where_a_provider_signs(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, jwt_secret=SECRET, jwt_jwks_url="https://idp.example/keys")
    with pytest.raises(Misconfigured, match="identity provider"):
        issue_token(settings, "ann", "user", 1)
