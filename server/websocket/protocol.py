"""The subprotocol graphql-transport-ws: its messages and the codes with which it closes."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from server.errors import ServerError

NAME = "graphql-transport-ws"
REASON_BYTES = 123  # RFC 6455, 5.5
ID_CHARACTERS = 200


class Code(IntEnum):
    """Why a connection was closed."""

    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429


class Closed(ServerError):
    """The connection has to be closed, with this code and reason."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:REASON_BYTES].decode(errors="ignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a client says; `id` names an operation of its own."""

    type: str
    id: str
    payload: dict[str, Any]


def read(text: str | None) -> Message:
    """A well-formed message; raises `Closed` for anything else."""
    given = _parse(text)
    kind, name, payload = given.get("type"), given.get("id"), given.get("payload")
    if kind not in FIELDS:
        raise Closed(Code.BAD_REQUEST, "The type of the message is not known.")
    if "id" in FIELDS[kind] and not (isinstance(name, str) and 0 < len(name) <= ID_CHARACTERS):
        raise Closed(Code.BAD_REQUEST, f"A message {kind} needs an id of 1 to {ID_CHARACTERS} characters.")
    if not isinstance(payload, dict) and (payload is not None or "payload" in FIELDS[kind]):
        raise Closed(Code.BAD_REQUEST, f"The payload of a message {kind} must be a JSON object.")
    return Message(type=kind, id=str(name or ""), payload=payload or {})


def write(kind: str, name: str | None = None, payload: Any = None) -> str:
    """A message of ours; a payload of bytes is JSON already."""
    said = {"type": kind} | ({"id": name} if name is not None else {})
    if payload is None:
        return orjson.dumps(said).decode()
    part = orjson.Fragment(payload) if isinstance(payload, bytes) else payload
    return orjson.dumps({**said, "payload": part}).decode()


def _parse(text: str | None) -> dict[str, Any]:
    try:
        given = orjson.loads(text or "")
    except orjson.JSONDecodeError as error:
        raise Closed(Code.BAD_REQUEST, "A message must be JSON, sent as text.") from error
    if not isinstance(given, dict):
        raise Closed(Code.BAD_REQUEST, "A message must be a JSON object.")
    return given


FIELDS = {
    "connection_init": frozenset[str](),
    "ping": frozenset[str](),
    "pong": frozenset[str](),
    "subscribe": frozenset({"id", "payload"}),
    "complete": frozenset({"id"}),
}
"""What a client may say, and what it has to say with it."""
