"""The folder of folders that models are kept in, on a disk or behind any fsspec URL."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import fsspec
from fsspec import AbstractFileSystem

from store.artifacts.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    MOST_MANIFEST_BYTES,
    SIGNATURE,
    Manifest,
    canonical,
    check_beginning,
    describe,
    digest,
    parse,
)
from store.artifacts.signing import Keyring
from store.errors import CorruptArtifact, Misconfigured, StoreError, Unavailable
from store.settings import Settings

SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A verified artifact; its files have not been parsed yet."""

    manifest: Manifest
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Artifacts under one URL; a path in it is `<category>/<job id>-<fence>`."""

    url: str
    keys: Keyring

    def write(self, path: str, files: Mapping[str, bytes], manifest: Manifest) -> str:
        """Writes an artifact and returns its checksum, the SHA-256 of its manifest; the same data, the same checksum.

        The signature comes last: what was interrupted does not verify.
        """
        _check_path(path)
        whole = {**manifest, "format": FORMAT_VERSION, "files": describe(files)}
        said = canonical(whole)
        with self._folder(path) as (system, folder):
            system.makedirs(folder, exist_ok=True)
            for name, content in {**files, MANIFEST: said, SIGNATURE: self.keys.sign(said)}.items():
                system.pipe_file(f"{folder}/{name}", content)
        return digest(said)

    def read(self, path: str, checksum: str) -> Artifact:
        """The artifact, every byte of it verified before any is parsed.

        Raises `CorruptArtifact` where it is not what was written, and `Unavailable` where it cannot be reached.
        """
        _check_path(path)
        with self._folder(path) as (system, folder):
            sizes = _sizes(system, folder)
            manifest = self._manifest(system, folder, path, checksum)
            _check_listing(sizes, manifest["files"])
            files = {name: _read(system, f"{folder}/{name}", entry) for name, entry in manifest["files"].items()}
        return Artifact(manifest=manifest, files=files)

    def paths(self) -> list[str]:
        """Of all artifacts, whole or not."""
        with self._system() as (system, root):
            system.invalidate_cache(root)
            found = system.glob(f"{root}/*/*") if system.exists(root) else []
        paths = ["/".join(name.rstrip("/").split("/")[-2:]) for name in found]
        return sorted(path for path in paths if _PATH.fullmatch(path))

    def remove(self, path: str) -> None:
        """Deletes an artifact."""
        _check_path(path)
        with self._folder(path) as (system, folder):
            system.rm(folder, recursive=True)

    def look(self, path: str) -> str:
        """What the folder looks like from outside (sizes, times or tags); another look may be another content."""
        _check_path(path)
        with self._folder(path) as (system, folder):
            return digest(repr(sorted(repr(sorted(entry.items())) for entry in _listing(system, folder))).encode())

    def _manifest(self, system: AbstractFileSystem, folder: str, path: str, checksum: str) -> Manifest:
        said = _content(system, f"{folder}/{MANIFEST}", MOST_MANIFEST_BYTES)
        signature = _content(system, f"{folder}/{SIGNATURE}", SIGNATURE_BYTES)
        if not self.keys.verifies(signature, said):
            raise CorruptArtifact("its signature is of none of the keys in FINREC_SIGNING_KEYS")
        if digest(said) != checksum:
            raise CorruptArtifact("its manifest is not the one of this version")
        return parse(said, path.partition("/")[0])

    @contextmanager
    def _folder(self, path: str) -> Iterator[tuple[AbstractFileSystem, str]]:
        with self._system() as (system, root):
            yield system, f"{root}/{path}"

    @contextmanager
    def _system(self) -> Iterator[tuple[AbstractFileSystem, str]]:
        """The file system and its folder of artifacts; what fails there is told in a sentence."""
        try:
            system, root = fsspec.core.url_to_fs(self.url)
            yield system, root.rstrip("/")
        except StoreError:
            raise
        except (ImportError, ValueError) as error:
            raise Misconfigured(f"FINREC_ARTIFACTS_URL cannot be used: {error}") from error
        except FileNotFoundError as error:
            raise CorruptArtifact("a file of it is missing") from error
        except Exception as error:  # every file system has errors of its own (docs/decisions/0002-two-broad-excepts.md)
            reason = f"{type(error).__name__}: {error}"
            raise Unavailable(f"the artifacts under FINREC_ARTIFACTS_URL cannot be reached: {reason}") from error


def archive_of(settings: Settings) -> Archive:
    """The archive that the settings name: else the folder `artifacts` of the data folder."""
    url = settings.artifacts_url or str((settings.data_dir / "artifacts").absolute())
    return Archive(url=url, keys=Keyring(settings.signing_keys))


def _check_path(path: str) -> None:
    if not _PATH.fullmatch(path):
        raise CorruptArtifact(f"{path!r} is no path of an artifact")


def _sizes(system: AbstractFileSystem, folder: str) -> dict[str, int]:
    """The files of the folder; a link, a folder or a device in it is none of ours."""
    listed = _listing(system, folder)
    if len(listed) > MOST_FILES + 2:
        raise CorruptArtifact(f"it has {len(listed)} files, more than any model")
    if strange := next((entry["name"] for entry in listed if entry["type"] != "file"), None):
        raise CorruptArtifact(f"{strange.rpartition('/')[2]!r} is not a plain file")
    return {entry["name"].rpartition("/")[2]: entry["size"] for entry in listed}


def _listing(system: AbstractFileSystem, folder: str) -> list[dict[str, Any]]:
    system.invalidate_cache(folder)
    return [entry for entry in system.ls(folder, detail=True) if entry["name"].rstrip("/") != folder]


def _check_listing(sizes: Mapping[str, int], files: Mapping[str, Any]) -> None:
    expected = {name: entry["bytes"] for name, entry in files.items()}
    found = {name: size for name, size in sizes.items() if name not in {MANIFEST, SIGNATURE}}
    if different := sorted(found.items() ^ expected.items()):
        raise CorruptArtifact(f"{different[0][0]!r} is missing, unexpected or of another size")
    if sum(expected.values()) > MOST_BYTES:
        raise CorruptArtifact(f"its files are larger than {MOST_BYTES} bytes")


def _read(system: AbstractFileSystem, place: str, entry: Mapping[str, Any]) -> bytes:
    content, name = _content(system, place, entry["bytes"]), place.rpartition("/")[2]
    if digest(content) != entry["sha256"]:
        raise CorruptArtifact(f"{name} has been changed")
    check_beginning(name, content)
    return content


def _content(system: AbstractFileSystem, place: str, most: int) -> bytes:
    """A file of at most so many bytes, never more of it in memory."""
    with system.open(place, "rb") as file:
        content: bytes = file.read(most + 1)
    if len(content) > most:
        raise CorruptArtifact(f"{place.rpartition('/')[2]} is larger than {most} bytes")
    return content


_PATH = re.compile(r"[a-z][a-z0-9_]{0,63}/[A-Za-z0-9][A-Za-z0-9-]{0,99}")
