"""Artifacts for tests: keys, an archive in a folder, and a model's files."""

import json
from pathlib import Path

from store.artifacts import Archive, Keyring, Manifest

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PATH = "counter/018f-1"
FILES = {"weights.json": json.dumps({"step": 3}).encode(), "trees.ubj": b"{" + bytes(range(256)) * 4}
MANIFEST: Manifest = {
    "category": "counter",
    "features": ["income"],
    "importance": {"age": 0.25, "income": 0.75},
    "metrics": [{"name": "rmse", "value": 3.5, "baseline": 4.0, "bar": 5.0}],
}


def archive_in(folder: Path, *keys: bytes) -> Archive:
    return Archive(url=str(folder), keys=Keyring(keys or (KEY,)))
