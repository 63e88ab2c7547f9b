"""The answer as HTTP: which media type, which status."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from server.graphql.refusals import Refused

GRAPHQL = "application/graphql-response+json"
LEGACY = "application/json"
PAGE = "text/html"
OFFERS = {LEGACY: LEGACY, GRAPHQL: GRAPHQL, "*/*": LEGACY, "application/*": LEGACY}
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
QUALITY = re.compile(r"q=[01](\.[0-9]{0,3})?")


def negotiate(accept: str | None) -> str | None:
    """The media type that the client likes best; None where it takes none of ours. Without a wish: plain JSON."""
    return _best(accept, OFFERS)


def prefers_page(accept: str | None) -> bool:
    """Whether it is a browser that shows pages."""
    return _best(accept, {**OFFERS, PAGE: PAGE}) == PAGE


def encode(data: Mapping[str, Any] | None, errors: Sequence[Mapping[str, Any]]) -> bytes:
    """A response with data, which may be null."""
    return orjson.dumps({"data": data, **({"errors": errors} if errors else {})})


def respond(body: bytes, media_type: str) -> Response:
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=HEADERS)


def respond_refused(refused: Refused, media_type: str) -> Response:
    """A response without data. `application/json` clients get 200 where only the operation is at fault."""
    status = refused.status if media_type == GRAPHQL else refused.legacy_status
    response = respond(orjson.dumps({"errors": refused.errors}), media_type)
    response.status_code = status
    response.headers.update(refused.headers)
    return response


def _best(accept: str | None, offers: Mapping[str, str]) -> str | None:
    wishes = [_wish(part) for part in (accept or "*/*").split(",")]
    liked = [(quality, offers[kind]) for kind, quality in wishes if kind in offers and quality > 0]
    return max(liked, key=lambda wish: wish[0])[1] if liked else None


def _wish(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((value for value in parameters if value.startswith("q=")), "q=1")
    return kind, float(quality[2:]) if QUALITY.fullmatch(quality) else 0.0
