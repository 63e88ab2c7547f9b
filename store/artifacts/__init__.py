"""Artifacts: models as signed folders of files without code, verified before a byte of them is parsed."""

from store.artifacts.archive import Archive, Artifact, archive_of
from store.artifacts.manifest import Manifest
from store.artifacts.signing import Keyring

__all__ = ["Archive", "Artifact", "Keyring", "Manifest", "archive_of"]
