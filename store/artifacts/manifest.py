"""What an artifact says of itself, in bytes that depend on nothing but the data and the model."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from store.errors import CorruptArtifact

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FORMAT_VERSION = 1
MOST_FILES = 64
MOST_BYTES = 2**30
"""Of all files of a model together."""
MOST_MANIFEST_BYTES = 2**24

BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "json": (b"{", b"["),
    "ubj": (b"{",),
    "npy": (b"\x93NUMPY",),
    "npz": (b"PK\x03\x04",),
}
"""The formats that a model may be kept in, none of which holds code, by the end of a name: how their bytes begin."""


Manifest = Mapping[str, Any]
"""What the training says of a model: category, features and their reference histograms, parameters, metrics,
importance, window of the data, seed. `format` and `files` are added when it is written. Nothing of the clock or the job
is in it, so that the same data give the same checksum."""


def canonical(manifest: Manifest) -> bytes:
    """The same content is the same bytes: sorted, without spaces, no NaN."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def describe(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of each file; raises `CorruptArtifact` for what no model may be kept in."""
    check_names(files)
    for name, content in files.items():
        check_beginning(name, content)
    return {name: {"bytes": len(content), "sha256": digest(content)} for name, content in sorted(files.items())}


def parse(content: bytes, category: str) -> Manifest:
    """A manifest whose signature holds."""
    manifest: dict[str, Any] = json.loads(content)
    if manifest.get("format") != FORMAT_VERSION:
        raise CorruptArtifact(
            f"its format is {manifest.get('format')}, and this version of finrec reads {FORMAT_VERSION}"
        )
    if manifest.get("category") != category:
        raise CorruptArtifact(f"it is a model of {manifest.get('category')}, not of {category}")
    check_names(manifest["files"])
    return manifest


def check_names(names: Mapping[str, object]) -> None:
    if len(names) > MOST_FILES:
        raise CorruptArtifact(f"it has {len(names)} files, more than {MOST_FILES}")
    wrong = sorted(name for name in names if not _NAME.fullmatch(name) or name == MANIFEST)
    if wrong:
        raise CorruptArtifact(f"it has a file {wrong[0]!r}: models are kept in {', '.join(BEGINNINGS)} alone")


def check_beginning(name: str, content: bytes) -> None:
    if not content.startswith(BEGINNINGS[name.rpartition(".")[2]]):
        raise CorruptArtifact(f"{name} is not what its name says")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


_NAME = re.compile(rf"[a-z0-9][a-z0-9_.-]{{0,99}}\.({'|'.join(BEGINNINGS)})")
